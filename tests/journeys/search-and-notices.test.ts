import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { runInContext } from '../../src/foundation/runtime/request-context.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { fillCountries } from '../../src/modules/reference/index.ts';
import { commands as support, systemCommands as supportSystem } from '../../src/modules/support/index.ts';
import { requestContext, staffActor } from '../support/app.ts';
import { openBrowser, whyNoBrowser } from '../support/chromium.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { overflowOf, signIn, violationsOf, watch } from '../support/walk.ts';

const password = 'correct horse battery staple 9';
const ada = { email: 'ada@staff.example.com', password, firstName: 'Ada', lastName: 'Obi', totpSecret: '' };
const bola = { email: 'bola@staff.example.com', password, firstName: 'Bola', lastName: 'Ade', totpSecret: '' };
const client = { phone: '+2348030001122', password: 'a long enough pass phrase 7', firstName: 'Chioma', lastName: 'Eze' };
const waitMs = 60_000;

const missing = whyNoBrowser();

/** One keyboard, no mouse: everything below is done with keys but the bell's outside click and the second person's page. */
describe.skipIf(missing !== null)(`search, notices and presence by keyboard${missing ? ` (${missing})` : ''}`, { timeout: 300_000 }, () => {
  let lab: Lab;
  let other: Awaited<ReturnType<Lab['startAnother']>>;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let ids: Planted;
  const problems: string[] = [];
  const violations: string[] = [];

  beforeAll(async () => {
    lab = await startLab(async (app) => {
      ids = await plant(app);
    });
    other = await lab.startAnother();
    browser = await openBrowser();
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
    page = await context.newPage();
    page.setDefaultTimeout(waitMs);
    watch(page, lab.origin, problems);
    await signIn(page, lab.origin, ada);
  }, 500_000);
  afterAll(async () => {
    await browser?.close();
    await other?.stop();
    await lab?.stop();
  }, 60_000);

  const focused = () => page.evaluate<string>('document.activeElement.getAttribute("aria-label") ?? document.activeElement.className');
  const chosen = () => page.locator('.fs-palette [aria-selected="true"]').textContent();

  test('Ctrl+K opens the box, arrow keys move, Escape closes and the focus goes back', async () => {
    await page.focus('.fs-search-box');
    await page.keyboard.press('Control+k');
    await page.waitForSelector('.fs-palette[open]');
    expect(await focused()).toContain('Search people');
    violations.push(...(await violationsOf(page, 'search box, empty')));
    const first = await chosen();
    await page.keyboard.press('ArrowDown');
    expect(await chosen()).not.toBe(first);
    await page.keyboard.press('ArrowUp');
    expect(await chosen()).toBe(first);
    await page.keyboard.press('Escape');
    await page.locator('.fs-palette').waitFor({ state: 'detached' });
    expect(await focused()).toContain('fs-search-box');
  });

  test('finds a caller by the number as they say it, and Enter opens the page', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('0803 000 1122');
    await page.locator('.fs-palette-option', { hasText: 'Chioma Eze' }).waitFor();
    expect(await page.textContent('.fs-palette')).toContain('+234 ••• ••• 1122');
    expect(await page.content()).not.toContain('8030001122');
    violations.push(...(await violationsOf(page, 'search box, found')));
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/resources/User/records/${ids.clientId}/show`);
    await page.waitForSelector('.fs-strip');
    expect(await page.title()).toContain('Chioma Eze');
  });

  test('remembers what was opened last, in this tab only', async () => {
    await page.keyboard.press('/');
    await page.locator('.fs-palette [role=group]', { hasText: 'Opened last' }).waitFor();
    expect(await chosen()).toContain('Chioma Eze');
    expect(await page.evaluate<string>('JSON.stringify(localStorage)')).not.toContain('Chioma');
    await page.keyboard.press('Escape');
  });

  test('a command goes to a place and changes the theme', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('go to tick');
    await expect.poll(chosen).toContain('Go to Tickets');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/resources/Ticket');
    await page.keyboard.press('/');
    await page.keyboard.type('theme dark');
    await expect.poll(chosen).toContain('Theme: dark');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate<string>('document.documentElement.dataset.theme')).toBe('dark');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('theme system');
    await page.keyboard.press('Enter');
  });

  test('the keys do nothing while somebody types', async () => {
    await page.keyboard.press('?');
    await page.waitForSelector('.fs-shortcuts');
    violations.push(...(await violationsOf(page, 'list of keys')));
    await page.keyboard.press('/');
    expect(await page.locator('.fs-palette').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.focus('main input[type=search]');
    await page.keyboard.type('a/b?');
    expect(await page.locator('.fs-palette, .fs-shortcuts').count()).toBe(0);
    expect(await page.inputValue('main input[type=search]')).toBe('a/b?');
  });

  test('the bell counts, a notice opens its record and is read', async () => {
    await page.goto(`${lab.origin}/admin`);
    const bell = page.locator('.fs-bell > button');
    await expect.poll(() => bell.getAttribute('aria-label'), { timeout: waitMs }).toMatch(/[12] unread/);
    await bell.focus();
    await page.keyboard.press('Enter');
    await page.locator('.fs-bell-panel li').first().waitFor();
    violations.push(...(await violationsOf(page, 'bell, open')));
    await page.keyboard.press('Escape');
    await page.locator('.fs-bell-panel').waitFor({ state: 'detached' });
    expect(await focused()).toContain('Notifications');
    await page.keyboard.press('Enter');
    await page.locator('.fs-bell-panel li a', { hasText: 'You were mentioned' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/resources/User/records/${ids.clientId}/show`);
    await page.goto(`${lab.origin}/admin/pages/notifications`);
    await page.waitForSelector('.fs-notices li');
    violations.push(...(await violationsOf(page, 'notifications')));
    await expect.poll(() => page.locator('.fs-notices li.fs-unread', { hasText: 'You were mentioned' }).count()).toBe(0);
  });

  test('what one is told is chosen per kind', async () => {
    await page.goto(`${lab.origin}/admin/pages/notifications?tab=settings`);
    const box = page.getByLabel('Assigned to me by mail');
    await box.focus();
    await page.keyboard.press('Space');
    await expect.poll(() => page.textContent('.fs-said')).toContain('Saved: Assigned to me.');
    violations.push(...(await violationsOf(page, 'what I am told')));
    await page.reload();
    await expect.poll(() => page.getByLabel('Assigned to me by mail').isChecked()).toBe(true);
  });

  test('a colleague on the other process is seen on the ticket, and sees who else is there', async () => {
    const second = await browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    const hers = await second.newPage();
    hers.setDefaultTimeout(waitMs);
    watch(hers, other.origin, problems);
    await signIn(hers, other.origin, bola);
    const path = `/admin/resources/Ticket/records/${ids.ticketId}/show`;
    await hers.goto(`${other.origin}${path}`);
    await page.goto(`${lab.origin}${path}`);
    await page.locator('.fs-presence-people', { hasText: 'Bola Ade is viewing this' }).waitFor();
    await hers.locator('.fs-presence-people', { hasText: 'Ada Obi is viewing this' }).waitFor();
    violations.push(...(await violationsOf(page, 'ticket with presence')), ...(await violationsOf(hers, 'ticket with presence, narrow')));
    expect(await overflowOf(hers)).toBe(0);
    await hers.click('.fs-search-box');
    await hers.waitForSelector('.fs-palette[open]');
    expect(await overflowOf(hers)).toBe(0);
    await second.close();
  });

  test('a note offers colleagues who may open the page', async () => {
    await page.goto(`${lab.origin}/admin/resources/User/records/${ids.clientId}/show`);
    await page
      .getByRole('button', { name: /^Add note/ })
      .first()
      .click();
    await page.focus('dialog textarea');
    await page.keyboard.type('Please look, @bol');
    await page.locator('.fs-mention-option', { hasText: 'Bola Ade' }).waitFor();
    violations.push(...(await violationsOf(page, 'note with colleagues')));
    await page.keyboard.press('Enter');
    await expect.poll(() => page.inputValue('dialog textarea')).toBe('Please look, @Bola Ade ');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.fs-receipt');
    expect(await page.textContent('.fs-receipt')).toContain('Note added');
  });

  test('no screen on the way hinders anybody, in light or dark', () => {
    expect(violations).toEqual([]);
  });

  test('the browser had nothing to complain of', () => {
    expect(problems).toEqual([]);
  });
});

type Planted = { clientId: string; ticketId: string };

/** Two colleagues with authenticators, a client with a ticket, and a note that names the first of them. */
async function plant({ deps }: App): Promise<Planted> {
  await fillCountries(deps);
  const userIds: string[] = [];
  for (const person of [ada, bola]) {
    const { totpSecret: _, ...input } = person;
    const made = await runCommand(deps, systemCommands.createStaffAccount, { input: { ...input, grants: [{ role: 'support' }] } });
    const enrolled = await runCommand(deps, systemCommands.enrolTotpFor, { input: { userId: made.output.userId } });
    person.totpSecret = enrolled.output.secret;
    userIds.push(made.output.userId);
  }
  const registered = await runCommand(deps, systemCommands.registerVerified, { input: { kind: 'client', ...client, countryCode: 'NG' } });
  const clientId = registered.output.userId;
  const ticketId = newId();
  const ticket = {
    id: ticketId,
    category: 'general' as const,
    priority: 'medium' as const,
    title: 'The blue dress',
    subjectUserId: clientId,
  };
  await runCommand(deps, supportSystem.openTicketCommand, { input: ticket });
  const author = { ...staffActor({ role: 'support', isLead: false, expiresAt: null }, deps.clock.now()), id: userIds[1] ?? '' };
  const input = { id: clientId, body: 'Ada knows the case', mentions: [userIds[0] ?? ''] };
  await runInContext(requestContext(author), () => runCommand(deps, support.addNote, { input }));
  return { clientId, ticketId };
}
