import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { fillCountries } from '../../src/modules/reference/index.ts';
import { systemCommands as supportCommands } from '../../src/modules/support/index.ts';
import { openBrowser, whyNoBrowser } from '../support/chromium.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { openSql } from '../support/sql.ts';
import { freshCode, signIn, violationsOf, watch } from '../support/walk.ts';

type Seat = { email: string; password: string; totpSecret: string };

const phrase = 'correct horse battery staple 9';
const client = { email: 'chioma@shop.example.com', password: 'a long enough pass phrase 7', firstName: 'Chioma', lastName: 'Eze' };
const missing = whyNoBrowser();

describe.skipIf(missing !== null)(`a lost second factor takes two people${missing ? ` (${missing})` : ''}`, { timeout: 300_000 }, () => {
  let lab: Lab;
  let browser: Browser;
  const seats = new Map<string, Seat>();
  const pages = new Map<string, Page>();
  const contexts: BrowserContext[] = [];
  const problems: string[] = [];
  const violations: string[] = [];
  let customerId = '';
  let address = '';

  const seatOf = (name: string): Seat => seats.get(name) ?? { email: '', password: '', totpSecret: '' };
  const pageOf = (name: string): Page => {
    const page = pages.get(name);
    if (!page) throw new Error(`${name} is not signed in`);
    return page;
  };

  beforeAll(async () => {
    lab = await startLab(async (app) => {
      customerId = await addPeople(app, seats);
    });
    browser = await openBrowser();
    for (const name of ['support', 'lead']) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
      contexts.push(context);
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      pages.set(name, page);
      await signIn(page, lab.origin, seatOf(name));
      watch(page, lab.origin, problems);
    }
  }, 500_000);
  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  }, 60_000);

  test('the customer is asked for the factor that is lost', async () => {
    expect(await signInByApi(lab)).toMatchObject({ mfaRequired: true });
  });

  test('support checks the caller and asks for the reset on the customer page', async () => {
    const page = pageOf('support');
    await page.goto(`${lab.origin}/admin/resources/User/records/${customerId}/show`);
    await page.waitForSelector('.fs-strip');
    await page.locator('.fs-caller input[type=checkbox]').nth(0).check();
    await page.locator('.fs-caller input[type=checkbox]').nth(1).check();
    await page.getByRole('button', { name: 'Record caller check' }).click();
    await page.waitForSelector('.fs-caller-passed');
    await page.getByRole('button', { name: /^Request MFA reset/ }).click();
    await page.waitForSelector('dialog .fs-effects p');
    violations.push(...(await violationsOf(page, 'request dialog')));
    await fillReason(page, 'Lost the phone, passed two checks');
    await page.click('dialog .fs-button-primary');
    await page.waitForSelector('.fs-receipt');
    expect(await page.textContent('.fs-receipt')).toContain('Somebody else has 48 hours');
  });

  test('the requester finds the button with its sentence, and a direct POST is refused and recorded', async () => {
    const page = pageOf('support');
    await page.click('#fs-sidebar a[href="/admin/resources/ApprovalRequest"]');
    await page.waitForURL('**filters.inbox=mine');
    await page.click('.fs-row-link');
    const approve = page.getByRole('button', { name: /^Approve/, disabled: true });
    await approve.waitFor();
    expect(await approve.textContent()).toContain('You opened this request; someone else must approve it.');
    address = new URL(page.url()).pathname;
    violations.push(...(await violationsOf(page, 'own request')));
    const answer = await post(page, lab.origin, address.replace('/admin/', '/admin/api/').replace(/show$/, 'approve'));
    expect(answer).toMatchObject({ status: 403, code: 'four_eyes' });
    const sql = await openSql(lab.database.adminUrl);
    const [denied] = await sql.rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM audit.action WHERE action = 'approve-request' AND outcome = 'denied' AND error_code = 'four_eyes'`,
    );
    await sql.close();
    expect(denied?.count).toBe(1);
  });

  test('a lead sees it waiting and approves it by keyboard only, with a factor given anew', async () => {
    const page = pageOf('lead');
    await page.goto(`${lab.origin}/admin`);
    await page.waitForSelector('#fs-sidebar .fs-count');
    await tabTo(page, /^Approvals/);
    await page.keyboard.press('Enter');
    await page.waitForURL('**filters.inbox=to_decide');
    await page.waitForSelector('tbody tr');
    violations.push(...(await violationsOf(page, 'approvals inbox')));
    await tabTo(page, /^MFA reset/);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.fs-effects p');
    expect(await page.textContent('main')).toContain('Removes the authenticator and 10 recovery codes.');
    expect(await page.textContent('main')).not.toContain(client.email);
    violations.push(...(await violationsOf(page, 'request of somebody else')));
    await tabTo(page, /^Approve/);
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog .fs-effects p');
    violations.push(...(await violationsOf(page, 'approve dialog')));
    await tabTo(page, 'select');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, 'textarea');
    await page.keyboard.type('Checked the number and the two items myself');
    await ageFactor(lab);
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { name: 'Confirm it is you' }).waitFor();
    violations.push(...(await violationsOf(page, 'step-up dialog')));
    await tabTo(page, 'input');
    await page.keyboard.type(await freshCode(seatOf('lead').totpSecret));
    await page.keyboard.press('Enter');
    await page.locator('.fs-receipt').waitFor();
    expect(await page.textContent('.fs-receipt')).toContain('Approved.');
    await page.locator('dialog').waitFor({ state: 'detached' });
  });

  test('it is carried out: factors and sessions are gone, and the customer can enrol again', async () => {
    await expect
      .poll(
        async () => {
          const page = pageOf('lead');
          await page.reload();
          await page.waitForSelector('.fs-screen-head .fs-pill');
          return page.textContent('.fs-screen-head');
        },
        { timeout: 60_000, interval: 1_000 },
      )
      .toContain('Carried out');
    const signedIn = await signInByApi(lab);
    expect(signedIn).toMatchObject({ accessToken: expect.any(String) });
    const enrolling = await fetch(`${lab.origin}/api/v1/account/mfa/totp`, {
      method: 'POST',
      headers: { authorization: `Bearer ${String(signedIn.accessToken)}`, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(enrolling.status).toBeLessThan(300);
  });

  test('both people stand in the history of the request', async () => {
    const page = pageOf('lead');
    await page.getByRole('tab', { name: 'History' }).click();
    await page.waitForSelector('.fs-timeline li');
    const text = (await page.textContent('.fs-timeline')) ?? '';
    expect(text).toContain('Ada Obi');
    expect(text).toContain('Halima Sani');
    violations.push(...(await violationsOf(page, 'history of the request')));
  });

  test('no screen on the way hinders anybody, and the browser had nothing to complain of', () => {
    expect(violations).toEqual([]);
    // The one refusal is the question for a fresh factor.
    expect(problems.filter((problem) => !problem.includes('403'))).toEqual([]);
    expect(problems.filter((problem) => problem.startsWith('403')).every((problem) => problem.endsWith('/approve'))).toBe(true);
    expect(lab.said()).not.toMatch(/"level":(50|60)/);
  });
});

/** Moves the focus with Tab alone until it stands on the named link or button, or on an element of that kind. */
async function tabTo(page: Page, wanted: RegExp | 'select' | 'textarea' | 'input'): Promise<void> {
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press('Tab');
    const [tag = '', text = ''] = await page.evaluate<string[]>(
      '[document.activeElement?.tagName.toLowerCase() ?? "", (document.activeElement?.textContent ?? "").trim()]',
    );
    if (typeof wanted === 'string' ? tag === wanted : (tag === 'a' || tag === 'button') && wanted.test(text)) return;
  }
  throw new Error(`The keyboard does not reach ${String(wanted)}`);
}

/** The last factor of a colleague was given ten minutes ago: what takes two people asks for one of the last five. */
async function ageFactor(lab: Lab): Promise<void> {
  const sql = await openSql(lab.database.adminUrl);
  await sql.rows(
    `UPDATE platform.admin_session SET factor_at = now() - interval '10 minutes'
      WHERE user_id IN (SELECT user_id FROM identity.staff_role_grant WHERE is_lead)`,
  );
  await sql.close();
}

async function fillReason(page: Page, text: string): Promise<void> {
  await page.locator('dialog select').first().selectOption('customer_request');
  await page.fill('dialog textarea', text);
}

/** A POST past the screen, with everything a page of ours sends. */
async function post(page: Page, origin: string, path: string): Promise<{ status: number; code: unknown }> {
  const reason = { code: 'customer_request', text: 'Trying it without the button' };
  const answer = await page.request.post(`${origin}${path}`, {
    headers: { origin, 'sec-fetch-site': 'same-origin', accept: 'application/json' },
    data: { idempotencyKey: newId(), reason },
  });
  const body: unknown = await answer.json();
  return { status: answer.status(), code: typeof body === 'object' && body !== null && 'code' in body ? body.code : null };
}

async function signInByApi(lab: Lab): Promise<Record<string, unknown>> {
  const answer = await fetch(`${lab.origin}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: client.email, password: client.password }),
  });
  const body: unknown = await answer.json();
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

/** A support member and a lead with authenticators, and a client with one and a ticket. */
async function addPeople({ deps }: App, seats: Map<string, Seat>): Promise<string> {
  await fillCountries(deps);
  const staff = [
    ['support', 'Ada', 'Obi', false],
    ['lead', 'Halima', 'Sani', true],
  ] as const;
  for (const [name, firstName, lastName, isLead] of staff) {
    const email = `${name}@staff.example.com`;
    const grants = [{ role: 'support' as const, isLead }];
    const made = await runCommand(deps, systemCommands.createStaffAccount, {
      input: { email, password: phrase, firstName, lastName, grants },
    });
    const enrolled = await runCommand(deps, systemCommands.enrolTotpFor, { input: { userId: made.output.userId } });
    seats.set(name, { email, password: phrase, totpSecret: enrolled.output.secret });
  }
  const registered = await runCommand(deps, systemCommands.registerVerified, { input: { kind: 'client', ...client, countryCode: 'NG' } });
  const { userId } = registered.output;
  await runCommand(deps, systemCommands.enrolTotpFor, { input: { userId } });
  const ticket = { id: newId(), category: 'account_access', priority: 'high', title: 'Lost the phone', subjectUserId: userId };
  await runCommand(deps, supportCommands.openTicketCommand, { input: ticket });
  return userId;
}
