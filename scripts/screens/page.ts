import type { Page, Request } from 'playwright-core';
import { totpCode, totpStepAt } from '../../src/foundation/crypto/totp.ts';
import { PlainFailure } from '../plain-failure.ts';
import type { Staff } from './lab-copy.ts';

const settleWithinMs = 20_000;
const quietMs = 100;
/** Polls go on for ever: they are no part of a screen. */
const polls = /\/admin\/api\/(waiting|presence|notices|inbox)/;

/** Waits until a page has nothing more to load and shows no skeleton. */
export type Settled = { settle(): Promise<void> };

/** Counts what a page loads from now on. */
export function settling(page: Page): Settled {
  const pending = new Set<Request>();
  let changedAt = performance.now();
  const begin = (request: Request) => {
    if (polls.test(request.url())) return;
    pending.add(request);
    changedAt = performance.now();
  };
  const end = (request: Request) => {
    pending.delete(request);
    changedAt = performance.now();
  };
  page.on('request', begin);
  page.on('requestfinished', end);
  page.on('requestfailed', end);
  return {
    async settle() {
      const until = performance.now() + settleWithinMs;
      while (performance.now() < until) {
        const isQuiet = pending.size === 0 && performance.now() - changedAt > quietMs;
        if (isQuiet && (await isDrawn(page))) return;
        await page.waitForTimeout(30);
      }
      throw new Error(`${page.url()} did not come to rest in ${settleWithinMs / 1000} s`);
    },
  };
}

function isDrawn(page: Page): Promise<boolean> {
  return page
    .evaluate<boolean>(
      `document.readyState === 'complete' && document.querySelector('h1') !== null && document.querySelector('.fs-boot, .fs-skeleton, main [aria-busy=true]') === null`,
    )
    .catch(() => false);
}

/** Password and authenticator, up to the dashboard. Throws PlainFailure when the page says no. */
export async function signIn(page: Page, origin: string, person: Staff): Promise<void> {
  await page.goto(`${origin}/admin`);
  await page.fill('#email', person.email);
  await page.fill('#password', person.password);
  await page.click('button[type=submit]');
  if (new URL(page.url()).pathname.startsWith('/admin/login/mfa') && person.totpSecret) {
    await page.fill('#code', totpCode(person.totpSecret, totpStepAt(new Date())));
    await page.locator('form:has(#code) .fs-button-primary').first().click();
  }
  await page.waitForSelector('#fs-sidebar', { state: 'attached' }).catch(() => {
    throw new PlainFailure(`${person.email} could not sign in; the page is ${page.url()}`);
  });
}
