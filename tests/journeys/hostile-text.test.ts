import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findScreens, tabsOf } from '../../scripts/screens/find-screens.ts';
import { openBrowser, whyNoBrowser } from '../support/chromium.ts';
import { openAs, startDemoLab } from '../support/demo-lab.ts';
import { openSql } from '../support/sql.ts';

const missing = whyNoBrowser();
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

describe.skipIf(missing !== null)(`hostile text${missing ? ` (${missing})` : ''}`, { timeout: 900_000 }, () => {
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

  test('it stands in every kind of text', () => {
    expect(planted).toEqual(
      expect.arrayContaining([
        ...['identity.user.display_name', 'identity.user.bio', 'identity.vendor.store_name', 'support.ticket.title'],
        ...['catalog.product.title', 'catalog.product.description', 'catalog.product_revision.note', 'review.review_case.decision_text'],
      ]),
    );
  });

  // Names are in the lists and on the pages of people, stores and products. A list or tab that one role has shown is not asked again.
  const known = new Set<string>();
  test.each([
    ['super_admin', ['review', 'user', 'user-record', 'vendor', 'product', 'product-record']],
    ['support', ['user-record']],
    ['reviewer_lead', ['vendor-record', 'product-record']],
  ] as const)('%s sees it as text on every screen, and it never runs', { timeout: 600_000 }, async (role, expected) => {
    const { page, settled, problems } = await openAs(browser, lab.origin, lab.person(role));
    const screens = await findScreens(page);
    problems.splice(0);
    const [shown, faults]: [Set<string>, string[]] = [new Set(), []];
    for (let screen = screens.shift(); screen; screen = screens.shift()) {
      if (known.has(screen.name) && !screen.name.endsWith('-record')) continue;
      known.add(screen.name);
      await page.goto(`${lab.origin}${screen.path}`);
      await settled.settle();
      const { hasRun, elements, text } = await page.evaluate<{ hasRun: boolean; elements: number; text: string }>(
        `({ hasRun: 'hacked' in window, elements: document.querySelectorAll('img[src="x"]').length, text: document.body.innerText + document.title })`,
      );
      if (hasRun || elements > 0) faults.push(`${screen.name}: ${elements} elements${hasRun ? ', and it ran' : ''}`);
      if (text.includes(mark)) shown.add(screen.name);
      if (!screen.name.includes('-tab-')) screens.push(...(await tabsOf(page, screen)));
    }
    expect(faults).toEqual([]);
    expect(problems).toEqual([]);
    expect([...shown]).toEqual(expect.arrayContaining([...expected]));
    await page.context().close();
  });
});
