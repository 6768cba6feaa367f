import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { totpCode, totpStepAt } from '../../src/foundation/crypto/totp.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Console errors (a refusal by the content policy is one), exceptions, foreign, failed and refused requests. */
export function watch(page: Page, origin: string, problems: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error' || /content security policy/i.test(message.text())) problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith(`blob:${origin}/`))
      problems.push(`foreign request: ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    // A screen that is left gives up what it was still loading.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED')
      problems.push(`failed request: ${request.url()} ${request.failure()?.errorText}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
}

/** Violations in either theme; what is open stays open, since the themes follow the system. */
export async function violationsOf(page: Page, name: string): Promise<string[]> {
  const all: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(axeSource);
    const found = await page.evaluate<string[]>(
      `axe.run(document).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html }) => id + ' ' + html.slice(0, 200))))`,
    );
    all.push(...found.map((each) => `${name}, ${colorScheme}: ${each}`));
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

/** Whether anything is wider than the window, which would scroll the page sideways. */
export async function overflowOf(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
