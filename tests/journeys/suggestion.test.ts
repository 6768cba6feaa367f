import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, whyNoBrowser } from '../support/chromium.ts';
import { signIn, violationsOf, watch } from '../support/walk.ts';
import { answerAll, type Desk, openQueue, startDesk, takeNext } from './review-desk.ts';

const missing = whyNoBrowser();
const better = {
  title: 'Indigo adire wrapper, two yards of hand-dyed cotton',
  description:
    'Two yards of cotton from Abeokuta, dyed by hand with indigo. The cloth is soft, keeps its colour in the wash and comes with a matching scarf.',
};

describe.skipIf(missing !== null)(`a suggestion of an enhancer${missing ? ` (${missing})` : ''}`, { timeout: 300_000 }, () => {
  let desk: Desk;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  const violations: string[] = [];

  beforeAll(async () => {
    desk = await startDesk({ storeStatus: 'approved', products: ['published'] });
    browser = await openBrowser();
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await desk?.lab.stop();
  }, 60_000);

  test('is proposed beside the live text, which stays as it is', async () => {
    const enhancer = await (await browser.newContext()).newPage();
    enhancer.setDefaultTimeout(45_000);
    watch(enhancer, desk.lab.origin, problems);
    await signIn(enhancer, desk.lab.origin, desk.people.enhancer);
    const status = await enhancer.evaluate<number>(`(async () => {
      const base = '/admin/api/resources/Product/records/${desk.productIds[0]}';
      const { version } = await (await fetch(base + '/show')).json();
      const answer = await fetch(base + '/suggest', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ input: { changes: ${JSON.stringify(better)} }, expectedVersion: version, idempotencyKey: crypto.randomUUID() }),
      });
      return answer.status;
    })()`);
    expect(status).toBe(200);
    expect(await liveTexts(desk)).toMatchObject({ title: 'Indigo wrapper of two yards' });
    await enhancer.context().close();
  });

  test('is taken over field by field by a reviewer; only that is live', async () => {
    page = await openQueue(browser, desk, 'reviewer', problems);
    await takeNext(page);
    await page.getByRole('heading', { name: 'What an enhancer proposes' }).waitFor();
    expect(await page.locator('.fs-review-fields > li').count()).toBe(2);
    await page.getByRole('checkbox', { name: 'Take over: Title' }).focus();
    await page.keyboard.press('Space');
    await page.getByText('Left out: the live value stays.').waitFor();
    await answerAll(page);
    violations.push(...(await violationsOf(page, 'suggestion')));
    await page.keyboard.press('a');
    await page.getByText('Takes over 1 of 2 fields').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.locator('.fs-receipt').waitFor();
    await expect
      .poll(() => liveTexts(desk), { timeout: 15_000 })
      .toMatchObject({
        title: 'Indigo wrapper of two yards',
        description: better.description,
      });
  });

  test('no screen on the way hinders anybody, and the browser had nothing to complain of', () => {
    expect(violations).toEqual([]);
    expect(problems).toEqual([]);
    expect(desk.lab.said()).not.toMatch(/"level":(50|60)/);
  });
});

/** What everybody reads in the shop. */
async function liveTexts({ lab }: Desk): Promise<unknown> {
  return (await fetch(`${lab.origin}/api/v1/catalog/products/indigo-wrapper-of-two-yards`)).json();
}
