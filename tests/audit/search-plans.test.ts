import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clickQuery } from '../../src/audit/search/search-conditions.ts';
import type { SearchFilter, SearchReach } from '../../src/audit/search/search-filter.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { openSql, type Sql } from '../support/sql.ts';

let database: TestDatabase;
let admin: Sql;

/** The months of a year and a half; a plan is made of what there is, not of how full it is. */
beforeAll(async () => {
  database = await createTestDatabase();
  admin = await openSql(database.adminUrl);
  await admin.rows("SELECT audit.make_partitions((now() - interval '18 months')::date, now()::date)");
  // Tables of a test are so small that reading them whole is cheapest: what is asked is whether there is another way.
  await admin.rows('SET enable_seqscan = off');
});
afterAll(async () => {
  await admin.close();
  await database.drop();
});

type Node = { 'Node Type': string; 'Relation Name'?: string; 'Index Name'?: string; 'Index Cond'?: string; Plans?: Node[] };

async function planOf(filter: SearchFilter, reach?: SearchReach): Promise<{ kinds: string[]; months: string[]; indexes: string[] }> {
  const query = clickQuery({ filter, reach, now: new Date() });
  const rows = await admin.rows<{ 'QUERY PLAN': [{ Plan: Node }] }>(
    `EXPLAIN (FORMAT JSON) SELECT ${query.isDistinct ? 'DISTINCT' : ''} ${query.at}, ${query.id} FROM ${query.from}
      WHERE ${query.where.join(' AND ')} ORDER BY ${query.at} DESC, ${query.id} DESC LIMIT 51`,
    query.values,
  );
  const nodes: Node[] = [];
  const walk = (node: Node) => {
    nodes.push(node);
    for (const inner of node.Plans ?? []) walk(inner);
  };
  const [plan] = rows[0]?.['QUERY PLAN'] ?? [];
  if (plan) walk(plan.Plan);
  const partitions = nodes.flatMap((node) => (/_p\d{6}$/.test(node['Relation Name'] ?? '') ? [node['Relation Name'] ?? ''] : []));
  return {
    kinds: nodes.map((node) => node['Node Type']),
    months: [...new Set(partitions.map((name) => name.slice(-6)))],
    indexes: [...new Set(nodes.flatMap((node) => node['Index Name'] ?? []))],
  };
}

const id = newId();
const old = new Date(Date.now() - 500 * 86_400_000).toISOString();

describe('the plans of search', () => {
  it.each<[string, SearchFilter, SearchReach | undefined]>([
    ['everything', {}, undefined],
    ['own actions', {}, { actorIds: [id] }],
    ['an actor', { actorId: id }, undefined],
    ['an action', { resource: 'user', action: 'unlock-user' }, undefined],
    ['refusals', { outcome: 'denied' }, undefined],
    ['a word', { text: 'kente' }, undefined],
    ['a word of own actions', { text: 'kente' }, { actorIds: [id] }],
    ['a record', { recordId: id }, undefined],
    ['a field', { field: 'store_name', country: 'NG', ticket: 'T-1' }, undefined],
    ['a person whose timeline is open', { recordId: id }, { actorIds: [id], timelineOf: id }],
  ])('look into the two or three months of the window only, by an index: %s', async (_what, filter, reach) => {
    const plan = await planOf(filter, reach);
    expect(plan.months.length).toBeGreaterThanOrEqual(2);
    expect(plan.months.length).toBeLessThanOrEqual(3);
    expect(plan.kinds.filter((kind) => kind === 'Seq Scan')).toEqual([]);
  });

  it('find a request and a transaction of any age by their indexes', async () => {
    for (const filter of [
      { from: old, requestId: id },
      { from: old, txid: '771' },
    ]) {
      const plan = await planOf(filter);
      expect(plan.months.length).toBeGreaterThan(15);
      expect(plan.indexes.length).toBeGreaterThan(15);
      expect(plan.kinds.filter((kind) => kind === 'Seq Scan')).toEqual([]);
    }
  });

  it('have no OFFSET and stop at the page', async () => {
    const plan = await planOf({ text: 'kente', from: old });
    expect(plan.kinds[0]).toBe('Limit');
  });
});
