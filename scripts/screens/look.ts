import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { adminJsDefaults, axeViolations, overflowOf, type Part } from './faults.ts';
import type { Screen } from './find-screens.ts';
import { keyboardFaults } from './keyboard.ts';
import type { Settled } from './page.ts';

export type Picture = { role: string; screen: string; look: string; file: string };

export type Looker = {
  page: Page;
  settled: Settled;
  origin: string;
  role: string;
  /** Where the pictures go; null where only faults are of interest. */
  folder: string | null;
  widths: readonly number[];
  /** What the browser complained of since it was last emptied. */
  problems: string[];
  onFault(fault: string): void;
  onPicture?(picture: Picture): void;
  /** Navigation and top bar were looked at; `lookAt` says so after the first screen. */
  isFrameSeen?: boolean;
};

const themes = ['light', 'dark'] as const;
/** The narrowest width that must not scroll sideways, also the one of 400 % zoom on a laptop. */
const narrowest = 320;
const heightOf = (width: number) => (width < 768 ? 844 : 900);

/** Opens the screen anew and, where it is a dialog, opens that. */
export async function openScreen(looker: Looker, screen: Screen): Promise<void> {
  const { page, settled, origin } = looker;
  const widest = Math.max(...looker.widths);
  await page.setViewportSize({ width: widest, height: heightOf(widest) });
  await page.goto(`${origin}${screen.path}`);
  await settled.settle();
  if (!screen.open) return;
  await screen.open(page);
  await page.waitForTimeout(350);
  await settled.settle();
}

/** Pictures of the open screen in each theme and width, with everything that is wrong on it. */
export async function lookAt(looker: Looker, screen: Screen): Promise<void> {
  const { page, role } = looker;
  const place = (look: string) => `${role}, ${screen.name}, ${look}`;
  const part: Part = looker.isFrameSeen && !screen.open ? 'main' : 'page';
  looker.isFrameSeen = true;
  for (const fault of [...(await adminJsDefaults(page)), ...(await keyboardFaults(page, part))])
    looker.onFault(`${place('any')}: ${fault}`);
  for (const width of looker.widths) {
    await page.setViewportSize({ width, height: heightOf(width) });
    for (const theme of themes) {
      await wear(page, theme);
      const look = `${width}-${theme}`;
      for (const violation of await axeViolations(page, theme === themes[0] ? 'all' : 'colours', part))
        looker.onFault(`${place(look)}: ${violation}`);
      await take(looker, screen, look);
    }
    await reportOverflow(looker, place(`${width}`));
  }
  await page.setViewportSize({ width: narrowest, height: heightOf(narrowest) });
  await reportOverflow(looker, place(`${narrowest}`));
  for (const problem of looker.problems.splice(0)) looker.onFault(`${place('any')}: ${problem}`);
}

/** The page follows the system unless the person chose a theme: both are set. */
async function wear(page: Page, theme: (typeof themes)[number]): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
}

async function take({ page, role, folder, onPicture }: Looker, screen: Screen, look: string): Promise<void> {
  if (folder === null) return;
  const file = join(role, look, `${screen.name}.png`);
  mkdirSync(join(folder, role, look), { recursive: true });
  await page.screenshot({ path: join(folder, file), fullPage: screen.open === undefined });
  onPicture?.({ role, screen: screen.name, look, file });
}

async function reportOverflow({ page, onFault }: Looker, place: string): Promise<void> {
  const extra = await overflowOf(page);
  if (extra > 0) onFault(`${place}: scrolls sideways by ${extra} px`);
}
