import type { Browser, ElementHandle, Frame, Page } from 'playwright-core';

/** `JOURNEYS_BY=keyboard npx vitest run tests/journeys`: every click of every journey is then made of Tab, arrow keys, Enter and Space. */
export const isByKeyboard = process.env['JOURNEYS_BY'] === 'keyboard';

type Click = Frame['click'];
const patched = new WeakSet<object>();
const mostKeys = 400;

/** Replaces clicks of all pages of this process; page.click and locator.click both end in the frame's. */
export async function clickByKeyboard(browser: Browser): Promise<void> {
  const page = await browser.newPage();
  const frame: { click: Click } = Object.getPrototypeOf(page.mainFrame());
  await page.close();
  if (patched.has(frame)) return;
  patched.add(frame);
  frame.click = async function click(this: Frame, selector, options) {
    const found = await this.waitForSelector(selector, { state: 'visible', ...options });
    await found.waitForElementState('enabled', options?.timeout ? { timeout: options.timeout } : {});
    const page = this.page();
    const target = await controlOf(found, selector);
    await reach(page, target, selector);
    await page.keyboard.press(await keyOf(target));
  };
}

/** What takes the focus for a thing that is clicked: the field of a label, the button around a word. */
async function controlOf(found: ElementHandle, selector: string): Promise<ElementHandle<HTMLElement>> {
  const control = await found.evaluateHandle((node) => {
    const element = node as Element;
    const label = element.closest('label');
    return (label?.control ?? element).closest('a[href], button, input, select, textarea, summary, [tabindex], [role=option]');
  });
  const element = control.asElement();
  if (!element) throw new Error(`${selector} takes no focus`);
  return element as ElementHandle<HTMLElement>;
}

async function reach(page: Page, target: ElementHandle<HTMLElement>, selector: string): Promise<void> {
  for (let n = 0; n < mostKeys; n += 1) {
    const key = await target.evaluate((element) => {
      const { activeElement: active } = document;
      if (active === element || active?.getAttribute('aria-activedescendant') === element.id) return null;
      // One stop for all of a group: arrow keys move within it.
      const group = element.closest('[role=tablist], [role=menu], [role=listbox], [role=radiogroup], [role=toolbar], [role=grid]');
      const isRadio = element instanceof HTMLInputElement && element.type === 'radio';
      const isSibling = isRadio && active instanceof HTMLInputElement && active.type === 'radio' && active.name === element.name;
      const owner = group?.id && active?.getAttribute('aria-controls') === group.id;
      if (element.tabIndex >= 0 && !isRadio) return 'Tab';
      if (isSibling || owner || (active && group?.contains(active))) return group?.role === 'tablist' ? 'ArrowRight' : 'ArrowDown';
      return 'Tab';
    });
    if (key === null) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${selector} is not reached by keyboard: ${await target.evaluate((element) => element.outerHTML.slice(0, 200))}`);
}

function keyOf(target: ElementHandle<HTMLElement>): Promise<string> {
  return target.evaluate((element) => {
    if (element instanceof HTMLInputElement && (element.type === 'checkbox' || element.type === 'radio')) return 'Space';
    // A field is clicked to stand in it: Shift changes nothing there.
    return element.matches('input:not([type=submit]), select, textarea') ? 'Shift' : 'Enter';
  });
}
