import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandDeps } from '../../src/foundation/command/command.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { openBrowser, whyNoBrowser } from '../support/chromium.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { openSql, type Sql } from '../support/sql.ts';
import { freshCode, overflowOf, signIn, violationsOf, watch } from '../support/walk.ts';

const password = 'correct horse battery staple 9';
const admin = { email: 'kemi@staff.example.com', password, totpSecret: '' };
const auditor = { email: 'bola@staff.example.com', password, totpSecret: '' };
const newcomer = { email: 'chidi@staff.example.com', password: 'seven tailors sewed a sail', totpSecret: '' };
/** Refusals that the journey asks for. */
const expected = [/^401: .*\/admin\//, /^429: .*\/admin\/login$/, /console: Failed to load resource: .* (401|429)/];

const missing = whyNoBrowser();

describe.skipIf(missing !== null)(`the life of a member of staff${missing ? ` (${missing})` : ''}`, { timeout: 300_000 }, () => {
  let lab: Lab;
  let origin = '';
  let browser: Browser;
  let sql: Sql;
  let page: Page;
  let own: BrowserContext;
  let device: CDPSession;
  let link = '';
  let customerId = '';
  const problems: string[] = [];

  beforeAll(async () => {
    lab = await startLab(async ({ deps }) => {
      admin.totpSecret = await hire(deps, { email: admin.email, firstName: 'Kemi', lastName: 'Balogun', role: 'admin' });
      auditor.totpSecret = await hire(deps, { email: auditor.email, firstName: 'Bola', lastName: 'Coker', role: 'auditor' });
      const input = { email: 'ada@example.com', password: 'a long enough pass phrase 7', firstName: 'Ada', lastName: 'Obi' };
      customerId = (await runCommand(deps, systemCommands.registerVerified, { input })).output.userId;
    });
    // Passkeys are given to names, not to addresses: the browser comes by the name of this machine.
    origin = `http://localhost:${new URL(lab.origin).port}`;
    sql = await openSql(lab.database.adminUrl);
    browser = await openBrowser();
    own = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    page = await own.newPage();
    page.setDefaultTimeout(45_000);
    watch(page, origin, problems);
    device = await own.newCDPSession(page);
    await device.send('WebAuthn.enable');
    const options = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    } as const;
    await device.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, automaticPresenceSimulation: true } });
  }, 600_000);
  afterAll(async () => {
    await browser?.close();
    await sql?.close();
    await lab?.stop();
  }, 60_000);

  const unexpected = () => problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)));

  const nextCode = () => freshCode(newcomer.totpSecret);

  async function givePassword(secret = newcomer.password): Promise<void> {
    await page.goto(`${origin}/admin/login`);
    await page.fill('#email', newcomer.email);
    await page.fill('#password', secret);
    await page.click('button[type=submit]');
  }

  async function signOut(): Promise<void> {
    await page.goto(`${origin}/admin/account`);
    await page.click('text=Sign out');
    await page.waitForURL('**/admin/login');
  }

  test('an admin invites a newcomer with role, end and reason', async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const boss = await context.newPage();
    boss.setDefaultTimeout(45_000);
    watch(boss, origin, problems);
    await signIn(boss, origin, admin);
    await boss.goto(`${origin}/admin/resources/Staff`);
    await boss.click('button:has-text("Invite")');
    const form = boss.locator('dialog[open]');
    await form.getByLabel('Reason', { exact: true }).selectOption('policy');
    await form.getByLabel('In your words').fill('Joins the phone team on Monday');
    await form.getByLabel('Email', { exact: true }).fill(newcomer.email);
    await form.getByLabel('Role', { exact: true }).selectOption('support');
    expect(await violationsOf(boss, 'invite dialog')).toEqual([]);
    await form.locator('.fs-button-primary').click();
    await boss.waitForSelector('text=Invited. The link works once');
    await boss.goto(`${origin}/admin/resources/StaffInvite`);
    await boss.waitForSelector('text=Waiting');
    expect(await violationsOf(boss, 'invitations')).toEqual([]);
    await expect.poll(() => inviteLink(), { timeout: 60_000 }).not.toBeNull();
    link = (await inviteLink()) ?? '';
    await context.close();
  });

  async function inviteLink(): Promise<string | null> {
    const response = await fetch(`${lab.origin}/dev/inbox?to=${encodeURIComponent(newcomer.email)}`, {
      headers: { accept: 'application/json' },
    });
    return /\/admin\/enrol\?token=([\w-]+)/.exec(await response.text())?.[1] ?? null;
  }

  test('the newcomer joins by the link, sets up an authenticator and keeps the codes', async () => {
    await page.goto(`${origin}/admin/enrol?token=${link}`);
    expect(await violationsOf(page, 'join')).toEqual([]);
    await page.fill('#firstName', 'Chidi');
    await page.fill('#lastName', 'Onu');
    await page.fill('#password', newcomer.password);
    await page.click('button[type=submit]');
    await page.waitForURL('**/admin/enrol');
    expect(await violationsOf(page, 'enrol')).toEqual([]);
    await page.click('summary');
    newcomer.totpSecret = (await page.textContent('.fs-secret'))?.replaceAll(' ', '') ?? '';
    await page.fill('#code', '000000');
    await page.click('button[type=submit]');
    await page.waitForSelector('[role=alert]');
    await page.fill('#code', await nextCode());
    await page.click('button[type=submit]');
    await page.waitForSelector('.fs-codes li:nth-child(10)');
    await page.click('text=I have kept them');
    await page.waitForSelector('.fs-cards');
    const again = await fetch(`${lab.origin}/admin/enrol?token=${link}`, { headers: { accept: 'text/html' } });
    expect(again.status).toBe(410);
    await signOut();
  });

  test('signs in with password and code; a wrong code is refused in one sentence', async () => {
    await givePassword();
    await page.waitForURL('**/login/mfa**');
    await page.fill('#code', '000000');
    await page.click('button:has-text("Continue")');
    await page.waitForSelector('text=The email, password or code is not right.');
    await page.fill('#code', await nextCode());
    await page.click('button:has-text("Continue")');
    await page.waitForSelector('.fs-cards');
  });

  test('adds a passkey on the account page, names it, and signs in with it', async () => {
    await page.goto(`${origin}/admin/account`);
    expect(await violationsOf(page, 'account')).toEqual([]);
    await page.click('text=Add a passkey');
    await page.fill('#name', 'Desk computer');
    await page.click('text=Create passkey');
    await page.waitForURL((url) => url.pathname === '/admin/account');
    await page.waitForSelector('text=Desk computer');
    await signOut();
    await givePassword();
    await page.waitForURL('**/login/mfa**');
    expect(await violationsOf(page, 'second factor')).toEqual([]);
    await page.click('text=Use a passkey');
    await page.waitForSelector('.fs-cards');
  });

  test('comes back from an idle end in the dialog, and what was typed goes on by itself', async () => {
    await page.goto(`${origin}/admin/resources/User/records/${customerId}/show`);
    await page.click('button:has-text("Add note")');
    const note = page.locator('dialog textarea').first();
    await note.fill('Prefers to be called after four.');
    await sql.rows(`UPDATE platform.admin_session SET idle_expires_at = now() - interval '1 second' WHERE revoked_at IS NULL`);
    await note.press('Control+Enter');
    await page.waitForSelector('text=Please sign in again');
    expect(await violationsOf(page, 'sign in again')).toEqual([]);
    await page.fill('#fs-again-email', newcomer.email);
    await page.fill('#fs-again-secret', newcomer.password);
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog >> text=Use a passkey');
    await page.click('dialog >> text=Use a passkey');
    await page.waitForSelector('text=Note added.');
    expect(page.url()).toContain(customerId);
  });

  test('confirms with the passkey before factors may be changed', async () => {
    await sql.rows(`UPDATE platform.admin_session SET factor_at = now() - interval '1 hour' WHERE revoked_at IS NULL`);
    await page.goto(`${origin}/admin/account`);
    await page.click('a:has-text("Confirm it is you")');
    expect(await violationsOf(page, 'step-up')).toEqual([]);
    await page.click('text=Use a passkey');
    await page.waitForURL((url) => url.pathname === '/admin/account');
    await page.waitForSelector('text=Make new recovery codes');
  });

  test('the sixth wrong password of a strange browser waits', async () => {
    const context = await browser.newContext();
    const stranger = await context.newPage();
    stranger.setDefaultTimeout(45_000);
    watch(stranger, origin, problems);
    for (let tried = 1; tried <= 6; tried += 1) {
      await stranger.goto(`${origin}/admin/login`);
      await stranger.fill('#email', newcomer.email);
      await stranger.fill('#password', `not it ${tried}`);
      await stranger.click('button[type=submit]');
      await stranger.waitForSelector(tried < 6 ? 'text=The email, password or code is not right.' : 'text=Too many attempts.');
    }
    await context.close();
  });

  test('an auditor asks the simulator, and reads the review, at every width', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const seen = await context.newPage();
    seen.setDefaultTimeout(45_000);
    watch(seen, origin, problems);
    await signIn(seen, origin, auditor);
    await seen.goto(`${origin}/admin/pages/permission-simulator`);
    await seen.getByLabel('Role', { exact: true }).selectOption('support');
    await seen.keyboard.press('Tab');
    await seen.click('button:has-text("Ask")');
    await seen.getByLabel('Find a right').fill('user.suspend');
    await seen.waitForSelector('text=Needs a support lead.');
    expect(await overflowOf(seen)).toBe(0);
    expect(await violationsOf(seen, 'simulator')).toEqual([]);
    await seen.goto(`${origin}/admin/pages/access-review`);
    await seen.waitForSelector('#fs-main h1');
    expect(await overflowOf(seen)).toBe(0);
    expect(await violationsOf(seen, 'access review')).toEqual([]);
    await context.close();
  });

  test('leaves nothing in the console, no refused content, no foreign or failed request', () => {
    expect(unexpected()).toEqual([]);
  });
});

type Hire = { email: string; firstName: string; lastName: string; role: 'admin' | 'auditor' };

/** An account with an authenticator; gives its secret. */
async function hire(deps: CommandDeps, { role, ...person }: Hire): Promise<string> {
  const input = { ...person, password, grants: [{ role, isLead: false }] };
  const { output } = await runCommand(deps, systemCommands.createStaffAccount, { input });
  return (await runCommand(deps, systemCommands.enrolTotpFor, { input: { userId: output.userId } })).output.secret;
}
