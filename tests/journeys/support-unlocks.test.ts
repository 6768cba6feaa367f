import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { totpCode, totpStepAt } from '../../src/foundation/crypto/totp.ts';
import { AppError } from '../../src/foundation/errors/app-error.ts';
import { addSeconds } from '../../src/foundation/runtime/clock.ts';
import { runInContext } from '../../src/foundation/runtime/request-context.ts';
import { commands, systemCommands } from '../../src/modules/identity/index.ts';
import { fillCountries } from '../../src/modules/reference/index.ts';
import { anonymous, requestContext } from '../support/app.ts';
import { openBrowser, whyNoBrowser } from '../support/chromium.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { violationsOf } from '../support/walk.ts';

const staff = { email: 'ada@staff.example.com', password: 'correct horse battery staple 9', firstName: 'Ada', lastName: 'Obi' };
const client = { phone: '+2348030001122', password: 'a long enough pass phrase 7', firstName: 'Chioma', lastName: 'Eze' };
const waitMs = 45_000;

const missing = whyNoBrowser();

describe.skipIf(missing !== null)(`support unlocks a client${missing ? ` (${missing})` : ''}`, { timeout: 300_000 }, () => {
  let lab: Lab;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let totpSecret = '';
  const problems: string[] = [];
  const violations: string[] = [];

  beforeAll(async () => {
    lab = await startLab(async (app) => {
      totpSecret = await addPeople(app);
    });
    browser = await openBrowser();
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
    page = await context.newPage();
    page.setDefaultTimeout(waitMs);
    watch(page, lab.origin, problems);
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  }, 60_000);

  test('the throttled client cannot sign in', async () => {
    const answer = await signInByApi(lab);
    expect(answer.status).toBe(429);
  });

  test('support signs in with password and authenticator', async () => {
    await page.goto(`${lab.origin}/admin`);
    violations.push(...(await violationsOf(page, 'sign-in page')));
    await page.fill('#email', staff.email);
    await page.fill('#password', staff.password);
    await page.click('button[type=submit]');
    await page.waitForURL('**/login/mfa**');
    await page.fill('#code', totpCode(totpSecret, totpStepAt(new Date())));
    await page.click('.fs-button-primary');
    await page.waitForSelector('.fs-cards');
    violations.push(...(await violationsOf(page, 'dashboard')));
  });

  test('finds the client by the number as people say it, with and without the country', async () => {
    await page.click('#fs-sidebar a[href="/admin/resources/User"]');
    await page.waitForSelector('tbody tr');
    violations.push(...(await violationsOf(page, 'users list')));
    for (const typed of ['08030001122', '+234 803 000 1122']) {
      await page.fill('main input[type=search]', typed);
      const answered = page.waitForResponse((response) => new URL(response.url()).searchParams.get('q') === typed);
      await page.keyboard.press('Enter');
      await (await answered).finished();
      // Not waitForFunction: it polls by eval, which the page's policy refuses.
      await expect.poll(() => page.locator('tbody tr').count(), { timeout: 30_000 }).toBe(1);
      expect(await page.textContent('tbody')).toContain('Chioma Eze');
      expect(await page.content()).not.toContain(client.phone);
    }
  });

  test('unlocks with a reason, and the receipt leads to who, role, reason, before and after', async () => {
    await page.click('.fs-row-link');
    await page.waitForSelector('.fs-strip');
    expect(await page.textContent('.fs-strip')).toContain('Locked, open again');
    violations.push(...(await violationsOf(page, 'customer page')));
    await page.getByRole('button', { name: /^Unlock account/ }).click();
    await page.waitForSelector('.fs-effects p');
    violations.push(...(await violationsOf(page, 'reason dialog')));
    await page.selectOption('dialog select', 'customer_request');
    await page.fill('dialog textarea', 'Called from her own number, asked to be let in');
    await page.click('dialog .fs-button-primary');
    await page.waitForSelector('.fs-receipt');
    expect(await page.textContent('.fs-receipt')).toContain('Unlocked. Chioma can sign in now and is told by SMS.');
    await page.locator('dialog').waitFor({ state: 'detached' });
    // The page has loaded the account anew: it is not locked any more.
    await page.getByRole('button', { name: /^Unlock account/, disabled: true }).waitFor();

    await page.getByRole('tab', { name: 'History' }).click();
    await page.waitForSelector('.fs-timeline li');
    const line = page.locator('.fs-timeline li', { hasText: 'unlocked this account' });
    expect(await line.textContent()).toContain('Ada Obi (support) unlocked this account');
    expect(await line.textContent()).toContain('Called from her own number');

    await page.click('.fs-receipt a');
    await page.waitForURL('**/pages/audit?action=*');
    await page.waitForSelector('.fs-diff');
    const entry = (await page.textContent('main')) ?? '';
    for (const part of ['Ada Obi', 'support', 'unlocked this account', 'FASTAR', 'Called from her own number', 'Customer request']) {
      expect(entry).toContain(part);
    }
    const lock = page.locator('.fs-diff > div', { hasText: /locked until/i });
    expect(await lock.locator('del time').getAttribute('datetime')).toMatch(/^20\d\d-/);
    expect(await lock.locator('del').textContent()).toMatch(/20\d\d.*Lagos/);
    expect(await lock.locator('dd').textContent()).toMatch(/became empty$/);
    await page.click('#fs-sidebar a[href="/admin/pages/audit"]');
    await page.locator('.fs-audit > li').nth(3).waitFor();
    violations.push(...(await violationsOf(page, 'audit explorer')));
  });

  test('the client signs in', async () => {
    const answer = await signInByApi(lab);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ accessToken: expect.any(String) });
  });

  test('no screen on the way hinders anybody, in light or dark', () => {
    expect(violations).toEqual([]);
  });

  test('the browser had nothing to complain of', () => {
    expect(problems).toEqual([]);
    expect(lab.said()).not.toMatch(/"level":(50|60)/);
  });
});

/** Console errors (a refusal by the content policy is one), exceptions, foreign, failed and refused requests. */
function watch(page: Page, origin: string, problems: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error' || /content security policy/i.test(message.text())) problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) problems.push(`foreign request: ${request.url()}`);
  });
  page.on('requestfailed', (request) => problems.push(`failed request: ${request.url()} ${request.failure()?.errorText}`));
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
}

function signInByApi(lab: Lab): Promise<Response> {
  return fetch(`${lab.origin}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ phone: client.phone, password: client.password }),
  });
}

/** A support member with an authenticator, and a client whom strangers' guesses have locked out for fifteen minutes. */
async function addPeople({ deps }: App): Promise<string> {
  await fillCountries(deps);
  const grants = [{ role: 'support' as const, isLead: false }];
  const made = await runCommand(deps, systemCommands.createStaffAccount, { input: { ...staff, grants } });
  const enrolled = await runCommand(deps, systemCommands.enrolTotpFor, { input: { userId: made.output.userId } });
  await runCommand(deps, systemCommands.registerVerified, { input: { kind: 'client', ...client, countryCode: 'NG' } });
  const other = { kind: 'client' as const, phone: '+2348030001123', password: client.password, firstName: 'Bola', lastName: 'Ade' };
  await runCommand(deps, systemCommands.registerVerified, { input: { ...other, countryCode: 'NG' } });
  const now = deps.clock.now();
  for (const [n, secondsAgo] of guesses.entries()) await guess(deps, { at: addSeconds(now, -secondsAgo), ip: `105.112.${40 + n}.7` });
  return enrolled.output.secret;
}

/** Ten at once, then one after each wait of 1, 2, 4 and 8 minutes; the next wait is of fifteen. */
const guesses = [925, 924, 923, 922, 921, 920, 919, 918, 917, 916, 855, 734, 493, 12];

async function guess(deps: App['deps'], { at, ip }: { at: Date; ip: string }): Promise<void> {
  const input = {
    phone: client.phone,
    password: 'not the password',
    client: { clientId: 'public', mode: 'body' as const },
    device: { token: null },
  };
  const then = { ...deps, clock: { now: () => at } };
  await runInContext({ ...requestContext(anonymous), ip }, () => runCommand(then, commands.logIn, { input })).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
  });
}
