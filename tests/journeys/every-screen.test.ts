import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { overflowOf } from '../../scripts/screens/faults.ts';
import { findScreens, type Screen } from '../../scripts/screens/find-screens.ts';
import { type Looker, lookAt, openScreen } from '../../scripts/screens/look.ts';
import { openBrowser, whyNoBrowser } from '../support/chromium.ts';
import { openAs, startDemoLab } from '../support/demo-lab.ts';

const missing = whyNoBrowser();
const allWidths = [360, 390, 768, 1024, 1280, 1920];
/**
 * Half of all the roles' screens are those of these two; the cross product is `npm run screens`. What both have is looked at once, but for
 * the start page and records, which have other figures and buttons for each.
 */
const walked = ['super_admin', 'support'] as const;
const differs = (name: string) => name === 'dashboard' || name.endsWith('-record');

describe.skipIf(missing !== null)(`every screen${missing ? ` (${missing})` : ''}`, { timeout: 900_000 }, () => {
  let lab: Awaited<ReturnType<typeof startDemoLab>>;
  let browser: Browser;

  beforeAll(async () => {
    lab = await startDemoLab();
    browser = await openBrowser();
  }, 600_000);
  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  }, 60_000);

  async function looking(role: string): Promise<{ looker: Looker; screens: Screen[]; faults: string[] }> {
    const { page, settled, problems } = await openAs(browser, lab.origin, lab.person(role));
    const faults: string[] = [];
    const screens = await findScreens(page);
    problems.splice(0);
    const looker: Looker = {
      ...{ page, settled, origin: lab.origin, role, folder: null, widths: [1280], problems },
      onFault: (fault) => faults.push(fault),
    };
    return { looker, screens, faults };
  }

  const known = new Set<string>();
  test.each(walked)('%s: nothing is wrong on any screen, light or dark', async (role) => {
    const { looker, screens, faults } = await looking(role);
    const toSee = screens.filter(({ name }) => differs(name) || !known.has(name));
    expect(toSee.length).toBeGreaterThan(5);
    for (const screen of toSee) {
      known.add(screen.name);
      await openScreen(looker, screen);
      await lookAt(looker, screen);
    }
    expect(faults).toEqual([]);
    await looker.page.context().close();
  });

  test('the widest tables fit every width, compact and in a long language', async () => {
    const { looker, screens, faults } = await looking('super_admin');
    const { page, settled } = looker;
    await page.evaluate(
      `fetch('/admin/account/preferences', { method: 'POST', redirect: 'manual', body: new URLSearchParams('theme=system&density=compact&locale=en-XA') }).then(() => null)`,
    );
    const tables = screens.filter(({ path }) => path.startsWith('/admin/resources/') && !path.includes('/records/'));
    for (const screen of tables) {
      await page.goto(`${lab.origin}${screen.path}`);
      await settled.settle();
      expect(await page.textContent('h1'), screen.name).toMatch(/^‹.*›/);
      expect(await page.evaluate('document.documentElement.dataset.density')).toBe('compact');
      for (const width of [320, ...allWidths]) {
        await page.setViewportSize({ width, height: 900 });
        if ((await overflowOf(page)) > 0) faults.push(`${screen.name} scrolls sideways at ${width}`);
      }
    }
    expect(faults).toEqual([]);
    expect(looker.problems).toEqual([]);
    await page.context().close();
  });
});
