import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BackOffice, type Person, password, startBackOffice } from './support/back-office.ts';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const markup = '<img src=x onerror=hacked=1>';

describe.runIf(existsSync(executablePath))('the back office in a real browser', { timeout: 120_000 }, () => {
  let office: BackOffice;
  let browser: Browser;
  let admin: Person;
  let customerId: string;

  beforeAll(async () => {
    office = await startBackOffice();
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
    admin = await office.addStaff('admin', { hasTotp: true });
    customerId = await office.addCustomer('Chioma', 'Eze');
    await office.app.as({ kind: 'system', name: 'operator' }, () =>
      office.app.deps.database.prisma.user.update({ where: { id: customerId }, data: { displayName: `Chioma ${markup}` } }),
    );
  });
  afterAll(async () => {
    await browser?.close();
    await office?.stop();
  });

  /** A page that notes whatever a browser complains of: console errors, CSP reports, failed and foreign requests. */
  async function openPage(
    options: { width?: number; height?: number; colorScheme?: 'light' | 'dark' } = {},
  ): Promise<{ page: Page; problems: string[] }> {
    const { width = 1280, height = 900, colorScheme = 'light' } = options;
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    const problems: string[] = [];
    page.on('console', (message) => {
      // The browser logs every 4xx answer; those are the point of some tests.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(office.origin)) problems.push(`foreign request ${request.url()}`);
    });
    return { page, problems };
  }

  async function signIn(page: Page, person: Person, path = '/admin'): Promise<void> {
    await page.goto(`${office.origin}${path}`);
    await page.fill('#email', person.email);
    await page.fill('#password', password);
    await page.click('button[type=submit]');
    if (person.totpSecret) {
      await page.waitForURL('**/login/mfa**');
      await page.fill('#code', office.codeFor(person));
      await page.click('.fs-button-primary');
    }
    await page.waitForSelector('.fs-main');
  }

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axeSource);
    const found = await page.evaluate('axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })');
    const list =
      typeof found === 'object' && found !== null && 'violations' in found && Array.isArray(found.violations) ? found.violations : [];
    return list.map((item) => `${item.id}: ${item.nodes.map((node: { html: string }) => node.html).slice(0, 2)}`);
  }

  test('H32 sign-in leads to the page asked for, without a console error or a foreign request', async () => {
    const { page, problems } = await openPage();
    await signIn(page, admin, '/admin/resources/Country?filters.region=Africa');
    await page.waitForSelector('table');
    expect(new URL(page.url()).search).toBe('?filters.region=Africa');
    expect(await page.textContent('.fs-chip')).toContain('Africa');
    expect(await page.title()).toBe('Countries - Fashionistar');
    await page.click('.fs-row-link');
    await page.waitForSelector('.fs-facts');
    expect(await page.title()).toBe('Algeria, country - Fashionistar');
    await page.goBack();
    await page.waitForSelector('table');
    expect(await page.locator('.fs-chip').count()).toBe(1);
    await page.click('.fs-chip');
    await page.locator('.fs-chip').waitFor({ state: 'detached' });
    for (const path of ['/admin', '/admin/resources/User', '/admin/resources/Grant', '/admin/account']) {
      await page.goto(`${office.origin}${path}`);
      await page.waitForSelector('h1');
    }
    expect(problems).toEqual([]);
    await page.close();
  });

  test('H19 markup in a name is shown as text, in lists, records and titles', async () => {
    const { page, problems } = await openPage();
    await signIn(page, admin, '/admin/resources/User');
    await page.waitForSelector('table');
    expect(await page.textContent('tbody')).toContain(markup);
    await page.goto(`${office.origin}/admin/resources/User/records/${customerId}/show`);
    await page.waitForSelector('.fs-facts');
    expect(await page.textContent('h1')).toBe(`Chioma ${markup}`);
    expect(await page.evaluate('typeof hacked')).toBe('undefined');
    expect(problems).toEqual([]);
    await page.close();
  });

  test('an action asks for a fresh factor and goes on with its input; the receipt stays', async () => {
    const id = await office.addCustomer('Bola', 'Ade');
    const { page, problems } = await openPage();
    await signIn(page, admin, `/admin/resources/User/records/${id}/show`);
    await page.waitForSelector('.fs-rail-button');
    office.app.clock.advance(16 * 60);
    await page.click('.fs-rail-button');
    await page.waitForSelector('.fs-effects p');
    expect(await page.textContent('.fs-effects')).toContain('can no longer sign in');
    await page.selectOption('dialog select', 'security');
    await page.fill('dialog textarea', 'reported by the owner');
    await page.click('dialog .fs-button-primary');
    await page.waitForSelector('dialog input');
    expect(await page.textContent('dialog h2')).toBe('Confirm it is you');
    await page.fill('dialog input', office.codeFor(admin));
    await page.click('dialog .fs-button-primary');
    await page.waitForSelector('.fs-receipt');
    expect(await page.textContent('.fs-receipt')).toContain('Suspended. Bola Ade cannot sign in.');
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(problems).toEqual([]);
    await page.close();
  });

  test('a record that changed meanwhile shows both versions and keeps the input', async () => {
    const country = await office.app.deps.database.prisma.country.findFirstOrThrow({ where: { name: 'Senegal' } });
    const { page } = await openPage();
    await signIn(page, admin, `/admin/resources/Country/records/${country.id}/show`);
    await page.waitForSelector('.fs-rail-button');
    await office.app.as({ kind: 'system', name: 'operator' }, () =>
      office.app.deps.database.prisma.country.update({ where: { id: country.id }, data: { region: 'West', version: { increment: 1 } } }),
    );
    await page.click('.fs-rail-button');
    await page.selectOption('dialog select', 'policy');
    await page.fill('dialog textarea', 'asked for by the board');
    await page.click('dialog .fs-button-primary');
    await page.waitForSelector('dialog table');
    expect(await page.textContent('dialog table')).toContain('West');
    expect(await violations(page)).toEqual([]);
    await page.click('dialog .fs-button-primary');
    await page.waitForSelector('dialog textarea');
    expect(await page.inputValue('dialog textarea')).toBe('asked for by the board');
    await page.click('dialog .fs-button-primary');
    await page.waitForSelector('.fs-receipt');
    await page.close();
  });

  test('an ended session asks for sign-in in a dialog and the page goes on where it was', async () => {
    const { page } = await openPage();
    await signIn(page, admin, '/admin/resources/Country');
    await page.waitForSelector('table');
    await page.fill('input[type=search]', 'nige');
    office.app.clock.advance(31 * 60);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#fs-again-email');
    await page.fill('#fs-again-email', admin.email);
    await page.fill('#fs-again-secret', password);
    await page.click('dialog .fs-button-primary');
    await page.waitForSelector('#fs-again-secret[type=text]');
    await page.fill('#fs-again-secret', office.codeFor(admin));
    await page.click('dialog .fs-button-primary');
    await page.waitForSelector('tbody tr:nth-child(2):last-child');
    expect(new URL(page.url()).search).toBe('?q=nige');
    await page.close();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`no accessibility violation on any screen, ${colorScheme}`, async () => {
      const { page } = await openPage({ colorScheme });
      await page.goto(`${office.origin}/admin/login`);
      expect(await violations(page)).toEqual([]);
      await signIn(page, admin);
      const screens = [
        '/admin',
        '/admin/resources/Country',
        `/admin/resources/User/records/${customerId}/show`,
        '/admin/account',
        '/admin/nope',
      ];
      for (const path of screens) {
        await page.goto(`${office.origin}${path}`);
        await page.waitForSelector('table, .fs-cards, .fs-facts, .fs-plain-main');
        expect(await violations(page), path).toEqual([]);
      }
      await page.goto(`${office.origin}/admin/resources/Country`);
      await page.waitForSelector('table');
      await page.click('.fs-filter-add summary');
      await page.waitForSelector('.fs-filter-form');
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      expect(await page.evaluate('document.activeElement?.textContent')).toContain('Add filter');
      await page.close();
    });
  }

  test('nothing needs sideways scrolling at any width, and lists become cards', async () => {
    const { page } = await openPage();
    await signIn(page, admin);
    for (const width of [320, 390, 768, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      for (const path of ['/admin', '/admin/resources/Country', `/admin/resources/User/records/${customerId}/show`, '/admin/account']) {
        await page.goto(`${office.origin}${path}`);
        await page.waitForSelector('table, .fs-cards, .fs-facts, .fs-plain-main');
        expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'), `${path} at ${width}`).toBeLessThanOrEqual(
          0,
        );
      }
    }
    await page.close();
  });

  test('everything works by keyboard: skip link, menu, row, action, Escape', async () => {
    const { page } = await openPage();
    await signIn(page, admin, '/admin/resources/Country');
    await page.waitForSelector('table');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement?.id')).toBe('fs-main');
    await page.focus('.fs-row-link');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.fs-rail-button');
    expect(await page.evaluate('document.activeElement?.id')).toBe('fs-main');
    await page.focus('.fs-rail-button');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog');
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement?.className')).toContain('fs-rail-button');
    await page.close();
  });
});
