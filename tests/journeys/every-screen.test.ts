import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { overflowOf } from '../../scripts/screens/faults.ts';
import { findScreens, type Screen, tabsOf } from '../../scripts/screens/find-screens.ts';
import { type Looker, lookAt, openScreen } from '../../scripts/screens/look.ts';
import { openBrowser, whyNoBrowser } from '../support/chromium.ts';
import { openAs, startDemoLab } from '../support/demo-lab.ts';
import { openSql } from '../support/sql.ts';

const missing = whyNoBrowser();
const allWidths = [360, 390, 768, 1024, 1280, 1920];
/**
 * Half of all the roles' screens are those of the first two; the cross product is `npm run screens`. What several have is looked at
 * once, but for the start page and records, which have other figures and buttons for each. Names stand in the lists and on the pages
 * of people, stores and products: `shows` are screens on which the planted text must be read.
 */
const walked = [
  { role: 'super_admin', walks: /./, shows: ['review', 'user', 'user-record', 'vendor', 'product', 'product-record'] },
  { role: 'support', walks: /./, shows: ['user-record'] },
  { role: 'reviewer_lead', walks: /^(vendor|product)-record$/, shows: ['vendor-record', 'product-record'] },
] as const;
const differs = (name: string) => name === 'dashboard' || name.endsWith('-record');

const mark = '"><img src=x onerror=hacked=1>';

/** Texts that people write and others read; every one of them holds the mark. Codes, ids, zones and boxes are no texts. */
const plantEverywhere = `
DO $$
DECLARE place record;
BEGIN
  SET LOCAL session_replication_role = 'replica';
  FOR place IN
    SELECT c.table_schema AS s, c.table_name AS t, c.column_name AS f, coalesce(c.character_maximum_length, 200) AS size
      FROM information_schema.columns AS c JOIN information_schema.tables AS u USING (table_schema, table_name)
     WHERE c.table_schema IN ('identity', 'catalog', 'review', 'support', 'notifications', 'insight', 'reference', 'platform') AND u.table_type = 'BASE TABLE'
       AND c.data_type IN ('text', 'character varying') AND coalesce(c.character_maximum_length, 200) >= 40
       AND c.column_name !~ '(timezone|mime|language|locale|zone|kid|hash|key|code|template|queue|name_norm|user_agent_hash|event|rule|kind|type|role|status|path|url|cursor|sort|action|command|resource|noun)'
  LOOP
    BEGIN
      EXECUTE format('UPDATE %I.%I SET %I = %L WHERE %I IS NOT NULL', place.s, place.t, place.f, '${mark}', place.f);
      INSERT INTO planted VALUES (place.s || '.' || place.t || '.' || place.f);
    -- A rule of the table keeps it out: nothing to look at there.
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
END $$`;

describe.skipIf(missing !== null)(`every screen, full of hostile text${missing ? ` (${missing})` : ''}`, { timeout: 900_000 }, () => {
  let lab: Awaited<ReturnType<typeof startDemoLab>>;
  let browser: Browser;
  let planted: string[] = [];

  beforeAll(async () => {
    lab = await startDemoLab();
    const sql = await openSql(lab.database.adminUrl);
    await sql.rows('CREATE TEMP TABLE planted (place text)');
    await sql.rows(plantEverywhere);
    planted = (await sql.rows<{ place: string }>('SELECT place FROM planted')).map(({ place }) => place);
    await sql.close();
    // What a stranger sends is kept in the request log too.
    await fetch(`${lab.origin}/api/v1/${encodeURIComponent(mark)}?q=${encodeURIComponent(mark)}`, { headers: { 'user-agent': mark } });
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

  test('it stands in every kind of text', () => {
    expect(planted).toEqual(
      expect.arrayContaining([
        ...['identity.user.display_name', 'identity.user.bio', 'identity.vendor.store_name', 'support.ticket.title'],
        ...['catalog.product.title', 'catalog.product.description', 'catalog.product_revision.note', 'review.review_case.decision_text'],
      ]),
    );
  });

  const known = new Set<string>();
  test.each(walked)('$role: nothing is wrong on any screen, light or dark, and no text of others runs', async ({ role, walks, shows }) => {
    const { looker, screens, faults } = await looking(role);
    const isNew = ({ name }: Screen) => walks.test(name) && (differs(name) || !known.has(name));
    const toSee = screens.filter(isNew);
    expect(toSee.length).toBeGreaterThan(1);
    const readOn = new Set<string>();
    const read = async ({ name }: Screen) => {
      known.add(name);
      if (await showsMark(looker.page, (fault) => faults.push(`${role}, ${name}: ${fault}`))) readOn.add(name);
    };
    for (const screen of toSee) {
      await openScreen(looker, screen);
      await lookAt(looker, screen);
      await read(screen);
      for (const tab of (await tabsOf(looker.page, screen)).filter((each) => !known.has(each.name))) {
        await openScreen(looker, tab);
        await read(tab);
      }
    }
    expect([...faults, ...looker.problems]).toEqual([]);
    expect([...readOn]).toEqual(expect.arrayContaining([...shows]));
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

/** Whether the planted text is read on the page; that it became an element, or ran, is a fault. */
async function showsMark(page: Page, onFault: (fault: string) => void): Promise<boolean> {
  const { hasRun, elements, text } = await page.evaluate<{ hasRun: boolean; elements: number; text: string }>(
    `({ hasRun: 'hacked' in window, elements: document.querySelectorAll('img[src="x"]').length, text: document.body.innerText + document.title })`,
  );
  if (elements > 0) onFault(`${elements} elements of planted text`);
  if (hasRun) onFault('planted text ran');
  return text.includes(mark);
}
