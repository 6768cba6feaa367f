import type { Page } from 'playwright-core';
import { axeViolations } from '../../scripts/screens/faults.ts';
import { totpCode, totpStepAt } from '../../src/foundation/crypto/totp.ts';

export { overflowOf, watch } from '../../scripts/screens/faults.ts';

/** Violations in either theme; what is open stays open, since the themes follow the system. */
export async function violationsOf(page: Page, name: string): Promise<string[]> {
  const all: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    all.push(...(await axeViolations(page)).map((each) => `${name}, ${colorScheme}: ${each}`));
  }
  return all;
}

/** Sign-in of staff with password and authenticator, up to the dashboard. */
export async function signIn(page: Page, origin: string, person: { email: string; password: string; totpSecret: string }): Promise<void> {
  await page.goto(`${origin}/admin`);
  await page.fill('#email', person.email);
  await page.fill('#password', person.password);
  await page.click('button[type=submit]');
  await page.waitForURL('**/login/mfa**');
  await page.fill('#code', totpCode(person.totpSecret, totpStepAt(new Date())));
  await page.click('.fs-button-primary');
  await page.waitForSelector('.fs-cards');
}
