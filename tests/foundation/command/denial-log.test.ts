import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDenialLog } from '../../../src/foundation/command/denial-log.ts';
import { denialLogOf } from '../../../src/foundation/command/run-command.ts';
import { anonymous, staffActor, startTestApp } from '../../support/app.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const newActor = () => staffActor({ role: 'support', isLead: false }, app.clock.now());
const refusal = { resource: 'user', action: 'unlock-user', errorCode: 'forbidden' };

/** A log whose minute has so many milliseconds left, by a clock that stands. */
function logWith(msLeft: number) {
  const minute = Math.floor(app.clock.now().getTime() / 60_000) * 60_000;
  return createDenialLog({ ...app.deps, clock: { now: () => new Date(minute + 60_000 - msLeft) } });
}

async function rowsOf(actor: { id: string }): Promise<{ record_count: number; count: number }[]> {
  const { rows } = await app.deps.database.pool.query(
    `SELECT record_count, count(*)::int AS count FROM audit.action WHERE actor_id = $1 AND outcome = 'denied' GROUP BY record_count ORDER BY record_count`,
    [actor.id],
  );
  return rows;
}

describe('refusals of one person', () => {
  it('are a row each up to sixty, and one more for the rest when the minute is over, without anybody asking', async () => {
    const actor = newActor();
    const log = logWith(1_500);
    await app.as(actor, async () => {
      for (let n = 0; n < 67; n += 1) await log.record(refusal);
    });
    await expect
      .poll(() => rowsOf(actor), { timeout: 10_000 })
      .toEqual([
        { record_count: 0, count: 60 },
        { record_count: 7, count: 1 },
      ]);
    await log.flush();
    expect(await rowsOf(actor)).toHaveLength(2);
  });

  it('of one minute are not counted with those of the next', async () => {
    const actor = newActor();
    let at = app.clock.now().getTime();
    const log = createDenialLog({ ...app.deps, clock: { now: () => new Date(at) } });
    await app.as(actor, async () => {
      for (let n = 0; n < 62; n += 1) await log.record(refusal);
      at += 60_000;
      await log.record(refusal);
    });
    expect(await rowsOf(actor)).toEqual([
      { record_count: 0, count: 61 },
      { record_count: 2, count: 1 },
    ]);
  });

  it('are written at the end of the process', async () => {
    const actor = newActor();
    const log = logWith(60_000);
    await app.as(actor, async () => {
      for (let n = 0; n < 61; n += 1) await log.record(refusal);
    });
    expect(await rowsOf(actor)).toEqual([{ record_count: 0, count: 60 }]);
    await log.flush();
    expect(await rowsOf(actor)).toContainEqual({ record_count: 1, count: 1 });
  });

  it('leave none where nobody is signed in', async () => {
    const log = logWith(60_000);
    const counted = async () => (await app.deps.database.pool.query('SELECT count(*)::int AS n FROM audit.action')).rows[0].n;
    const before = await counted();
    await app.as(anonymous, () => log.record(refusal));
    expect(await counted()).toBe(before);
  });
});

it('every door of a process counts in one log', () => {
  expect(denialLogOf({ ...app.deps })).toBe(denialLogOf(app.deps));
});
