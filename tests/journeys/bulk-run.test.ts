import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { fillCountries } from '../../src/modules/reference/index.ts';
import { openBrowser, whyNoBrowser } from '../support/chromium.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { overflowOf, signIn, violationsOf, watch } from '../support/walk.ts';

const staff = { email: 'ada@staff.example.com', password: 'correct horse battery staple 9', firstName: 'Ada', lastName: 'Obi' };
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWX';
const missing = whyNoBrowser();

describe.skipIf(missing !== null)(`a lead acts on many at once${missing ? ` (${missing})` : ''}`, { timeout: 300_000 }, () => {
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

  test('the dry run says beforehand what would change and who is refused, and why', async () => {
    await page.goto(`${lab.origin}/admin/resources/User?perPage=50`);
    await page.waitForSelector('tbody tr');
    await page.getByLabel('Select Person X', { exact: true }).check();
    await act('Suspend account', 'fraud');
    await page.getByText('1 of 1 rows', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.getByLabel('Select all on this page').check();
    await page.getByText('24 selected').waitFor();
    await page.getByRole('button', { name: 'Suspend account' }).click();
    await page.getByText('23 will change').waitFor();
    const preview = (await page.textContent('.fs-bulk-preview')) ?? '';
    expect(preview).toContain('1 will be refused');
    expect(preview).toContain('Active accounts only: this account is suspended.');
    violations.push(...(await violationsOf(page, 'bulk form')));
    await page.locator('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await page.locator('tbody tr', { hasText: 'Suspended' }).count()).toBe(1);
  });

  test('the run shows its progress and each row’s outcome; one refused row hides no other', async () => {
    await act('Suspend account', 'abuse');
    await page.getByText('24 of 24 rows', { exact: false }).waitFor();
    await page.getByText('23 changed, 0 unchanged, 1 refused, 0 not done', { exact: false }).waitFor();
    violations.push(...(await violationsOf(page, 'bulk outcome')));
    await page.getByRole('link', { name: 'Open this run' }).click();
    await page.locator('.fs-table-plain tbody tr').nth(23).waitFor();
    expect(await page.title()).toBe('Bulk runs - Fashionistar');
    violations.push(...(await violationsOf(page, 'bulk run')));
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test('the results are a file', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download results' }).press('Enter'),
    ]);
    expect(download.suggestedFilename()).toMatch(/^bulk-.*\.csv$/);
    const lines = readFileSync((await download.path()) ?? '', 'utf8')
      .trim()
      .split('\r\n');
    expect(lines).toHaveLength(25);
    expect(lines.filter((line) => line.includes('"changed"'))).toHaveLength(23);
    expect(lines.filter((line) => line.includes('"refused"'))).toHaveLength(1);
  });

  test('whoever ran it takes it back', async () => {
    await page.getByRole('button', { name: 'Take back' }).click();
    await fillReason('error_correction', 'The wrong list was open, nobody should be suspended');
    await page.locator('dialog').getByRole('button', { name: 'Take back' }).click();
    await page.getByText('23 of 23 rows', { exact: false }).waitFor();
    await page.getByText('23 changed, 0 unchanged, 0 refused', { exact: false }).waitFor();
    await page.goto(`${lab.origin}/admin/resources/User?perPage=50&filters.status=suspended`);
    await page.waitForSelector('tbody tr');
    expect(await page.locator('tbody tr').count()).toBe(1);
  });

  test('no dialog hinders anybody, and the browser had nothing to complain of', () => {
    expect(violations).toEqual([]);
    expect(problems).toEqual([]);
    expect(lab.said()).not.toMatch(/"level":(50|60)/);
  });

  async function fillReason(code: string, text: string): Promise<void> {
    await page.locator('dialog select').first().selectOption(code);
    await page.fill('dialog textarea', text);
  }

  async function act(name: string, code: string): Promise<void> {
    await page.getByRole('button', { name }).click();
    await page.getByText('will change').waitFor();
    await fillReason(code, 'Chargebacks from one card all night long');
    await page.locator('dialog').getByRole('button', { name }).click();
    await page.getByText('What became of it').waitFor();
  }
});

/** A lead of support with an authenticator, and 24 customers. */
async function addPeople({ deps }: App): Promise<string> {
  await fillCountries(deps);
  const made = await runCommand(deps, systemCommands.createStaffAccount, {
    input: { ...staff, grants: [{ role: 'support', isLead: true }] },
  });
  const enrolled = await runCommand(deps, systemCommands.enrolTotpFor, { input: { userId: made.output.userId } });
  for (const [at, letter] of [...letters].entries()) {
    const input = { kind: 'client' as const, phone: `+23480300011${String(at).padStart(2, '0')}`, password: 'a long enough pass phrase 7' };
    await runCommand(deps, systemCommands.registerVerified, {
      input: { ...input, firstName: 'Person', lastName: letter, countryCode: 'NG' },
    });
  }
  return enrolled.output.secret;
}
