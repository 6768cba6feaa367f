import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFieldTimeline, readHistory, stateAt } from '../../src/audit/index.ts';
import { createSealBench, type SealBench } from './support/seal-bench.ts';

const versions = 10_000;

let bench: SealBench;
let user: string;
let flag: string;
let middle: string;

beforeAll(async () => {
  bench = await createSealBench();
  const { admin } = bench;
  const [made] = await admin.rows<{ id: string }>(
    `INSERT INTO identity."user" (kind, auth_method, email_enc, email_bidx, first_name)
     VALUES ('client', 'email', '\\x01', sha256('speed'), 'Ada') RETURNING id`,
  );
  const [set] = await admin.rows<{ id: string }>(`INSERT INTO platform.feature_flag (name) VALUES ('speed') RETURNING id`);
  user = made?.id ?? '';
  flag = set?.id ?? '';
  const change = async (from: number, to: number) => {
    await admin.rows(`DO $$ BEGIN FOR n IN ${from}..${to} LOOP
      UPDATE identity."user" SET bio = 'Version ' || n, risk_score = n % 100 WHERE id = '${user}';
      UPDATE platform.feature_flag SET name = 'speed ' || n WHERE id = '${flag}';
    END LOOP; END $$`);
  };
  await change(1, versions / 2);
  middle = (await admin.rows<{ at: string }>('SELECT clock_timestamp()::text AS at'))[0]?.at ?? '';
  await change(versions / 2 + 1, versions);
  await admin.rows('ANALYZE audit.event');
}, 240_000);
afterAll(() => bench.stop());

/** Milliseconds of the middle one of nine, after two to warm up. */
async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 11; round += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return times.slice(2).sort((a, b) => a - b)[4] ?? 0;
}

describe(`a record of ${versions} versions`, { timeout: 60_000 }, () => {
  const record = () => ({ table: 'identity.user', recordId: user });

  it('opens its timeline, any page and any filter of it, under 200 ms', async () => {
    const first = await median(() => readHistory(bench.deps, record(), { limit: 50 }));
    const { entries } = await readHistory(bench.deps, record(), { limit: 50 });
    expect(entries).toHaveLength(50);
    const before = { at: middle, id: 'ffffffff-ffff-7fff-8fff-ffffffffffff' };
    const later = await median(() => readHistory(bench.deps, record(), { limit: 50, before }));
    const rare = await median(() => readFieldTimeline(bench.deps, { ...record(), field: 'first_name', limit: 50 }));
    const person = await median(() => readHistory(bench.deps, { subjectId: user }, { limit: 50 }));
    const all = { first, later, rare, person };
    for (const [name, ms] of Object.entries(all)) expect(ms, `${name} of ${JSON.stringify(all)}`).toBeLessThan(200);
  });

  it('tells its state as of a moment in 20 ms by its snapshots', async () => {
    const state = await stateAt(bench.deps, record(), { at: middle });
    expect(state.fields.find(({ field }) => field === 'bio')?.value).toEqual({ kind: 'plain', value: `Version ${versions / 2}` });
    const ms = await median(() => stateAt(bench.deps, record(), { at: middle }));
    expect(ms).toBeLessThan(20);
  });

  it('tells it without snapshots from as many values as there are fields, whatever the number of versions', async () => {
    const ref = { table: 'platform.feature_flag', recordId: flag };
    const state = await stateAt(bench.deps, ref, { at: middle });
    expect(state.fields.find(({ field }) => field === 'name')?.value).toEqual({ kind: 'plain', value: `speed ${versions / 2}` });
    const ms = await median(() => stateAt(bench.deps, ref, { at: middle }));
    expect(ms).toBeLessThan(150);
  });
});
