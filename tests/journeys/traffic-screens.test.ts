import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../scripts/free-port.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { openBrowser, whyNoBrowser } from '../support/chromium.ts';
import { openSql } from '../support/sql.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const email = 'auditor@staff.example.com';
const password = 'correct horse battery staple 9';
const whyNot = whyNoBrowser();

describe.skipIf(whyNot !== null)(
  `the API log and the login events in a browser${whyNot ? ` (${whyNot})` : ''}`,
  { timeout: 180_000 },
  () => {
    let app: TestApp;
    let browser: Browser;
    let origin = '';

    beforeAll(async () => {
      const port = await freePort();
      origin = `http://127.0.0.1:${port}`;
      app = await startTestApp({ NODE_ENV: 'production', APP_LAB: '1', PORT: String(port), PUBLIC_URL: origin });
      await app.startWeb();
      await app.as({ kind: 'system', name: 'seed' }, () =>
        runCommand(app.deps, systemCommands.createStaffAccount, {
          input: { email, password, firstName: 'Ada', lastName: 'Obi', grants: [{ role: 'auditor', isLead: false }] },
        }),
      );
      await fillLog();
      browser = await openBrowser();
    }, 180_000);
    afterAll(async () => {
      await browser?.close();
      await app?.stop();
    });

    /** A day of traffic: steady reads, a slow route, a burst of errors, and a loss. */
    async function fillLog(): Promise<void> {
      const sql = await openSql(app.database.adminUrl);
      await sql.rows(`
      INSERT INTO platform.api_log (occurred_at, request_id, status, ms, res_bytes, method, path_template, door, error_code, slow, sampled, weight, headers, body)
      SELECT now() - (n || ' minutes')::interval, 'trace_' || lpad(n::text, 8, '0'), CASE WHEN n % 40 = 0 THEN 503 WHEN n % 15 = 0 THEN 404 ELSE 200 END,
             CASE WHEN n % 30 = 0 THEN 1200 ELSE 10 + n % 50 END, 2048, CASE WHEN n % 7 = 0 THEN 'POST' ELSE 'GET' END,
             CASE n % 3 WHEN 0 THEN '/api/v1/account' WHEN 1 THEN '/api/v1/reference/countries/{iso2}' ELSE '/api/v1/auth/token/refresh' END,
             'api', CASE WHEN n % 40 = 0 THEN 'overloaded' WHEN n % 15 = 0 THEN 'not_found' END, n % 30 = 0, n % 7 <> 0,
             CASE WHEN n % 7 = 0 OR n % 15 = 0 OR n % 40 = 0 THEN 1 ELSE 10 END, '{"user-agent":"okhttp/5"}', CASE WHEN n % 15 = 0 THEN '{"country":"NG"}'::jsonb END
        FROM generate_series(2, 1400) AS n`);
      await sql.rows("INSERT INTO platform.api_log_loss (occurred_at, lost, cause) VALUES (now() - interval '1 hour', 321, 'buffer_full')");
      await sql.close();
    }

    async function open(
      path: string,
      options: { width?: number; colorScheme?: 'light' | 'dark' } = {},
    ): Promise<{ page: Page; problems: string[] }> {
      const { width = 1280, colorScheme = 'light' } = options;
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      const problems: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) problems.push(message.text());
      });
      page.on('pageerror', (error) => problems.push(error.message));
      await page.goto(`${origin}${path}`);
      await page.fill('#email', email);
      await page.fill('#password', password);
      await page.click('button[type=submit]');
      await page.waitForSelector('.fs-main h1');
      return { page, problems };
    }

    async function violations(page: Page): Promise<string[]> {
      await page.evaluate(axeSource);
      const found = await page.evaluate('axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })');
      const list =
        typeof found === 'object' && found !== null && 'violations' in found && Array.isArray(found.violations) ? found.violations : [];
      return list.map((item) => `${item.id}: ${item.nodes.map((node: { html: string }) => node.html).slice(0, 2)}`);
    }

    const overflow = (page: Page) => page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

    test('narrows by preset and route, keeps it in the address, and leads to the audit of a request', async () => {
      const { page, problems } = await open('/admin/pages/api-log');
      await page.waitForSelector('.fs-log-line');
      expect(await page.title()).toBe('API log - Fashionistar');
      expect(await page.textContent('.fs-log-losses')).toContain('321 rows lost');
      expect(await page.locator('.fs-chart').count()).toBe(2);
      expect(await page.textContent('.fs-log-charts')).toMatch(/Most: [\d,]+ in 1 hour from .* errors, [\d.]+ %\./);
      await page.getByRole('button', { name: 'Slow', exact: true }).click();
      await page.waitForURL('**?slow=yes');
      await expect.poll(() => page.locator('.fs-log-line').count(), { timeout: 20_000 }).toBeLessThan(50);
      expect(await page.locator('.fs-log-line').filter({ hasText: 'Slow' }).count()).toBe(await page.locator('.fs-log-line').count());
      await page.getByRole('button', { name: 'Errors', exact: true }).click();
      await page.waitForURL('**?outcome=error');
      await page.getByRole('button', { name: 'Only POST /api/v1/account' }).click();
      await expect.poll(() => page.locator('.fs-chip').count(), { timeout: 20_000 }).toBe(3);
      await page.getByRole('button', { name: /^Remove filter Route/ }).click();
      await expect.poll(() => page.locator('.fs-chip').count(), { timeout: 20_000 }).toBe(2);
      await page.getByRole('button', { name: 'Clear all' }).click();
      await expect.poll(() => page.locator('.fs-chip').count(), { timeout: 20_000 }).toBe(0);
      await page.getByRole('button', { name: 'Older' }).click();
      await expect.poll(() => page.locator('.fs-log-line').count(), { timeout: 20_000 }).toBe(100);
      await page.locator('.fs-audit-marks button').nth(20).click();
      expect(await page.textContent('.fs-audit-detail')).toContain('okhttp/5');
      expect(await violations(page)).toEqual([]);
      await page.getByRole('link', { name: 'Audit rows of this request' }).click();
      await page.waitForURL('**/admin/pages/audit?request=*');
      expect(problems).toEqual([]);
      await page.close();
    });

    test('says why there is nothing, and what failed', async () => {
      const { page } = await open('/admin/pages/api-log?route=/nowhere');
      await page.waitForSelector('.fs-empty');
      expect(await page.textContent('.fs-empty')).toContain('Nothing matches');
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.waitForSelector('.fs-log-line');
      await page.goto(`${origin}/admin/pages/api-log?status=nonsense`);
      await page.waitForSelector('[role=alert]');
      expect(await page.textContent('[role=alert]')).toContain('This did not load');
      await page.close();
    });

    test.each([
      [1280, 'dark'],
      [390, 'light'],
      [390, 'dark'],
    ] as const)('the API log is whole at %i px, %s', async (width, colorScheme) => {
      const { page, problems } = await open('/admin/pages/api-log', { width, colorScheme });
      await page.waitForSelector('.fs-log-line');
      await page.locator('.fs-audit-marks button').first().click();
      await page.locator('.fs-chart summary').first().click();
      await page.locator('.fs-filter-add summary').click();
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await violations(page)).toEqual([]);
      expect(problems).toEqual([]);
      await page.close();
    });

    test.each([
      [1280, 'light'],
      [390, 'dark'],
    ] as const)('a login event is told in words at %i px, %s', async (width, colorScheme) => {
      const { page, problems } = await open('/admin/resources/LoginEvent', { width, colorScheme });
      await page.waitForSelector('.fs-row-link');
      expect(await page.textContent('tbody')).toContain('Ada Obi, auditor');
      expect(await violations(page)).toEqual([]);
      await page.locator('.fs-row-link').first().click();
      await page.waitForSelector('.fs-plain-list');
      const text = (await page.textContent('.fs-record')) ?? '';
      expect(text).toContain('Rules met');
      expect(text).toContain('The password was right.');
      expect(text).not.toMatch(/[{}]/);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await violations(page)).toEqual([]);
      await page.getByRole('link', { name: 'Audit rows of this attempt' }).click();
      await page.waitForURL('**/admin/pages/audit?about=*');
      await page.waitForSelector('h1');
      expect(problems).toEqual([]);
      await page.close();
    });
  },
);
