import type { Page } from 'playwright-core';
import type { Part } from './faults.ts';

/** Ends when the page has this many things to reach by Tab and still more. */
const mostStops = 600;

/**
 * What only a mouse can use in the page, or in the dialog that is open on it: handlers on things that take no focus, controls that
 * Tab does not come to, and those that do not show that they have the focus (WCAG 2.2, 2.1.1 and 2.4.7). Walks the page once by Tab
 * and leaves nothing focused; a dialog stays open. `main`: without what stands around the content, for a page whose frame was walked.
 */
export async function keyboardFaults(page: Page, part: Part = 'page'): Promise<string[]> {
  const stops = await page.evaluate<number>(`(${begin.toString()})(${JSON.stringify(part)})`);
  for (let n = 0; n < Math.min(stops + 2, mostStops); n += 1) await page.keyboard.press('Tab');
  return page.evaluate<string[]>(`(${end.toString()})()`);
}

type Walk = { stops: Element[]; reached: Set<Element>; unseen: Set<Element>; scroll: number; watch(event: Event): void };

/** Runs in the page. */
function begin(part: Part): number {
  const focusable = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [contenteditable=true]';
  const modal = [...document.querySelectorAll('[aria-modal=true], dialog[open]')].at(-1);
  const main = part === 'main' && !modal ? document.querySelector('main') : null;
  const root = modal ?? main ?? document.body;
  const isShown = (element: Element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('[inert]');
  const isStop = (element: Element) => (element as HTMLElement).tabIndex >= 0 && !element.matches(':disabled') && isShown(element);
  const found = [...root.querySelectorAll(focusable)].filter(isStop);
  // Of radio buttons of one name, Tab comes to one; arrow keys go to the others.
  const radios = [...root.querySelectorAll<HTMLInputElement>('input[type=radio]')];
  const stops = found.filter((element) => {
    if (!(element instanceof HTMLInputElement) || element.type !== 'radio') return true;
    const group = radios.filter(({ name }) => name === element.name);
    return element === (group.find(({ checked }) => checked) ?? group[0]);
  });
  const hasRing = (element: Element | null) => {
    if (!element) return false;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
  };
  const walk: Walk = {
    stops,
    reached: new Set(),
    unseen: new Set(),
    scroll: window.scrollY,
    watch({ target }) {
      if (!(target instanceof Element)) return;
      walk.reached.add(target);
      const near = [target, target.parentElement, target.nextElementSibling, target.parentElement?.parentElement ?? null];
      if (!near.some(hasRing)) walk.unseen.add(target);
    },
  };
  Object.assign(window, { keyboardWalk: walk });
  if (!modal && document.activeElement instanceof HTMLElement) document.activeElement.blur();
  // Tab goes on from here, as it does after the link that skips the frame.
  if (main) {
    main.tabIndex = -1;
    main.focus({ preventScroll: true });
  }
  document.addEventListener('focusin', walk.watch);
  // Day, month, year, hour, minute, half of the day and the calendar's button are stops of their own.
  const dated = stops.filter((element) => element.matches('[type=date], [type=datetime-local], [type=time], [type=month]'));
  return stops.length + 6 * dated.length;
}

/** Runs in the page. */
function end(): string[] {
  const { keyboardWalk: walk } = window as unknown as { keyboardWalk: Walk };
  document.removeEventListener('focusin', walk.watch);
  const shown = (element: Element) => (element.cloneNode(true) as Element).outerHTML.replaceAll(/\s+/g, ' ').slice(0, 160);
  const missed = walk.stops.filter((element) => element.isConnected && !walk.reached.has(element) && element.checkVisibility());
  const focusable = 'a[href], button, input, select, textarea, summary, label, [tabindex]';
  const handlers = ['onClick', 'onMouseDown', 'onMouseUp', 'onDoubleClick', 'onPointerDown'];
  const mouseOnly = [...document.body.querySelectorAll('*')].filter((element) => {
    const key = Object.keys(element).find((name) => name.startsWith('__reactProps$'));
    const props = key ? (element as unknown as Record<string, Record<string, unknown>>)[key] : undefined;
    if (!props || !handlers.some((name) => typeof props[name] === 'function')) return false;
    return !element.closest(focusable) && !element.querySelector(focusable);
  });
  if (document.activeElement instanceof HTMLElement && !document.querySelector('[aria-modal=true], dialog[open]'))
    document.activeElement.blur();
  window.scrollTo(0, walk.scroll);
  return [
    ...missed.slice(0, 5).map((element) => `Tab does not come to ${shown(element)}`),
    ...[...walk.unseen].slice(0, 5).map((element) => `focus does not show on ${shown(element)}`),
    ...mouseOnly.slice(0, 5).map((element) => `only a mouse can use ${shown(element)}`),
  ];
}
