import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anchorLast } from '../../src/audit/seal/anchor.ts';
import { doctorJob } from '../../src/audit/verify/doctor.job.ts';
import { requestVerification } from '../../src/audit/verify/request-verification.ts';
import { auditorTarget, runVerification } from '../../src/audit/verify/run-verification.ts';
import { readVerification, verifiedUpTo } from '../../src/audit/verify/verification.queries.ts';
import { verifyJob } from '../../src/audit/verify/verify.job.ts';
import { verifyNowJob } from '../../src/audit/verify/verify-now.job.ts';
import type { CommandDeps } from '../../src/foundation/command/command.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import type { AnyJobDefinition } from '../../src/foundation/jobs/job.ts';
import { runJob } from '../../src/foundation/jobs/run-job.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { runInContext } from '../../src/foundation/runtime/request-context.ts';
import { requestContext, staffActor } from '../support/app.ts';
import { createTestClock, type TestClock } from '../support/clock.ts';
import { createSealedDatabase, type SealedDatabase } from '../support/sealed-database.ts';
import { tamper } from '../support/tamper.ts';
import { workerDeps } from '../support/worker-deps.ts';

describe('P13: runs of verify are part of the history', () => {
  let sealed: SealedDatabase;
  let deps: CommandDeps;
  let clock: TestClock;
  const logs: string[] = [];

  beforeAll(async () => {
    sealed = await createSealedDatabase({ LOG_LEVEL: 'info' });
    await sealed.fill(3);
    await sealed.seal();
    clock = createTestClock();
    deps = workerDeps(sealed.config, { clock, logs, url: sealed.database.workerUrl });
    await anchorLast(deps);
  });
  afterAll(async () => {
    await deps.hasher.close();
    await deps.database.close();
    await sealed.stop();
  });

  const setClock = (moment: string) => clock.advance((Date.parse(moment) - clock.now().getTime()) / 1000);
  const auditor = () => staffActor({ role: 'auditor', isLead: false }, clock.now());
  const as = <T>(role: 'auditor' | 'support', work: () => Promise<T>) =>
    runInContext(
      requestContext(role === 'auditor' ? auditor() : staffActor({ role, isLead: false }, clock.now())),
      async () => await work(),
    );
  /** One attempt as the worker makes it. */
  async function attempt(job: AnyJobDefinition, data: object, retryCount = 0): Promise<string> {
    const run = { id: newId(), name: job.queue, data, retryCount, retryLimit: 1, signal: new AbortController().signal };
    // biome-ignore lint/suspicious/noExplicitAny: pg-boss hands in far more than a job needs.
    return (await runJob(job, run as any, deps, async () => undefined)).status;
  }
  const notes = () =>
    sealed.admin<{ body: string; outcome: string }>(
      `SELECT c.body, a.outcome FROM audit.control AS c LEFT JOIN audit.action AS a ON a.txid = c.txid AND a.action = 'note-verification'
        WHERE c.type = 'verify' ORDER BY c.occurred_at`,
    );

  it('the nightly run leaves a control row with range and result, and an action row; sealed, it is where the next goes on', async () => {
    setClock('2026-11-23T01:41:00Z');
    expect(await attempt(verifyJob, {})).toBe('completed');
    const [note] = await notes();
    expect(JSON.parse(note?.body ?? '')).toMatchObject({
      by: 'system:audit.verify',
      scope: 'from',
      from: '0',
      to: '12',
      outcome: 'valid',
      faults: '0',
      warnings: '',
    });
    expect(note?.outcome).toBe('ok');
    expect(await verifiedUpTo(deps)).toBe(0);
    await sealed.seal();
    expect(await verifiedUpTo(deps)).toBe(12);
    expect(await sealed.verify({ scope: { kind: 'from', seq: 12 } })).toMatchObject({ outcome: 'valid', range: { from: 12 } });
    expect(logs.some((line) => line.includes('"audit.verified"'))).toBe(true);
  });

  it('on Sundays everything is verified again', async () => {
    setClock('2026-11-22T01:41:00Z');
    expect(await attempt(verifyJob, {})).toBe('completed');
    expect(JSON.parse((await notes()).at(-1)?.body ?? '')).toMatchObject({ scope: 'full', from: '0', outcome: 'valid' });
  });

  it('"Verify now" is a command: refused without the right, one run at a time, with progress and result', async () => {
    setClock(new Date().toISOString());
    await expect(as('support', () => runCommand(deps, requestVerification, { input: {} }))).rejects.toMatchObject({ code: 'forbidden' });
    const first = await as('auditor', () => runCommand(deps, requestVerification, { input: { scope: 'full' } }));
    const again = await as('auditor', () => runCommand(deps, requestVerification, { input: { scope: 'full' } }));
    expect(again.output.runId).toBe(first.output.runId);
    const { runId } = first.output;
    expect(await readVerification(deps, runId)).toMatchObject({ runId, status: 'waiting', percent: 0, faults: [] });
    const [event] = await sealed.admin<{ id: string; name: string; payload: object }>(
      "SELECT id, name, payload FROM platform.outbox_event WHERE name = 'audit.verify.requested'",
    );
    const data = {
      eventId: event?.id,
      name: event?.name,
      aggregateId: runId,
      actionId: first.actionId,
      occurredAt: clock.now().toISOString(),
    };
    const job = { event: { ...data, payload: event?.payload } };
    expect(await attempt(verifyNowJob, job)).toBe('completed');
    expect(await readVerification(deps)).toMatchObject({ runId, status: 'valid', percent: 100, faultCount: 0, warnings: [] });
    expect(await attempt(verifyNowJob, job)).toBe('completed');
    expect(await readVerification(deps, runId)).toMatchObject({ status: 'valid' });
    const next = await as('auditor', () => runCommand(deps, requestVerification, { input: {} }));
    expect(next.output.runId).not.toBe(runId);
    setClock(new Date(Date.now() + 600_000).toISOString());
    expect(await readVerification(deps, next.output.runId)).toMatchObject({ status: 'stalled' });
    expect(await readVerification(deps, newId())).toBeNull();
    setClock(new Date().toISOString());
  });

  it('a run that cannot be made fails its job and says so to whoever waits', async () => {
    setClock(new Date(Date.now() + 600_000).toISOString());
    const asked = await as('auditor', () => runCommand(deps, requestVerification, { input: {} }));
    const event = {
      eventId: newId(),
      name: 'audit.verify.requested',
      aggregateId: null,
      actionId: null,
      occurredAt: clock.now().toISOString(),
    };
    const job = { event: { ...event, payload: { runId: asked.output.runId, scope: 'full' } } };
    const blind = { ...deps, config: { ...deps.config, databaseUrl: 'postgresql://nobody@127.0.0.1:1/none' } };
    const run = { id: newId(), attempt: 1, isLastAttempt: true, signal: new AbortController().signal, send: async () => undefined };
    const payload = verifyNowJob.payload.parse(job);
    await expect(
      runInContext(requestContext({ kind: 'system', name: 'x' }), () => verifyNowJob.handle(payload, blind, run)),
    ).rejects.toThrow();
    expect(await readVerification(deps, asked.output.runId)).toMatchObject({ status: 'failed' });
    expect(() => auditorTarget({ ...deps.config, databaseUrl: undefined, auditDatabaseUrl: undefined })).toThrow(/Neither/);
    expect(auditorTarget({ ...deps.config, auditDatabaseUrl: 'postgresql://reader@h/d' })).toEqual({
      url: 'postgresql://reader@h/d',
      role: null,
    });
    setClock(new Date().toISOString());
  });

  it('a worker that stops ends a run without a result', async () => {
    const signal = AbortSignal.abort(new Error('stopping'));
    const work = runInContext(requestContext({ kind: 'system', name: 'x' }), () =>
      runVerification(deps, { scope: 'full', by: 'system:x', signal }),
    );
    await expect(work).rejects.toThrow('stopping');
  });

  it('a fault is a result: it is noted, logged as an error, and published for those who are told', async () => {
    await tamper(sealed.admin, 'audit.action', "UPDATE audit.action SET ms = ms + 1 WHERE resource = 'user'");
    expect(await attempt(verifyJob, {})).toBe('completed');
    setClock('2026-11-22T01:41:00Z');
    expect(await attempt(verifyJob, {})).toBe('completed');
    expect(JSON.parse((await notes()).at(-1)?.body ?? '')).toMatchObject({ outcome: 'faults', faults: '3', firstFault: 'action_altered' });
    const [event] = await sealed.admin<{ payload: { faults: number } }>(
      "SELECT payload FROM platform.outbox_event WHERE name = 'audit.verify.failed'",
    );
    expect(event?.payload).toMatchObject({ faults: 3, kind: 'action_altered' });
    expect(logs.find((line) => line.includes('"audit.verify.failed"'))).toContain('FAULT action_altered');
    setClock(new Date().toISOString());
  });

  it('the hourly doctor tells of problems by log, action and event', async () => {
    expect(await attempt(doctorJob, {})).toBe('completed');
    const [event] = await sealed.admin<{ payload: { kinds: string[] } }>(
      "SELECT payload FROM platform.outbox_event WHERE name = 'audit.doctor.failed'",
    );
    expect(event?.payload.kinds).toContain('verify_failed');
    expect(logs.some((line) => line.includes('"audit.doctor.failed"'))).toBe(true);
  });

  it('only what is a note of a verification can be noted', async () => {
    for (const body of ['null', '{}', '[]', 'x']) {
      await expect(deps.database.pool.query('SELECT audit.record_verification($1)', [body])).rejects.toMatchObject({ code: '22023' });
    }
  });
});
