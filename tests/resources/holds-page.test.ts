import { afterAll, beforeAll, expect, it } from 'vitest';
import { holdMonth, holdRecord } from '../../src/audit/index.ts';
import type { StaffActor } from '../../src/foundation/runtime/actor.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { staffCommands } from '../../src/modules/identity/index.ts';
import { holdsLeft, placeActions, releaseActions } from '../../src/resources/holds/hold-actions.ts';
import { holdsPage } from '../../src/resources/holds/holds.page.ts';
import { registerPerson, run } from '../modules/identity/people.ts';
import { staffActor, startTestApp } from '../support/app.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const auditor = () => staffActor({ role: 'auditor', isLead: false }, app.clock.now());
const ask = (query: Record<string, string> = {}, staff: StaffActor = auditor()) =>
  holdsPage.handler({ staff, deps: app.deps, query, now: app.clock.now() });

it('lists what is kept, in words, with who said so and why, and offers placing and releasing', async () => {
  const by = { actor: auditor(), envelope: { reason: { code: 'legal', text: 'Court order 2026/114' } } };
  const { id } = (await registerPerson(app)).actor;
  await run(app, staffCommands.placeLegalHold, { id }, by);
  await run(app, holdRecord, { table: 'identity.user', recordId: id }, by);
  await run(app, holdMonth, { month: '2026-01' }, by);
  const answer = await ask();
  expect(answer).toMatchObject({
    state: 'open',
    next: null,
    people: [id],
    place: [{ name: 'holdRecord' }, { name: 'holdMonth' }],
    release: { other: { name: 'releaseHold' }, person: { name: 'releaseLegalHold' } },
    holds: [
      { kind: 'month', what: 'The month 2026-01', reason: 'Court order 2026/114', releasedAt: null },
      { kind: 'record', what: expect.stringContaining(id) },
      { kind: 'person', what: expect.stringMatching(/^FASTAR/), subjectId: id, placedBy: 'Somebody who left' },
    ],
  });
  expect(holdsPage.recordsRead?.(answer)).toEqual([id]);
  expect(await holdsPage.waiting?.({ deps: app.deps, staff: auditor(), now: app.clock.now() })).toBe(3);
  expect(await ask({ state: 'released' })).toMatchObject({ holds: [] });
});

it('refuses what the address does not know', async () => {
  await expect(ask({ state: 'soon' })).rejects.toMatchObject({ code: 'invalid_filter' });
  await expect(ask({ before: 'x' })).rejects.toMatchObject({ code: 'invalid_filter' });
  await expect(ask({ of: newId() })).rejects.toMatchObject({ code: 'invalid_filter' });
});

it('says what happened', () => {
  expect(placeActions.map((action) => action.message({}, null))).toEqual([
    'On hold. Nothing of this record is erased, archived or dropped.',
    'On hold. Nothing of this month is erased, archived or dropped.',
  ]);
  expect(releaseActions.other.message({}, null)).toBe('Released. What it kept follows its usual time again.');
  expect(releaseActions.person.message({ left: 0 }, null)).toBe('Released. The person may be erased again.');
  expect(releaseActions.person.message({ left: 2 }, null)).toBe('Released. Another hold goes on.');
  expect(holdsLeft('nothing')).toBe(0);
  expect(holdsLeft({ left: 'x' })).toBe(0);
});
