import { idIn, needsIndex, type SearchFilter, type SearchReach, termsOf } from './search-filter.ts';

/** A statement that gives the clicks of a filter, newest first: the tables and conditions, without order and limit. */
export type ClickQuery = {
  /** Expressions of the click's time and id. */
  at: string;
  id: string;
  /** Column of the partition key: no later than the click. */
  partitionAt: string;
  from: string;
  where: string[];
  values: unknown[];
  /** Several rows may belong to one click. */
  isDistinct: boolean;
};

export type Asked = { filter: SearchFilter; reach: SearchReach | undefined; now: Date };

const dayMs = 86_400_000;
const defaultWindowMs = 30 * dayMs;

/** From the search index where only it can answer, else from the actions themselves, which are there at once. */
export function clickQuery(asked: Asked): ClickQuery {
  return needsIndex(asked.filter, asked.reach) ? fromIndex(asked) : fromActions(asked);
}

/** The upper bound only keeps months that are not there yet out of the plan; a day covers clocks that differ. */
function windowOf({ filter, now }: Asked): { from: string; to: string } {
  const from = filter.from ?? new Date(now.getTime() - defaultWindowMs).toISOString();
  return { from, to: filter.to ?? new Date(now.getTime() + dayMs).toISOString() };
}

function fromActions(asked: Asked): ClickQuery {
  const { filter, reach } = asked;
  const { from, to } = windowOf(asked);
  const query: ClickQuery = {
    at: 'a.occurred_at',
    id: 'a.id',
    partitionAt: 'a.occurred_at',
    from: 'audit.action AS a',
    where: ['a.occurred_at >= $1', 'a.occurred_at <= $2'],
    values: [from, to],
    isDistinct: false,
  };
  const add = adder(query);
  add((n) => `a.actor_id = $${n}`, filter.actorId);
  add((n) => `a.actor_id = ANY($${n}::uuid[])`, reach?.actorIds);
  add((n) => `a.actor_type = $${n}`, filter.actorType);
  add((n) => `a.resource = $${n}`, filter.resource);
  add((n) => `a.action = $${n}`, filter.action);
  add((n) => `a.outcome = $${n}`, filter.outcome);
  add((n) => `a.actor_roles @> ARRAY[$${n}]`, filter.role);
  add((n) => `a.door = $${n}`, filter.door);
  addOfAction(add, filter);
  add((n) => `a.id IN (SELECT n.row_id FROM audit.enrichment AS n WHERE n.score >= $${n})`, filter.minScore);
  return query;
}

function addOfAction(add: Adder, filter: SearchFilter): void {
  add((n) => `a.request_id = $${n}`, filter.requestId);
  add((n) => `a.id = $${n}`, filter.actionId);
  // The index of the sealer begins with the epoch, of which there are few.
  add((n) => `a.epoch = ANY(ARRAY(SELECT p.epoch FROM audit.epoch AS p)) AND a.txid = $${n}::xid8`, filter.txid);
}

function fromIndex(asked: Asked): ClickQuery {
  const { filter, reach } = asked;
  const { from, to } = windowOf(asked);
  const query: ClickQuery = {
    at: 's.click_at',
    id: 's.click_id',
    partitionAt: 's.occurred_at',
    from: 'audit.search AS s',
    // A row is at most a transaction older than its click.
    where: [`s.click_at >= $1 AND s.occurred_at >= $1::timestamptz - interval '1 day'`, 's.click_at <= $2 AND s.occurred_at <= $2'],
    values: [from, to],
    isDistinct: true,
  };
  const add = adder(query);
  const tags = tagsOf(filter);
  // Where rows are read in the order of time, the words come first: they are the quickest to say no.
  addText(add, filter.text);
  if (tags.length > 0) add((n) => `s.tags @> $${n}::text[]`, tags);
  add((n) => `s.actor_id = $${n}`, filter.actorId);
  addReach(add, query, reach);
  if (filter.requestId || filter.actionId || filter.txid) {
    const ofAction: ClickQuery = { ...query, where: [] };
    addOfAction(adder(ofAction), filter);
    query.where.push(
      `EXISTS (SELECT FROM audit.action AS a WHERE a.occurred_at = s.click_at AND a.id = s.click_id AND ${ofAction.where.join(' AND ')})`,
    );
  }
  add((n) => `s.click_id IN (SELECT n.row_id FROM audit.enrichment AS n WHERE n.score >= $${n})`, filter.minScore);
  return query;
}

function addText(add: Adder, text: string | undefined): void {
  const id = idIn(text);
  if (id) {
    // Whatever the id is of, it is a tag of the row or of its click.
    add((n) => `s.tags && $${n}::text[]`, [`about:${id}`, `ticket:${id}`, `req:${id}`]);
    return;
  }
  for (const term of termsOf(text)) add((n) => `s.text LIKE $${n}`, `%${term.replaceAll(/[\\%_]/g, '\\$&')}%`);
}

function addReach(add: Adder, query: ClickQuery, reach: SearchReach | undefined): void {
  if (!reach) return;
  if (reach.timelineOf === undefined) {
    add((n) => `s.actor_id = ANY($${n}::uuid[])`, reach.actorIds);
    return;
  }
  query.values.push(reach.timelineOf);
  const subject = query.values.length;
  add((n) => `(s.actor_id = ANY($${n}::uuid[]) OR (s.kind = 1 AND s.subject_id = $${subject}))`, reach.actorIds);
}

/** As search-entry.ts writes them. */
function tagsOf(filter: SearchFilter): string[] {
  const tags: readonly (readonly [string, string | undefined])[] = [
    ['type', filter.actorType],
    ['res', filter.resource],
    ['act', filter.action],
    ['out', filter.outcome],
    ['role', filter.role],
    ['about', filter.recordId],
    ['field', filter.field],
    ['country', filter.country],
    ['ticket', filter.ticket],
    ['door', filter.door],
  ];
  return tags.flatMap(([name, value]) => (value === undefined ? [] : [`${name}:${value}`]));
}

type Adder = (sql: (position: number) => string, value: unknown) => void;

function adder(query: ClickQuery): Adder {
  return (sql, value) => {
    if (value === undefined) return;
    query.values.push(value);
    query.where.push(sql(query.values.length));
  };
}
