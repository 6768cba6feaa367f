import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { parsePinnedKeys } from '../../src/audit/proof/pinned-keys.ts';
import { verifyExport } from '../../src/audit/verify/verify-export.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { runInContext } from '../../src/foundation/runtime/request-context.ts';
import { staffCommands, systemCommands } from '../../src/modules/identity/index.ts';
import { fillCountries } from '../../src/modules/reference/index.ts';
import { commands as support } from '../../src/modules/support/index.ts';
import { requestContext, staffActor } from '../support/app.ts';
import { openBrowser, whyNoBrowser } from '../support/chromium.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { unzip } from '../support/unzip.ts';
import { overflowOf, signIn, violationsOf, watch } from '../support/walk.ts';

const auditor = { email: 'ife@staff.example.com', password: 'correct horse battery staple 9', firstName: 'Ife', lastName: 'Bello' };
const waitMs = 60_000;
const manyNotes = 55;

const missing = whyNoBrowser();

describe.skipIf(missing !== null)(`an auditor searches and exports${missing ? ` (${missing})` : ''}`, { timeout: 300_000 }, () => {
  let lab: Lab;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let totpSecret = '';
  let keysFile = '';
  let folder = '';
  const problems: string[] = [];
  const violations: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'auditor-'));
    lab = await startLab(async (app) => {
      totpSecret = await addPeople(app);
      keysFile = app.deps.config.auditKeysFile;
    });
    browser = await openBrowser();
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light', acceptDownloads: true });
    page = await context.newPage();
    page.setDefaultTimeout(waitMs);
    watch(page, lab.origin, problems);
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test('signs in and opens the audit', async () => {
    await signIn(page, lab.origin, { ...auditor, totpSecret });
    await page.click('#fs-sidebar a[href="/admin/pages/audit"]');
    await page.locator('.fs-audit > li').nth(10).waitFor();
    violations.push(...(await violationsOf(page, 'explorer')));
  });

  test('finds by keyboard who suspended somebody, by a word of the reason', async () => {
    // The worker seals and indexes: asked again until it has.
    await expect
      .poll(
        async () => {
          await page.fill('main input[type=search]', 'chargebacks');
          const answered = page.waitForResponse((response) => response.url().includes('q=chargebacks'));
          await page.press('main input[type=search]', 'Enter');
          await (await answered).finished();
          await page.waitForSelector('[aria-busy=false]');
          const found = await page.locator('.fs-audit > li').count();
          if (found !== 1) await page.goto(`${lab.origin}/admin/pages/audit`);
          return found;
        },
        { timeout: waitMs },
      )
      .toBe(1);
    expect(await page.textContent('.fs-audit')).toContain('suspended this account');
    expect(page.url()).toContain('q=chargebacks');
    await page.locator('.fs-audit button[aria-expanded]').press('Enter');
    await page.waitForSelector('.fs-diff');
    expect(await page.textContent('.fs-diff')).toMatch(/status/i);
    violations.push(...(await violationsOf(page, 'search result')));
  });

  test('narrows by chips, which the address keeps and each can be removed', async () => {
    await page.locator('.fs-filter-add summary').press('Enter');
    await page.selectOption('.fs-filter-form select', 'outcome');
    await page.locator('.fs-filter-form').getByLabel('Value').selectOption('denied');
    await page.getByRole('button', { name: 'Add', exact: true }).press('Enter');
    await page.getByText('Nothing matches').waitFor();
    violations.push(...(await violationsOf(page, 'nothing matches')));
    await page.reload();
    await page.getByText('Nothing matches').waitFor();
    expect(await page.locator('.fs-chip').allTextContents()).toEqual(['Words: chargebacks', 'Outcome: Denied']);
    await page.getByRole('button', { name: 'Remove filter Outcome' }).press('Enter');
    await page.locator('.fs-audit > li').first().waitFor();
    await page.getByRole('button', { name: 'Clear all' }).press('Enter');
    await page.locator('.fs-audit > li').nth(10).waitFor();
  });

  test('pages to older and newer clicks', async () => {
    const firstLine = () => page.locator('.fs-audit > li').first().textContent();
    const newest = await firstLine();
    await page.getByRole('link', { name: 'Older' }).press('Enter');
    await page.getByRole('link', { name: 'Newer' }).waitFor();
    expect(await firstLine()).not.toBe(newest);
    await page.getByRole('link', { name: 'Newer' }).press('Enter');
    await page.waitForURL('**after=**');
    await page.getByRole('link', { name: 'Older' }).waitFor();
  });

  test('exports what a filter shows, with reason and fresh factor, and downloads it once', async () => {
    await page.goto(`${lab.origin}/admin/pages/audit?q=chargebacks`);
    await page.locator('.fs-audit > li').first().waitFor();
    await page.getByRole('button', { name: 'Export' }).press('Enter');
    await page.waitForSelector('.fs-effects p');
    violations.push(...(await violationsOf(page, 'export form')));
    await page.locator('dialog select').first().selectOption('legal');
    await page.fill('dialog textarea', 'Asked for by the regulator in writing');
    await page.locator('dialog select').last().selectOption('csv');
    await page.click('dialog .fs-button-primary');
    await page.waitForURL('**/pages/audit-exports');
    const button = page.getByRole('button', { name: 'Download' });
    await button.waitFor();
    violations.push(...(await violationsOf(page, 'exports')));
    const [download] = await Promise.all([page.waitForEvent('download'), button.press('Enter')]);
    expect(download.suggestedFilename()).toMatch(/^audit-.*\.zip$/);
    const files = join(folder, 'export');
    expect(unzip(readFileSync(await download.path()), files)).toContain('rows.csv');
    await page.getByText('Downloaded', { exact: true }).first().waitFor();
    await button.waitFor({ state: 'detached' });
    const checked = await verifyExport({ path: files, keys: parsePinnedKeys(readFileSync(keysFile, 'utf8')) });
    expect(checked.faults).toEqual([]);
    expect(readFileSync(join(files, 'rows.csv'), 'utf8')).toContain('suspend-user');
  });

  test('does all of it on a phone without scrolling sideways', async () => {
    for (const [path, ready] of [
      ['audit?q=chargebacks', '.fs-audit > li'],
      ['audit-exports', '.fs-export'],
    ] as const) {
      await page.setViewportSize({ width: 360, height: 740 });
      await page.goto(`${lab.origin}/admin/pages/${path}`);
      await page.waitForSelector(ready);
      expect(await overflowOf(page)).toBeLessThanOrEqual(0);
      violations.push(...(await violationsOf(page, `${path} on a phone`)));
    }
  });

  test('no screen on the way hinders anybody, in light or dark, and the browser had nothing to complain of', () => {
    expect(violations).toEqual([]);
    expect(problems).toEqual([]);
    expect(lab.said()).not.toMatch(/"level":(50|60)/);
  });
});

/** An auditor with an authenticator, a customer who was suspended, and more clicks than a page of the list holds. */
async function addPeople({ deps }: App): Promise<string> {
  await fillCountries(deps);
  const made = await runCommand(deps, systemCommands.createStaffAccount, {
    input: { ...auditor, grants: [{ role: 'auditor', isLead: false }] },
  });
  const enrolled = await runCommand(deps, systemCommands.enrolTotpFor, { input: { userId: made.output.userId } });
  const input = {
    kind: 'client' as const,
    email: 'ngozi@example.com',
    password: 'a long enough pass phrase 7',
    firstName: 'Ngozi',
    lastName: 'Eze',
    countryCode: 'NG',
  };
  const { output } = await runCommand(deps, systemCommands.registerVerified, { input });
  const admin = staffActor({ role: 'admin', isLead: false }, deps.clock.now());
  await runInContext(requestContext(admin), async () => {
    for (let n = 0; n < manyNotes; n += 1) await runCommand(deps, support.addNote, { input: { id: output.userId, body: `Note ${n}` } });
    const reason = { code: 'fraud', text: 'Chargebacks reported by the acquiring bank' };
    await runCommand(deps, staffCommands.suspendUser, { input: { id: output.userId }, reason });
  });
  return enrolled.output.secret;
}
