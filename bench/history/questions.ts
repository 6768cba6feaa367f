import { countActions, readHistory, type SearchFilter, searchActions, stateAt } from '../../src/audit/index.ts';
import type { CommandDeps } from '../../src/foundation/command/command.ts';
import { hotRecord, rareWord } from './batch-sql.ts';

/** Something staff ask of the history; the same on the small and on the large one. */
export type Question = {
  name: string;
  /** Times to ask in a round: enough to outweigh the clock. */
  times: number;
  /** Product against itself on the small database; null where only the absolute figure has a bar. */
  bar: number;
  /** Milliseconds that one may take on the large database, where the specification names a figure. */
  atMostMs?: number;
  ask(deps: CommandDeps, round: number): Promise<unknown>;
};

const record = { table: 'identity.vendor', recordId: hotRecord };
const year = () => new Date(Date.now() - 366 * 86_400_000).toISOString();

const page = (name: string, filterOf: (round: number) => SearchFilter, times = 20): Question => ({
  name,
  times,
  bar: 1.5,
  ask: (deps, round) => searchActions(deps, { filter: filterOf(round) }, { limit: 50 }),
});

/** What bars of audit.md section 16 speak of; the search bar is that of the list page. */
export const questions: readonly Question[] = [
  page('list, last 30 days', () => ({})),
  page('list, all of the year', () => ({ from: year() })),
  page('filter by action and resource', () => ({ from: year(), action: 'unlock-user', resource: 'user' })),
  page('filter by outcome denied', () => ({ from: year(), outcome: 'denied' })),
  page('filter by role', () => ({ from: year(), role: 'auditor' })),
  page('filter by field changed', () => ({ from: year(), field: 'identity.vendor.store_name' })),
  page('search, a word of 25 clicks', () => ({ from: year(), text: rareWord })),
  page('search, a word of one click in four', () => ({ from: year(), text: 'kente' })),
  page('search, two words and a filter', () => ({ from: year(), text: 'kente ngozi', outcome: 'ok' })),
  {
    name: 'list, tenth page',
    times: 3,
    bar: 1.5,
    async ask(deps) {
      let before: { at: string; id: string } | undefined;
      for (let n = 0; n < 10; n += 1)
        before = (await searchActions(deps, { filter: { from: year() } }, { limit: 50, before })).older ?? undefined;
    },
  },
  {
    name: 'timeline of a record with many versions, first page',
    times: 10,
    bar: 1.5,
    atMostMs: 200,
    ask: (deps) => readHistory(deps, record, { limit: 50 }),
  },
  {
    name: 'state of that record half a year ago',
    times: 20,
    bar: 1.5,
    atMostMs: 20,
    ask: (deps) => stateAt(deps, record, { at: new Date(Date.now() - 182 * 86_400_000).toISOString() }),
  },
  {
    name: 'count of the list, which stops at 10,000',
    times: 1,
    bar: 100,
    atMostMs: 150,
    // Another filter each time: counts are kept for 30 s.
    ask: (deps, round) => countActions(deps, { filter: { from: new Date(Date.now() - 365 * 86_400_000 + round).toISOString() } }),
  },
];
