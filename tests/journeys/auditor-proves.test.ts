import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runNode } from '../../scripts/run-program.ts';
import type { App } from '../../src/app.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import type { StaffActor } from '../../src/foundation/runtime/actor.ts';
import { runInContext } from '../../src/foundation/runtime/request-context.ts';
import { staffCommands, systemCommands } from '../../src/modules/identity/index.ts';
import { fillCountries } from '../../src/modules/reference/index.ts';
import { requestContext, staffActor } from '../support/app.ts';
import { backdate } from '../support/backdate.ts';
import { openBrowser, whyNoBrowser } from '../support/chromium.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { openSql } from '../support/sql.ts';
import { signIn, violationsOf, watch } from '../support/walk.ts';

const password = 'correct horse battery staple 9';
const auditor = { email: 'bola@staff.example.com', password, firstName: 'Bola', lastName: 'Coker' };
const admin = { email: 'kemi@staff.example.com', password, firstName: 'Kemi', lastName: 'Balogun' };
const waitMs = 45_000;
const patience = { timeout: 30_000 };

/** The 10th, 14:30 in Lagos, of the month before this one. */
function lastMonth(): Date {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 10, 13, 30));
}

const missing = whyNoBrowser();

describe.skipIf(missing !== null)(`an auditor proves who renamed a store${missing ? ` (${missing})` : ''}`, { timeout: 300_000 }, () => {
  let lab: Lab;
  let browser: Browser;
  let page: Page;
  let totpSecret = '';
  let proofFile = '';
  let folder = '';
  const problems: string[] = [];
  const violations: string[] = [];
  const renamedAt = lastMonth();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fashionistar-auditor-'));
    lab = await startLab(async (app) => {
      totpSecret = await arrange(app, renamedAt);
    });
    browser = await openBrowser();
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light', timezoneId: 'Africa/Lagos' });
    page = await context.newPage();
    page.setDefaultTimeout(waitMs);
    watch(page, lab.origin, problems);
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test('finds on the store who renamed it last month, in which role and why', async () => {
    await signIn(page, lab.origin, { ...auditor, totpSecret });
    violations.push(...(await violationsOf(page, "the auditor's dashboard")));
    await page.click('#fs-sidebar a[href="/admin/resources/Vendor"]');
    await page.click('.fs-row-link');
    await page.getByRole('tab', { name: 'History' }).click();
    await page.selectOption('#fs-history-field', { label: 'Store name' });
    const line = page.locator('.fs-timeline li', { hasText: 'The owner signed the new name' });
    await line.waitFor();
    const said = (await line.textContent()) ?? '';
    for (const part of ['Kemi Balogun', 'admin', 'corrected this store', 'The owner signed the new name']) expect(said).toContain(part);
    await line.locator('summary').click();
    const change = line.locator('.fs-diff > div', { hasText: /^Store name Over time/ });
    expect(await change.locator('del').textContent()).toBe('Adire House');
    expect(await change.locator('ins').textContent()).toBe('House of Adire');
    violations.push(...(await violationsOf(page, 'timeline')));
    // Its day heads the line, in the reader's zone.
    const heading = page.locator('.fs-timeline section', { hasText: 'The owner signed the new name' }).locator('h3');
    expect(await heading.textContent()).toContain(String(renamedAt.getUTCFullYear()));
  });

  test('sees the state as of a day before, marked as not current', async () => {
    await page.getByRole('link', { name: 'State as of...' }).click();
    const dayBefore = new Date(renamedAt.getTime() - 86_400_000).toISOString().slice(0, 10);
    await page.fill('#fs-history-at', `${dayBefore}T12:00`);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.waitForSelector('.fs-as-of');
    expect(await page.textContent('.fs-as-of-mark')).toContain('not current');
    const name = page.locator('.fs-as-of .fs-facts > div', { has: page.locator('dt', { hasText: /^Store name$/ }) });
    expect(await name.locator('dd').textContent()).toContain('Adire House');
    violations.push(...(await violationsOf(page, 'state as of')));
    await page.fill('#fs-history-at', `${new Date(renamedAt.getTime() + 86_400_000).toISOString().slice(0, 10)}T12:00`);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await expect.poll(() => name.locator('dd').textContent(), patience).toContain('House of Adire');
    // Restoring is not for auditors.
    expect(await page.getByRole('button', { name: /Restore/ }).count()).toBe(0);
  });

  test('downloads the proof of that change', async () => {
    await page.getByRole('link', { name: 'Timeline', exact: true }).click();
    const line = page.locator('.fs-timeline li', { hasText: 'The owner signed the new name' });
    await line.getByRole('button', { name: /^Proof/ }).click();
    await expect
      .poll(
        async () => {
          const again = page.getByRole('button', { name: 'Look again' });
          if (await again.isVisible()) await again.click();
          return page.getByRole('button', { name: 'Download proof' }).isVisible();
        },
        { timeout: waitMs, interval: 500 },
      )
      .toBe(true);
    expect(await page.textContent('dialog')).toContain('This row is sealed');
    violations.push(...(await violationsOf(page, 'proof dialog')));
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download proof' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^proof-[0-9a-f-]{36}\.json$/);
    proofFile = join(folder, download.suggestedFilename());
    await download.saveAs(proofFile);
    expect(readFileSync(proofFile, 'utf8')).toContain('House of Adire');
  });

  test('verifies it offline with nothing but the file and the public key', async () => {
    const keys = join(folder, 'keys.json');
    writeFileSync(keys, readFileSync(join(lab.dataDir, 'audit-keys.json')));
    const offline = (file: string) =>
      runNode(['scripts/audit-verify.ts', '--export', file, '--keys', keys, '--json'], {
        env: { PATH: process.env['PATH'], DATA_DIR: folder },
      });
    const { code, output } = await offline(proofFile);
    expect(code, output).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ outcome: 'valid', rows: 1 });
    // One letter of what it says, changed by whoever had it in between.
    const forged = join(folder, 'forged.json');
    writeFileSync(forged, readFileSync(proofFile, 'utf8').replaceAll('House of Adire', 'House of Adise'));
    const refused = await offline(forged);
    expect(refused.code, refused.output).toBe(1);
  });

  test('and the browser had nothing to complain of, on screens that hinder nobody', () => {
    expect(violations).toEqual([]);
    expect(problems).toEqual([]);
    expect(lab.said()).not.toMatch(/"level":(50|60)/);
  });
});

/** A store, renamed by an admin last month: the rows are given that time before the sealer ever runs. */
async function arrange(app: App, renamedAt: Date): Promise<string> {
  const { deps } = app;
  await fillCountries(deps);
  const staff = await runCommand(deps, systemCommands.createStaffAccount, {
    input: { ...admin, grants: [{ role: 'admin', isLead: false }] },
  });
  const made = await runCommand(deps, systemCommands.createStaffAccount, {
    input: { ...auditor, grants: [{ role: 'auditor', isLead: false }] },
  });
  const enrolled = await runCommand(deps, systemCommands.enrolTotpFor, { input: { userId: made.output.userId } });
  const owner = await runCommand(deps, systemCommands.registerVerified, {
    input: { kind: 'vendor', email: 'ngozi@example.com', password, firstName: 'Ngozi', lastName: 'Eze', countryCode: 'NG' },
  });
  const { id } = await deps.database.prisma.vendor.findUniqueOrThrow({ where: { userId: owner.output.userId } });
  const kemi = { ...staffActor({ role: 'admin', isLead: false }, deps.clock.now()), id: staff.output.userId, displayName: 'Kemi Balogun' };
  const first = await rename(app, kemi, { id, storeName: 'Adire House', version: 1, why: 'Opened with the name on the form' });
  const second = await rename(app, kemi, { id, storeName: 'House of Adire', version: 2, why: 'The owner signed the new name' });
  await rename(app, kemi, { id, storeName: 'House of Adire Lagos', version: 3, why: 'The owner added the city' });
  const sql = await openSql(deps.config.databaseUrl ?? '');
  await backdate(sql, owner.actionId, new Date(renamedAt.getTime() - 4 * 86_400_000));
  await backdate(sql, first, new Date(renamedAt.getTime() - 3 * 86_400_000));
  await backdate(sql, second, renamedAt);
  await sql.close();
  return enrolled.output.secret;
}

async function rename(
  { deps }: App,
  actor: StaffActor,
  { id, storeName, version, why }: { id: string; storeName: string; version: number; why: string },
): Promise<string> {
  const reason = { code: 'customer_request', text: why };
  const { actionId } = await runInContext(requestContext(actor), async () =>
    runCommand(deps, staffCommands.editVendor, { input: { id, storeName }, reason, expectedVersion: version }),
  );
  return actionId;
}
