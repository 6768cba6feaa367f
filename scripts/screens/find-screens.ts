import type { Page } from 'playwright-core';

/** Something to look at: an address, and what to press there. */
export type Screen = {
  /** File name: `user-record-security`. */
  name: string;
  path: string;
  /** Opens the dialog or palette that is the screen; nothing for the page itself. */
  open?: (page: Page) => Promise<void>;
};

type State = {
  navigation: { entries: { id: string; href: string }[] }[];
  pages: Record<string, object>;
  resources: Record<string, { canShow: boolean }>;
};

/**
 * Everything a signed-in person can open, found in the state of their page, so that a screen that is new is looked at without
 * a word here: entries of the navigation, pages that only others lead to, every list and the first record of each.
 */
export async function findScreens(page: Page): Promise<Screen[]> {
  const state = await page.evaluate<State>('window.FASHIONISTAR');
  const entries = state.navigation.flatMap((section) => section.entries).map(({ id, href }) => ({ name: kebab(id), path: href }));
  const inNavigation = new Set(entries.map(({ path }) => path));
  const pages = await Promise.all(
    Object.keys(state.pages)
      .map((id) => ({ id, path: `/admin/pages/${id}` }))
      .filter(({ path }) => !inNavigation.has(path))
      // A page that wants an address of its own answers 400 without one; others lead to it.
      .map(async ({ id, path }) => ((await statusOf(page, `/admin/api/pages/${id}`)) === 200 ? [{ name: id, path }] : [])),
  );
  const records = await Promise.all(
    Object.entries(state.resources).map(async ([id, { canShow }]) => {
      const first = canShow ? await firstRecordOf(page, id) : null;
      return first ? [{ name: `${kebab(id)}-record`, path: `/admin/resources/${id}/records/${encodeURIComponent(first)}/show` }] : [];
    }),
  );
  return [...entries, ...pages.flat(), ...records.flat(), { name: 'account', path: '/admin/account' }];
}

/** The tabs of the open page beyond the first, as screens of their own. */
export async function tabsOf(page: Page, screen: Screen): Promise<Screen[]> {
  const tabs = page.locator('main [role=tab][aria-selected=false]');
  const labels = await tabs.evaluateAll((found) => found.map((tab) => tab.id.replace(/^.*-/, '')));
  return labels
    .filter(Boolean)
    .map((label) => ({ name: `${screen.name}-tab-${kebab(label)}`, path: `${screen.path}?tab=${encodeURIComponent(label)}` }));
}

/** Buttons that open something over the page: filters, actions with a form, whatever says that it has a dialog. */
const openers = [
  'main .fs-filter-bar > button',
  'main .fs-screen-actions button',
  'main .fs-rail-button[aria-disabled=false]',
  'main button[aria-haspopup=dialog]',
  '.fs-topbar button[aria-haspopup]',
].join(', ');

/** The dialogs of the open page that `isNew` does not know yet; each is named by its button. */
export async function dialogsOf(page: Page, screen: Screen, isNew: (name: string) => boolean): Promise<Screen[]> {
  const buttons = await page.locator(openers).evaluateAll((found) =>
    found.map((button) => {
      const isShown = button.getClientRects().length > 0 && button.getAttribute('aria-disabled') !== 'true';
      const label = button.getAttribute('aria-label') ?? button.querySelector('.fs-rail-label')?.textContent ?? button.textContent ?? '';
      return { label: isShown ? label.replace(/\d+ \w+/, '') : '', isOfShell: button.closest('.fs-topbar') !== null };
    }),
  );
  return buttons.flatMap(({ label, isOfShell }, index): Screen[] => {
    const place = isOfShell ? 'shell' : screen.name.replace(/-tab-.*/, '');
    const name = `${place}-dialog-${kebab(label).slice(0, 40)}`;
    if (!kebab(label) || !isNew(name)) return [];
    return [{ name, path: screen.path, open: (there) => there.locator(openers).nth(index).click() }];
  });
}

async function statusOf(page: Page, path: string): Promise<number> {
  return page.evaluate<number>(
    `fetch(${JSON.stringify(path)}, { headers: { Accept: 'application/json' } }).then((response) => response.status)`,
  );
}

async function firstRecordOf(page: Page, id: string): Promise<string | null> {
  const path = `/admin/api/resources/${id}/actions/list?perPage=25`;
  return page.evaluate<string | null>(
    `fetch(${JSON.stringify(path)}, { headers: { Accept: 'application/json' } }).then((response) => response.ok ? response.json() : { records: [] }).then(({ records }) => records.find(({ isClosed }) => !isClosed)?.id ?? null)`,
  );
}

/** `StaffGrant` -> `staff-grant` */
export function kebab(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
