import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { axeViolations } from '../../scripts/screens/faults.ts';
import { totpCode, totpStepAt } from '../../src/foundation/crypto/totp.ts';

export { overflowOf, watch } from '../../scripts/screens/faults.ts';

/** Violations in either theme; what is open stays open, since the themes follow the system, and differ by their colours alone. */
export async function violationsOf(page: Page, name: string): Promise<string[]> {
  const all: string[] = [];
  for (const [colorScheme, rules] of [
    ['dark', 'colours'],
    ['light', 'all'],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    all.push(...(await axeViolations(page, rules)).map((each) => `${name}, ${colorScheme}: ${each}`));
  }
  return all;
}

/** Last step of a code that an authenticator gave, by secret. */
const usedSteps = new Map<string, number>();

/** The six digits that somebody's app shows; since a step serves once, a used one is waited out. */
export async function freshCode(totpSecret: string): Promise<string> {
  const used = usedSteps.get(totpSecret) ?? 0;
  while (totpStepAt(new Date()) <= used) await delay(500);
  const step = totpStepAt(new Date());
  usedSteps.set(totpSecret, step);
  return totpCode(totpSecret, step);
}

/** Sign-in of staff with password and authenticator, up to the dashboard. */
export async function signIn(page: Page, origin: string, person: { email: string; password: string; totpSecret: string }): Promise<void> {
  await page.goto(`${origin}/admin`);
  await page.fill('#email', person.email);
  await page.fill('#password', person.password);
  await page.click('button[type=submit]');
  await page.waitForURL('**/login/mfa**');
  await page.fill('#code', await freshCode(person.totpSecret));
  await page.click('.fs-button-primary');
  await page.waitForSelector('.fs-cards');
}
