import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, whyNoBrowser } from '../support/chromium.ts';
import { freshCode, violationsOf } from '../support/walk.ts';
import { answerAll, type Desk, openQueue, startDesk, store, takeNext } from './review-desk.ts';

const missing = whyNoBrowser();

describe.skipIf(missing !== null)(`a review day by keyboard${missing ? ` (${missing})` : ''}`, { timeout: 300_000 }, () => {
  let desk: Desk;
  let browser: Browser;
  let page: Page;
  let lead: Page;
  const problems: string[] = [];
  const violations: string[] = [];

  beforeAll(async () => {
    desk = await startDesk({ storeStatus: 'draft', products: [] });
    browser = await openBrowser();
    await handIn(desk, true);
    page = await openQueue(browser, desk, 'reviewer', problems);
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await desk?.lab.stop();
  }, 60_000);

  test('t hands out the case and puts the focus on its heading', async () => {
    await takeNext(page);
    expect(await page.locator('#fs-review-case').textContent()).toBe(store.name);
    await page.locator('#fs-review-case:focus').waitFor();
    expect(new URL(page.url()).searchParams.get('tab')).toBe('mine');
    expect(await page.locator('.fs-review-lease').textContent()).toMatch(/Yours for (30|29) more minutes/);
    violations.push(...(await violationsOf(page, 'case')));
  });

  test('a refused approval says why and sends nothing; ? lists the keys', async () => {
    await page.keyboard.press('a');
    await page.locator('[data-form="approve"]:focus').waitFor();
    expect(await page.locator('.fs-review-buttons').textContent()).toContain('10 are open');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    expect(await page.getByRole('dialog').textContent()).toContain('Open the form to request changes');
    await page.keyboard.press('Escape');
  });

  test('answers are kept while they are given; letters typed into a note open nothing', async () => {
    await answerAll(page, ['description']);
    const note = page.getByRole('textbox', { name: /^Note: The description/ });
    await note.focus();
    await page.keyboard.type('race: say how long an order takes');
    expect(await page.locator('.fs-review-form').count()).toBe(0);
    await page.locator('.fs-review-saving', { hasText: /^Saved$/ }).waitFor();
    await page.reload();
    await page.locator('#fs-review-case').waitFor();
    expect(await page.locator('.fs-review-item-fail textarea').inputValue()).toBe('race: say how long an order takes');
    expect(await page.locator('.fs-review-item-pass').count()).toBe(9);
  });

  test('c opens the form with the failed item as a note, shows the very message, survives a reload, and Ctrl+Enter sends', async () => {
    await page.locator('#fs-review-case').focus();
    await page.keyboard.press('c');
    const note = page.getByRole('textbox', { name: 'Description', exact: true });
    await note.waitFor();
    expect(await note.inputValue()).toBe('race: say how long an order takes');
    await note.focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Say how long an order takes.');
    violations.push(...(await violationsOf(page, 'request changes')));
    const shown = (await page.locator('.fs-review-message').textContent()) ?? '';
    expect(shown).toContain('Your store needs some changes');
    await page.reload();
    await page.locator('#fs-review-case').waitFor();
    await page.keyboard.press('c');
    expect(await page.getByRole('textbox', { name: 'Description', exact: true }).inputValue()).toBe('Say how long an order takes.');
    await page.getByRole('textbox', { name: 'Description', exact: true }).focus();
    await page.keyboard.press('Control+Enter');
    await page.locator('.fs-receipt', { hasText: 'The vendor is told' }).waitFor();
    const mail = await mailTo(desk, 'Say how long an order takes.');
    for (const line of ['Please change the following and send it again', 'escription: Say how long an order takes.']) {
      expect(mail).toContain(line);
    }
  });

  test('what is handed in again shows only what changed, and what was asked for', async () => {
    await handIn(desk, false);
    await page.goto(`${desk.lab.origin}/admin/pages/review`);
    await page.getByRole('heading', { name: 'Review queue' }).waitFor();
    await takeNext(page);
    const since = page.locator('section', { has: page.getByRole('heading', { name: 'What changed since the last round' }) }).last();
    await since.waitFor();
    expect(await since.locator('.fs-diff > div').count()).toBe(1);
    expect(await since.locator('ins').textContent()).toContain('It takes two weeks.');
    expect(await since.textContent()).toContain('Say how long an order takes.');
  });

  test('an approval that needs two people waits for the second one', async () => {
    await answerAll(page);
    await page.keyboard.press('a');
    await page.locator('.fs-review-form').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.locator('.fs-receipt', { hasText: 'waits for a second person' }).waitFor();
    expect((await fetch(`${desk.lab.origin}/api/v1/catalog/vendors/${store.slug}`)).status).toBe(404);
  });

  test('the second person does not see the first answer, proves who they are, and the store is in the shop', async () => {
    lead = await openQueue(browser, desk, 'lead', problems);
    await lead.goto(`${desk.lab.origin}/admin/pages/review?tab=second`);
    await lead.locator('.fs-review-line a').first().waitFor();
    await lead.keyboard.press('j');
    await lead.keyboard.press('Enter');
    await lead.getByText('You are the second person').waitFor();
    expect(await lead.locator('.fs-review-item-pass').count()).toBe(0);
    expect(await lead.locator('.fs-review-given').count()).toBe(0);
    violations.push(...(await violationsOf(lead, 'second look')));
    await answerAll(lead);
    await lead.keyboard.press('a');
    await lead.locator('.fs-review-form').waitFor();
    await lead.keyboard.press('Control+Enter');
    const told = lead.locator('.fs-receipt', { hasText: 'by two people' });
    const asked = lead.getByLabel('Code from your authenticator app');
    await told.or(asked).first().waitFor();
    if (await asked.isVisible()) {
      await asked.fill(await freshCode(desk.people.lead.totpSecret));
      await lead.keyboard.press('Enter');
    }
    await told.waitFor();
    expect((await fetch(`${desk.lab.origin}/api/v1/catalog/vendors/${store.slug}`)).status).toBe(200);
  });

  test('no screen on the way hinders anybody, and the browser had nothing to complain of', () => {
    expect(violations).toEqual([]);
    // The step-up is a refusal by design.
    expect(problems.filter((problem) => !problem.includes('403'))).toEqual([]);
    expect(desk.lab.said()).not.toMatch(/"level":(50|60)/);
  });
});

/** The vendor's side: consent the first time, a longer description the second time, and handing in. */
async function handIn({ vendor, termsVersion }: Desk, isFirst: boolean): Promise<void> {
  const before = await vendor('GET', '/account/vendor');
  const profile = objectIn(before.json);
  let { etag } = before;
  if (isFirst) {
    const body = { purpose: 'terms', version: termsVersion, granted: true };
    expect((await vendor('POST', '/account/consents', { body })).status).toBeLessThan(300);
  }
  const { storeName, businessType, countryCode, state, city, address, collections } = profile;
  const description = isFirst
    ? 'Hand-dyed cloth from Abeokuta, made to order.'
    : 'Hand-dyed cloth from Abeokuta, made to order. It takes two weeks.';
  const body = {
    ...{ storeName, description, businessType, countryCode, state, city, address, collections },
  };
  const written = await vendor('PUT', '/account/vendor', { body, ifMatch: etag });
  expect(written.status, JSON.stringify(written.json)).toBe(200);
  etag = written.etag;
  const handedIn = await vendor('POST', '/account/vendor/submit', { body: {}, ifMatch: etag });
  expect(handedIn.status, JSON.stringify(handedIn.json)).toBe(202);
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

/** What arrived in the dev inbox, once it is there. */
async function mailTo({ lab }: Desk, words: string): Promise<string> {
  for (let tried = 0; tried < 60; tried += 1) {
    const answer = await fetch(`${lab.origin}/dev/inbox?to=${encodeURIComponent(store.email)}`, {
      headers: { accept: 'application/json' },
    });
    const text = await answer.text();
    if (text.includes(words)) return text;
    await delay(500);
  }
  throw new Error('The message did not arrive');
}
