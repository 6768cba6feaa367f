import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { auditJobs, enrichAll, enrichmentLagSeconds } from '../../src/audit/index.ts';
import { recordAction, recordRead, shownIp } from '../../src/foundation/command/action-row.ts';
import { defineCommand } from '../../src/foundation/command/command.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { AppError } from '../../src/foundation/errors/app-error.ts';
import type { Actor } from '../../src/foundation/runtime/actor.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { staffActor, startTestApp, type TestApp } from '../support/app.ts';
import { searchWorker } from '../support/search-worker.ts';

let app: TestApp;
let support: Actor & { id: string };

beforeAll(async () => {
  app = await startTestApp();
  support = staffActor({ role: 'support', isLead: false }, app.clock.now());
});
afterAll(() => app.stop());

async function asAdmin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: app.database.adminUrl });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

async function rowsOf(actorType: string, action: string) {
  const { rows } = await app.deps.database.pool.query(
    `SELECT a.*, v.body FROM audit.action a LEFT JOIN LATERAL audit.read_values(ARRAY[a.id]) v ON true
      WHERE a.actor_type = $1 AND a.action = $2`,
    [actorType, action],
  );
  return rows;
}

describe('P4: denied and failed attempts are recorded', () => {
  const fails = defineCommand({
    name: 'always-fails',
    resource: 'test',
    access: 'system',
    input: z.strictObject({}),
    run: async () => {
      throw new Error('planted: 4929-secret');
    },
  });

  test('a job whose command throws leaves one error row of that job, without the message', async () => {
    await app.as({ kind: 'system', name: 'p4-job' }, () => runCommand(app.deps, fails, { input: {} })).catch(() => undefined);
    const rows = await rowsOf('system:p4-job', 'always-fails');
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ outcome: 'error', door: 'worker', error_code: 'internal_error' });
    expect(JSON.stringify(rows)).not.toContain('4929');
  });

  test('a person who calls a job command is refused and recorded', async () => {
    const thrown = await app.as(support, () => runCommand(app.deps, fails, { input: {} })).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: 'forbidden' });
    const rows = await rowsOf('staff', 'always-fails');
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ outcome: 'denied', actor_id: support.id });
    expect(rows[0].body).toContain('system_only');
  });
});

describe('P5 and P13: reads are recorded before the answer leaves', () => {
  test('one read row holds up to 100 ids and the whole count', async () => {
    const ids = Array.from({ length: 130 }, () => newId());
    await app.as(support, () => recordRead(app.deps, { resource: 'user', action: 'list', recordIds: ids, filter: 'status' }));
    const [row] = await rowsOf('staff', 'list');
    expect(row).toMatchObject({ outcome: 'read', record_count: 130 });
    expect(row.record_ids).toHaveLength(100);
    expect(JSON.parse(row.body)).toMatchObject({ filter: 'status', ip: '102.89.23.0/24' });
  });

  test('when the row cannot be written, the reader gets audit_unavailable', async () => {
    await asAdmin('ALTER FUNCTION audit.record_action(jsonb) RENAME TO record_action_gone');
    try {
      const thrown = await app
        .as(support, () => recordRead(app.deps, { resource: 'user', action: 'show', recordIds: [newId()] }))
        .catch((e: unknown) => e);
      expect(thrown).toBeInstanceOf(AppError);
      expect(thrown).toMatchObject({ code: 'audit_unavailable', status: 503 });
    } finally {
      await asAdmin('ALTER FUNCTION audit.record_action_gone(jsonb) RENAME TO record_action');
    }
    await app.as(support, () => recordRead(app.deps, { resource: 'user', action: 'show', recordIds: [newId()] }));
  });
});

describe('the enrichment job', () => {
  test('adds country and device to each action once, and then has no lag', async () => {
    const id = await app.as(support, () => recordAction(app.deps, { resource: 'user', action: 'show', outcome: 'read' }));
    const worker = searchWorker(app);
    await worker.settle();
    await enrichAll(worker.deps);
    await worker.stop();
    const { rows } = await app.deps.database.pool.query('SELECT * FROM audit.enrichment WHERE row_id = $1', [id]);
    expect(rows).toEqual([expect.objectContaining({ country: 'NG', device: 'desktop', browser: 'Chrome', os: 'Linux' })]);
    expect(await enrichmentLagSeconds(app.deps)).toBe(0);
    expect(auditJobs.find((job) => job.queue === 'audit.enrich')).toMatchObject({ policy: 'standard', schedule: '* * * * *' });
  });
});

describe('addresses', () => {
  test.each([
    ['102.89.23.17', 'truncated', '102.89.23.0/24'],
    ['::ffff:102.89.23.17', 'truncated', '102.89.23.0/24'],
    ['2001:db8:85a3:8d3:1319:8a2e:370:7348', 'truncated', '2001:db8:85a3::/48'],
    ['102.89.23.17', 'full', '102.89.23.17'],
    ['102.89.23.17', 'off', null],
    [null, 'full', null],
  ] as const)('%s in mode %s is kept as %s', (ip, mode, shown) => {
    expect(shownIp(ip, mode)).toBe(shown);
  });
});
