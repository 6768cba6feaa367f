import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Console errors (a refusal by the content policy is one), exceptions, foreign, failed and refused requests. */
export function watch(page: Page, origin: string, problems: { push(problem: string): unknown }): void {
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

/** What axe asks of colours at levels A and AA. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/** The page as it is, or without navigation and top bar: they are the same on every screen of a person. */
export type Part = 'page' | 'main';
const frame = [['#fs-sidebar'], ['.fs-topbar']];

/**
 * What axe finds in the page as it is now: rule and element, at most three of each rule. `colours`: only what another theme can change
 * on a page that was looked at already.
 */
export async function axeViolations(page: Page, rules: 'all' | 'colours' = 'all', part: Part = 'page'): Promise<string[]> {
  if (!(await page.evaluate<boolean>(`typeof axe === 'object'`))) await page.evaluate(axeSource);
  const options = { resultTypes: ['violations'], ...(rules === 'colours' ? { runOnly: { type: 'rule', values: colourRules } } : {}) };
  return page.evaluate<string[]>(
    `axe.run(${part === 'page' ? 'document' : JSON.stringify({ exclude: frame })}, ${JSON.stringify(options)}).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html }) => id + ' ' + html.slice(0, 200))))`,
  );
}

/** How much wider than the window the page is, which would scroll it sideways. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** Words and pictures of AdminJS that must be nowhere (back-office.md section 9, Branding); empty when there are none. */
export async function adminJsDefaults(page: Page): Promise<string[]> {
  const { text, images } = await page.evaluate<{ text: string; images: string[] }>(
    `({ text: document.title + '\\n' + document.body.innerText, images: [...document.images].map((image) => image.src) })`,
  );
  const words = /adminjs|made with love|software ?brothers|rst software|^prisma$|welcome on board/im.exec(text);
  const pictures = images.filter((source) => /adminjs|astronaut|software-?brothers/i.test(source));
  return [...(words ? [`text of AdminJS: ${words[0]}`] : []), ...pictures.map((source) => `picture of AdminJS: ${source}`)];
}
