import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stateMachines, statesDocument } from '../../scripts/print-states.ts';
import { defineStates, mayTake } from '../../src/foundation/command/state-machine.ts';
import { mayDelete, productStates } from '../../src/modules/catalog/index.ts';

/** The transitions of product.md 4.2 to 4.5, written down a second time: `from > to` under the title of the machine. */
const specified: Readonly<Record<string, string>> = {
  Vendor: `draft > submitted, submitted > in_review, in_review > submitted, in_review > changes_requested, changes_requested > submitted,
    in_review > approved, in_review > rejected, rejected > submitted, approved > suspended, suspended > approved, draft > closed,
    changes_requested > closed, approved > closed, suspended > closed, rejected > closed`,
  Product: `draft > pending, changes_requested > pending, rejected > pending, archived > pending, suspended > pending, pending > draft,
    pending > in_review, in_review > pending, in_review > published, in_review > changes_requested, in_review > rejected,
    published > suspended, suspended > published, published > archived, archived > published`,
  'Product revision': `draft > proposed, proposed > accepted, proposed > partly_accepted, proposed > rejected, proposed > withdrawn,
    draft > withdrawn, draft > superseded, proposed > superseded`,
  'Review case': `queued > claimed, claimed > queued, claimed > pending_second, pending_second > approved, pending_second > claimed,
    claimed > approved, claimed > rejected, claimed > changes_requested, queued > withdrawn, claimed > withdrawn, pending_second > withdrawn`,
  'KYC submission': `draft > submitted, resubmit > submitted, submitted > in_review, in_review > submitted, in_review > approved,
    in_review > resubmit, in_review > rejected, rejected > resubmit`,
};

const pairsOf = (text: string) =>
  text
    .split(',')
    .map((pair) => pair.trim())
    .sort();

describe.each(stateMachines)('$title', (machine) => {
  it('has exactly the transitions of the specification', () => {
    const drawn = new Set(Object.values(machine.steps).flatMap(({ from, to }) => from.map((status) => `${status} > ${to}`)));
    expect([...drawn].sort()).toEqual(pairsOf(specified[machine.title] ?? ''));
  });

  it('every state is reached from the first one', () => {
    const reached = new Set([machine.initial]);
    for (const _ of machine.statuses) {
      for (const { from, to } of Object.values(machine.steps)) if (from.some((status) => reached.has(status))) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...machine.statuses].sort());
  });

  it('refuses every other step', () => {
    const allowed = new Set(pairsOf(specified[machine.title] ?? ''));
    for (const [step, { to }] of Object.entries(machine.steps)) {
      for (const status of machine.statuses) if (!allowed.has(`${status} > ${to}`)) expect(mayTake(machine, step, status)).toBe(false);
    }
  });
});

describe('a state machine', () => {
  it('that names a state it does not have is refused when it is loaded', () => {
    const broken = {
      title: 'Door',
      statuses: ['open'],
      initial: 'open',
      steps: { close: { from: ['open'], to: 'shut', who: 'all', event: null } },
    };
    expect(() => defineStates<string, string>(broken)).toThrow('Door has no state shut');
  });

  it('docs/states.md is what `npm run states` prints now', () => {
    expect(readFileSync(new URL('../../docs/states.md', import.meta.url), 'utf8')).toBe(statesDocument());
  });
});

describe('deleting a product', () => {
  it('is the owner’s for drafts and the administrator’s for what is not published', () => {
    expect(productStates.statuses.filter((status) => mayDelete(status, 'owner'))).toEqual(['draft']);
    expect(productStates.statuses.filter((status) => !mayDelete(status, 'admin'))).toEqual(['published']);
  });
});
