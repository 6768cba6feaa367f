import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyboardFaults } from '../../scripts/screens/keyboard.ts';
import { openBrowser, whyNoBrowser } from '../support/chromium.ts';

const missing = whyNoBrowser();

describe.skipIf(missing !== null)(`what only a mouse can use${missing ? ` (${missing})` : ''}`, () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await openBrowser();
    page = await browser.newPage();
  });
  afterAll(() => browser?.close());

  async function faultsOf(body: string, script = ''): Promise<string[]> {
    await page.setContent(`<!doctype html><title>x</title>${body}`);
    await page.evaluate(script);
    return keyboardFaults(page);
  }

  test('is nothing on a page of links, fields, radio buttons and a row that repeats its link', async () => {
    const fine = `<a href="#a">a</a><button>b</button><label>c <input></label><input type=radio name=r><input type=radio name=r checked>
      <button disabled>d</button><button hidden>e</button><div inert><button>f</button></div><p id=row><a href="#g">g</a></p>`;
    expect(await faultsOf(fine, `document.querySelector('#row').__reactProps$x = { onClick() {} }`)).toEqual([]);
  });

  test('is a thing that listens for clicks and takes no focus', async () => {
    expect(await faultsOf('<div id=card>open</div>', `document.querySelector('#card').__reactProps$x = { onClick() {} }`)).toEqual([
      'only a mouse can use <div id="card">open</div>',
    ]);
  });

  test('is a control that Tab does not come to', async () => {
    const trap = `document.querySelector('#trap').addEventListener('keydown', (event) => event.preventDefault())`;
    expect(await faultsOf('<button id=trap>a</button><button>b</button>', trap)).toEqual(['Tab does not come to <button>b</button>']);
  });

  test('is a control that does not show that it has the focus', async () => {
    expect(await faultsOf('<style>button { outline: none }</style><button>a</button><a href="#b">b</a>')).toEqual([
      'focus does not show on <button>a</button>',
    ]);
  });

  test('is looked for inside the dialog alone, while one is open', async () => {
    const faults = await faultsOf(
      '<style>.plain { outline: none }</style><button class=plain>behind</button><dialog><button class=plain>in</button></dialog>',
      `document.querySelector('dialog').showModal()`,
    );
    expect(faults).toEqual(['focus does not show on <button class="plain">in</button>']);
    expect(await page.evaluate('document.querySelector("dialog").open')).toBe(true);
  });
});
