import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { fillCountries } from '../../src/modules/reference/index.ts';
import { openBrowser, whyNoBrowser } from '../support/chromium.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { signIn, violationsOf, watch } from '../support/walk.ts';

const staff = { email: 'ada@staff.example.com', password: 'correct horse battery staple 9', firstName: 'Ada', lastName: 'Obi' };
const missing = whyNoBrowser();

/** Journeys 8 and 11: what a lead keeps of a list, and takes out of it. */
describe.skipIf(missing !== null)(`a lead keeps views and exports a list${missing ? ` (${missing})` : ''}`, { timeout: 300_000 }, () => {
  let lab: Lab;
  let browser: Browser;
  let page: Page;
  let totpSecret = '';
  const problems: string[] = [];
  const violations: string[] = [];

  beforeAll(async () => {
    lab = await startLab(async (app) => {
      totpSecret = await addPeople(app);
    });
    browser = await openBrowser();
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light', acceptDownloads: true });
    page = await context.newPage();
    page.setDefaultTimeout(60_000);
    watch(page, lab.origin, problems);
    await signIn(page, lab.origin, { ...staff, totpSecret });
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  }, 60_000);

  const rows = () => page.locator('tbody tr').count();

  test('narrows by chips that the address keeps', async () => {
    await page.goto(`${lab.origin}/admin/resources/User`);
    await page.waitForSelector('tbody tr');
    await page.locator('.fs-filter-add summary').press('Enter');
    await page.locator('.fs-filter-form').getByLabel('Field').selectOption('kind');
    await page.locator('.fs-filter-form').getByLabel('Value').selectOption('vendor');
    await page.getByRole('button', { name: 'Add', exact: true }).press('Enter');
    await expect.poll(rows, { timeout: 30_000 }).toBe(1);
    expect(page.url()).toContain('filters.kind=vendor');
    violations.push(...(await violationsOf(page, 'chips')));
    await page.reload();
    await expect.poll(() => page.locator('.fs-chip').allTextContents(), { timeout: 30_000 }).toEqual(['Kind: Vendor']);
  });

  test('keeps them as a view, with columns, and finds it by its link in another tab', async () => {
    await page.locator('.fs-columns summary').click();
    await page.getByLabel('Risk', { exact: true }).uncheck();
    violations.push(...(await violationsOf(page, 'column chooser')));
    await page.keyboard.press('Escape');
    expect(await page.locator('thead th', { hasText: 'Risk' }).count()).toBe(0);
    await page.locator('.fs-view-menu summary').click();
    await page.getByRole('button', { name: 'Save as a new view' }).click();
    await page.locator('dialog').getByLabel('Name').fill('Shop owners');
    violations.push(...(await violationsOf(page, 'view dialog')));
    await page.locator('dialog').getByRole('button', { name: 'Save view' }).click();
    const link = page.getByRole('link', { name: /^Shop owners/ });
    await link.waitFor();
    expect(await link.textContent()).toMatch(/1\s*$/);
    const href = (await link.getAttribute('href')) ?? '';
    const tab = await page.context().newPage();
    watch(tab, lab.origin, problems);
    await tab.goto(`${lab.origin}${href}`);
    await tab.waitForSelector('tbody tr');
    expect(await tab.locator('.fs-chip').allTextContents()).toEqual(['Kind: Vendor']);
    expect(await tab.locator('[aria-current=page]', { hasText: 'Shop owners' }).count()).toBe(1);
    await tab.close();
  });

  test('comes back by the back button, and from a record to the list as it was left', async () => {
    await page.getByRole('link', { name: 'All', exact: true }).click();
    await expect.poll(rows, { timeout: 30_000 }).toBe(4);
    await page.goBack();
    await expect.poll(rows, { timeout: 30_000 }).toBe(1);
    await page.locator('.fs-row-link').click();
    await page.waitForURL('**/records/**');
    await page.locator('.fs-record > nav a').click();
    await expect.poll(rows, { timeout: 30_000 }).toBe(1);
    expect(page.url()).toContain('filters.kind=vendor');
    await page.getByRole('button', { name: 'Clear all' }).click();
    await expect.poll(rows, { timeout: 30_000 }).toBe(4);
  });

  test('exports with a reason; the file is masked and its link works once', async () => {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.locator('dialog select').last().selectOption('csv');
    await page.getByText('4 rows; your role may take 500.').waitFor();
    await page.locator('dialog select').first().selectOption('policy');
    await page.fill('dialog textarea', 'Asked for by the regulator in writing');
    violations.push(...(await violationsOf(page, 'export form')));
    await page.click('dialog .fs-button-primary');
    await page.waitForURL('**/pages/list-exports');
    const button = page.getByRole('button', { name: 'Download' });
    await button.waitFor();
    violations.push(...(await violationsOf(page, 'exports')));
    const sha256 = await page.locator('.fs-export code').first().textContent();
    const [download] = await Promise.all([page.waitForEvent('download'), button.press('Enter')]);
    const file = readFileSync((await download.path()) ?? '');
    expect(createHash('sha256').update(file).digest('hex')).toBe(sha256);
    expect(file.toString().trim().split('\r\n')).toHaveLength(5);
    expect(file.toString()).toContain('•••');
    await page.getByText('Downloaded').first().waitFor();
    const id = await page.evaluate<string>(`fetch('/admin/api/pages/list-exports').then((a) => a.json()).then((b) => b.exports[0].id)`);
    const again = await page.request.post(`${lab.origin}/admin/api/pages/list-exports`, {
      headers: { origin: lab.origin },
      data: { action: 'downloadExport', input: { id }, idempotencyKey: crypto.randomUUID() },
    });
    expect(again.status()).toBe(410);
  });

  test('no screen on the way hinders anybody, and the browser had nothing to complain of', () => {
    expect(violations).toEqual([]);
    expect(problems).toEqual([]);
    expect(lab.said()).not.toMatch(/"level":(50|60)/);
  });
});

async function addPeople({ deps }: App): Promise<string> {
  await fillCountries(deps);
  const made = await runCommand(deps, systemCommands.createStaffAccount, {
    input: { ...staff, grants: [{ role: 'support', isLead: true }] },
  });
  const enrolled = await runCommand(deps, systemCommands.enrolTotpFor, { input: { userId: made.output.userId } });
  for (const [at, lastName] of ['Eze', 'Ade', 'Bello', 'Kente'].entries()) {
    const kind = lastName === 'Kente' ? ('vendor' as const) : ('client' as const);
    const input = {
      kind,
      phone: `+23480300012${String(at).padStart(2, '0')}`,
      password: 'a long enough pass phrase 7',
      firstName: 'Chioma',
      lastName,
    };
    await runCommand(deps, systemCommands.registerVerified, { input: { ...input, countryCode: 'NG' } });
  }
  return enrolled.output.secret;
}
