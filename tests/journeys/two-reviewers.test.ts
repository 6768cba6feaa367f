import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, whyNoBrowser } from '../support/chromium.ts';
import { signIn } from '../support/walk.ts';
import { answerAll, type Desk, handInProduct, openQueue, startDesk, takeNext } from './review-desk.ts';

const missing = whyNoBrowser();

describe.skipIf(missing !== null)(`two reviewers at one queue${missing ? ` (${missing})` : ''}`, { timeout: 300_000 }, () => {
  let desk: Desk;
  let browser: Browser;
  let ada: Page;
  let bola: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    desk = await startDesk({ storeStatus: 'approved', products: ['draft', 'draft'] });
    browser = await openBrowser();
    for (const id of desk.productIds) await handInProduct(desk, id);
    ada = await openQueue(browser, desk, 'reviewer', problems);
    bola = await openQueue(browser, desk, 'other', problems);
    // Both cases are there before anybody takes one.
    await ada.locator('.fs-review-line').nth(1).waitFor({ timeout: 60_000 });
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await desk?.lab.stop();
  }, 60_000);

  test('at the same instant one gets the case, the other the next', async () => {
    await Promise.all([takeNext(ada), takeNext(bola)]);
    const [mine, theirs] = [caseOf(ada), caseOf(bola)];
    expect(mine).not.toBe(theirs);
    await bola.goto(`${desk.lab.origin}/admin/pages/review?tab=mine&case=${mine}`);
    await bola.getByText('Not open to you').waitFor();
  });

  test('a decision on a version that changed meanwhile is refused with what changed, and no note is lost', async () => {
    const title = (await ada.locator('#fs-review-case').textContent()) ?? '';
    await answerAll(ada, ['price']);
    const note = ada.getByRole('textbox', { name: /^Note: The price/ });
    await note.fill('Three times what others ask for it.');
    await ada.locator('.fs-review-saving', { hasText: /^Saved$/ }).waitFor();
    await correctPrice(browser, desk, title);
    await ada.locator('#fs-review-case').focus();
    await ada.keyboard.press('c');
    const written = ada.getByRole('textbox', { name: 'Price', exact: true });
    expect(await written.inputValue()).toBe('Three times what others ask for it.');
    await written.focus();
    await ada.keyboard.press('Control+Enter');
    const refusal = ada.locator('.fs-review-problem');
    await refusal.waitFor();
    expect(await refusal.locator('del').textContent()).toContain('15');
    expect(await refusal.locator('ins').textContent()).toContain('16');
    await refusal.getByRole('button', { name: 'Load the new version' }).click();
    await ada.locator('.fs-review-price strong', { hasText: '16,500' }).waitFor();
    await refusal.waitFor({ state: 'detached' });
    expect(await ada.getByRole('textbox', { name: 'Price', exact: true }).inputValue()).toBe('Three times what others ask for it.');
  });

  test('the browser had nothing to complain of but the refusals', () => {
    expect(problems.filter((problem) => !/40[39]/.test(problem))).toEqual([]);
    expect(desk.lab.said()).not.toMatch(/"level":(50|60)/);
  });
});

const caseOf = (page: Page) => new URL(page.url()).searchParams.get('case') ?? '';

/** An administrator corrects the price of a product while it is under review. */
async function correctPrice(browser: Browser, desk: Desk, title: string): Promise<void> {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(45_000);
  await signIn(page, desk.lab.origin, desk.people.admin);
  await page.goto(`${desk.lab.origin}/admin/resources/Product?filters.title~~contains=${encodeURIComponent(title)}`);
  await page.locator('.fs-row-link').first().click();
  await page.getByRole('button', { name: /^Correct price/ }).click();
  await page.getByLabel('Reason').selectOption('error_correction');
  await page.getByLabel('In your words').fill('The vendor mistyped it by phone');
  await page.getByRole('dialog').getByLabel('Price', { exact: true }).fill('16500.00');
  await page.locator('dialog button[type=submit]').click();
  await page.locator('.fs-receipt').waitFor();
  await page.context().close();
}
