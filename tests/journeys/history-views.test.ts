import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import type { StaffActor } from '../../src/foundation/runtime/actor.ts';
import { runInContext } from '../../src/foundation/runtime/request-context.ts';
import { staffCommands, systemCommands } from '../../src/modules/identity/index.ts';
import { fillCountries } from '../../src/modules/reference/index.ts';
import { requestContext, staffActor } from '../support/app.ts';
import { openBrowser, whyNoBrowser } from '../support/chromium.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { openSql } from '../support/sql.ts';
import { ticketAbout } from '../support/tickets.ts';
import { overflowOf, signIn, violationsOf, watch } from '../support/walk.ts';

const password = 'correct horse battery staple 9';
const admin = { email: 'kemi@staff.example.com', password, firstName: 'Kemi', lastName: 'Balogun' };
const waitMs = 45_000;
const patience = { timeout: 30_000 };
const longBefore = 'Cloth from Abeokuta, dyed with indigo by the hands of four sisters since nineteen seventy two.';
const longAfter = 'Cloth from Abeokuta, dyed with natural indigo by the hands of five sisters since nineteen seventy two.';

const missing = whyNoBrowser();

describe.skipIf(missing !== null)(`the views of a history${missing ? ` (${missing})` : ''}`, { timeout: 300_000 }, () => {
  let lab: Lab;
  let browser: Browser;
  let page: Page;
  let made: Arranged;
  const problems: string[] = [];
  const violations: string[] = [];
  const seen = async (name: string) => void violations.push(...(await violationsOf(page, name)));
  const storeHistory = () => page.goto(`${lab.origin}/admin/resources/Vendor/records/${made.vendorId}/show?tab=history`);
  const view = (name: string) => page.getByRole('navigation', { name: 'Views of the history' }).getByRole('link', { name }).click();

  beforeAll(async () => {
    lab = await startLab(async (app) => {
      made = await arrange(app);
    });
    browser = await openBrowser();
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
    page = await context.newPage();
    page.setDefaultTimeout(waitMs);
    watch(page, lab.origin, problems);
    await signIn(page, lab.origin, { ...admin, totpSecret: made.totpSecret });
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  }, 60_000);

  test('the timeline: newest first, filters that stay in the address, every tool by keyboard', async () => {
    await storeHistory();
    await page.locator('.fs-timeline li').nth(2).waitFor();
    expect(await page.locator('.fs-timeline li').first().textContent()).toContain('Wrote the text anew');
    await seen('timeline');
    await page.selectOption('#fs-history-field', { label: 'Tagline' });
    await expect.poll(() => page.locator('.fs-timeline li').count(), patience).toBe(1);
    expect(page.url()).toContain('field=tagline');
    await page.reload();
    await expect.poll(() => page.locator('.fs-timeline li').count(), patience).toBe(1);
    await page.locator('.fs-timeline summary').focus();
    await page.keyboard.press('Enter');
    await page.locator('.fs-diff').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement?.getAttribute("aria-label") ?? ""')).toContain('over time');
    await page.selectOption('#fs-history-field', '');
    await page.selectOption('#fs-history-kind', 'refused');
    // One entry stood there before, too.
    await page.locator('.fs-timeline li', { hasText: 'Denied' }).waitFor();
    await expect.poll(() => page.locator('.fs-timeline li').count()).toBe(1);
  });

  test('the values of one field over time, with who and why', async () => {
    await storeHistory();
    await view('One field');
    await page.selectOption('#fs-history-one', { label: 'Store name' });
    await page.locator('.fs-steps li').nth(1).waitFor();
    const steps = await page.locator('.fs-steps li').allTextContents();
    expect(steps[0]).toContain('House of Adire');
    expect(steps[0]).toContain('Kemi Balogun (admin)');
    expect(steps.at(-1)).toContain('Opened the store');
    await seen('one field');
  });

  test('the state as of a version, marked as not current, encrypted and secret fields closed', async () => {
    await page.goto(`${lab.origin}/admin/resources/User/records/${made.userId}/show?tab=history&view=as-of&at=2999-01-01T00:00:00Z`);
    await page.waitForSelector('.fs-as-of');
    const text = (await page.textContent('.fs-as-of')) ?? '';
    expect(text).toContain('not current');
    expect(text).toContain('encrypted, shown by reveal');
    expect(text).toContain('changed, value never stored');
    expect(text).not.toContain('ngozi@example.com');
    await seen('state as of');
    // The same reveal as of the live value: with a reason, for a minute.
    await page.getByRole('button', { name: 'Reveal Email then' }).click();
    await page.selectOption('dialog select', 'legal');
    await page.fill('dialog textarea', 'Asked for by the court in writing');
    await page.getByLabel('Ticket or case').selectOption(made.ticketId);
    await page.click('dialog .fs-button-primary');
    await page.getByText('ngozi@example.com').waitFor();
  });

  test('two versions side by side and inline, long texts word by word', async () => {
    await storeHistory();
    await view('Compare');
    const earlier = page.locator('#fs-compare-E');
    await earlier.waitFor();
    await expect.poll(() => earlier.locator('option').count(), patience).toBeGreaterThan(2);
    const texts = await earlier.locator('option').allTextContents();
    const index = texts.findIndex((text) => text.includes('corrected this store'));
    await earlier.selectOption({ index: texts.length - 2 });
    expect(index).toBeGreaterThanOrEqual(0);
    const row = page.locator('.fs-compare tbody tr', { has: page.locator('th', { hasText: /^Description$/ }) });
    await row.waitFor();
    expect(await row.locator('td').nth(0).locator('del').allTextContents()).toEqual(['four']);
    expect(await row.locator('td').nth(1).locator('ins').allTextContents()).toEqual(['natural ', 'five']);
    await seen('compare side by side');
    await page.getByLabel('Inline').check();
    await expect.poll(() => row.locator('td').count(), patience).toBe(1);
    expect((await row.locator('td').textContent()) ?? '').toContain('fourfive sisters');
    await seen('compare inline');
  });

  test('restoring chosen fields of an earlier version: preview, reason, receipt, a new version in the timeline', async () => {
    await page.getByRole('button', { name: 'Restore fields of the earlier one' }).click();
    await page.getByLabel('Store name').check();
    await seen('restore: which fields');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Writes version').waitFor();
    await page.selectOption('dialog select', 'error_correction');
    await page.fill('dialog textarea', 'The owner asked for the old name');
    await seen('restore: reason');
    await page.click('dialog .fs-button-primary');
    await page.waitForSelector('.fs-receipt');
    expect(await page.textContent('.fs-receipt')).toContain('Restored 1 field of store as a new version.');
    await view('Timeline');
    const line = page.locator('.fs-timeline li').first();
    await expect.poll(() => line.textContent(), patience).toContain('restored earlier values of this store');
    expect(await line.getByRole('link', { name: 'What it took back' }).count()).toBe(1);
    await page.getByRole('tab', { name: 'Profile' }).click();
    await page.locator('.fs-facts', { hasText: 'Adire House' }).waitFor();
  });

  test('a record that changed meanwhile is not written over: both values are shown first', async () => {
    await storeHistory();
    await view('Compare');
    await page.locator('#fs-compare-E').waitFor();
    await page.getByRole('button', { name: 'Restore fields of the earlier one' }).click();
    await page.locator('dialog input[type=checkbox]').first().check();
    await page.getByRole('button', { name: 'Continue' }).click();
    const sql = await openSql(lab.database.adminUrl);
    await sql.inContext((tx) =>
      tx.rows(`UPDATE identity.vendor SET store_name = 'Meanwhile', version = version + 1 WHERE id = $1`, [made.vendorId]),
    );
    await sql.close();
    await page.selectOption('dialog select', 'other');
    await page.fill('dialog textarea', 'Nobody told me it had changed');
    const before = problems.length;
    await page.click('dialog .fs-button-primary');
    await page.getByText('This changed while you had it open').waitFor();
    expect(await page.textContent('dialog')).toContain('Meanwhile');
    await seen('restore: conflict');
    // The refusal is one, and expected: the browser notes it as a failed resource.
    expect(problems.splice(before).every((problem) => problem.includes('409'))).toBe(true);
    await page.getByRole('button', { name: 'Discard' }).click();
  });

  test('the proof of a row in plain words, and the state of the audit with "Verify now"', async () => {
    await page.goto(`${lab.origin}/admin/pages/audit-state`);
    await page.getByRole('button', { name: 'Verify now' }).click();
    await page.getByText('Finished: everything is sound').waitFor();
    await expect.poll(() => page.getByText('Sound', { exact: true }).isVisible(), patience).toBe(true);
    await seen('audit state');
    await storeHistory();
    await page
      .locator('.fs-timeline li')
      .first()
      .getByRole('button', { name: /^Proof/ })
      .click();
    await page.getByText('This row is sealed').or(page.getByText('not sealed yet')).first().waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
  });

  test('all of it fits a phone, in the dark too', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const asked of ['', '&view=field&field=store_name', '&view=as-of&at=2999-01-01T00:00:00Z', '&view=compare']) {
      await page.goto(`${lab.origin}/admin/resources/Vendor/records/${made.vendorId}/show?tab=history${asked}`);
      await page.locator('.fs-timeline li, .fs-steps li, .fs-as-of, .fs-compare').first().waitFor();
      expect(await overflowOf(page), asked).toBeLessThanOrEqual(0);
      await seen(`phone ${asked}`);
    }
  });

  test('no screen on the way hinders anybody, and the browser had nothing to complain of', () => {
    expect(violations).toEqual([]);
    expect(problems).toEqual([]);
    expect(lab.said()).not.toMatch(/"level":(50|60)/);
  });
});

type Arranged = { vendorId: string; userId: string; totpSecret: string; ticketId: string };

/** A store with four versions by an admin, and an attempt that was refused. */
async function arrange(app: App): Promise<Arranged> {
  const { deps } = app;
  await fillCountries(deps);
  const staff = await runCommand(deps, systemCommands.createStaffAccount, {
    input: { ...admin, grants: [{ role: 'admin', isLead: false }] },
  });
  const { userId: staffId } = staff.output;
  const enrolled = await runCommand(deps, systemCommands.enrolTotpFor, { input: { userId: staffId } });
  const owner = await runCommand(deps, systemCommands.registerVerified, {
    input: { kind: 'vendor', email: 'ngozi@example.com', password, firstName: 'Ngozi', lastName: 'Eze', countryCode: 'NG' },
  });
  const { userId } = owner.output;
  const { id } = await deps.database.prisma.vendor.findUniqueOrThrow({ where: { userId } });
  const now = deps.clock.now();
  const kemi = { ...staffActor({ role: 'admin', isLead: false }, now), id: staffId, displayName: 'Kemi Balogun' };
  const edit = (actor: StaffActor, expectedVersion: number, text: string, fields: object) =>
    runInContext(requestContext(actor), async () =>
      runCommand(deps, staffCommands.editVendor, { input: { id, ...fields }, reason: { code: 'quality', text }, expectedVersion }),
    );
  await edit(kemi, 1, 'Opened the store', { storeName: 'Adire House', description: longBefore });
  await edit(kemi, 2, 'Gave it a tagline', { tagline: 'Indigo by hand' });
  const reviewer = staffActor({ role: 'reviewer', isLead: false }, now);
  await edit(reviewer, 3, 'Should not be possible', { storeName: 'Somebody Else' }).catch(() => undefined);
  await edit(kemi, 3, 'Signed by the owner', { storeName: 'House of Adire' });
  await edit(kemi, 4, 'Wrote the text anew', { description: longAfter });
  return { vendorId: id, userId, totpSecret: enrolled.output.secret, ticketId: await ticketAbout(app, userId) };
}
