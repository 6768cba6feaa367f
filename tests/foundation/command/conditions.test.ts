import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { RoleGrant } from '../../../src/foundation/access/roles.ts';
import { type CommandAccess, type CommandDeps, defineCommand, type Envelope } from '../../../src/foundation/command/command.ts';
import { dailyQuotaLeft, useDailyQuota } from '../../../src/foundation/command/daily-quota.ts';
import { toAppError } from '../../../src/foundation/command/database-errors.ts';
import { claimKey } from '../../../src/foundation/command/idempotency.ts';
import { previewCommand, runCommand } from '../../../src/foundation/command/run-command.ts';
import { AppError } from '../../../src/foundation/errors/app-error.ts';
import type { Actor, StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { anonymous, staffActor, startTestApp, type TestApp } from '../../support/app.ts';
import { ticketAbout } from '../../support/tickets.ts';

let app: TestApp;
let ticketId: string;
beforeAll(async () => {
  app = await startTestApp();
  ticketId = await ticketAbout(app, newId());
});
afterAll(() => app.stop());

const reason = { code: 'security', text: 'Asked for by the team lead' };
const staff = (role: RoleGrant['role'], overrides: Partial<StaffActor> = {}, isLead = false) =>
  staffActor({ role, isLead }, app.clock.now(), overrides);

let runs = 0;
/** Does nothing but count; what matters is who is let to it. */
const guarded = (access: CommandAccess) =>
  defineCommand({
    name: 'guarded',
    resource: 'user',
    access,
    input: z.object({ note: z.string().optional() }),
    isIdempotent: true,
    async run() {
      runs += 1;
      return { runs };
    },
  });

const run = (actor: Actor, access: CommandAccess, envelope: Partial<Envelope> = {}, deps: CommandDeps = app.deps) =>
  app.as(actor, () => runCommand(deps, guarded(access), { input: undefined, ...envelope }));

async function refusalOf(work: Promise<unknown>): Promise<[string, unknown]> {
  const thrown = await work.catch((error: unknown) => error);
  return thrown instanceof AppError ? [thrown.code, thrown.details.extra ?? thrown.details.errors?.[0]] : ['none', thrown];
}

describe('before anything is loaded', () => {
  test('what takes two people is run by nobody alone, whatever the role', async () => {
    for (const actor of [staff('admin'), staff('super_admin'), staff('support', {}, true)])
      expect(await refusalOf(run(actor, 'user.remove_passkey', { reason, ticketId }))).toEqual(['four_eyes', { rule: 'two_person' }]);
  });

  test('either half of it asks for its own right; taking a request back asks for nothing more', async () => {
    const requestedById = newId();
    const half = (which: 'request' | 'approve' | 'withdraw', actor: Actor, envelope: Partial<Envelope> = {}) => {
      const command = {
        ...guarded('user.remove_passkey'),
        half: which,
        subject: () => ({ kind: 'client' as const, rank: 0, requestedById }),
      };
      return app.as(actor, () => runCommand(app.deps, command, { input: {}, ...envelope }));
    };
    const lead = staff('support', {}, true);
    const all = { reason, ticketId };
    expect((await half('request', staff('support'), all)).isReplay).toBe(false);
    expect(await refusalOf(half('request', staff('support'), { reason }))).toEqual(['required', { path: 'ticketId', code: 'required' }]);
    expect(await refusalOf(half('request', staff('finance'), all))).toEqual([
      'forbidden',
      expect.objectContaining({ rule: 'not_granted' }),
    ]);
    expect(await refusalOf(half('approve', staff('support'), all))).toEqual(['forbidden', expect.objectContaining({ rule: 'two_person' })]);
    expect((await half('approve', lead, { reason })).isReplay).toBe(false);
    expect(await refusalOf(half('approve', lead))).toEqual(['required', { path: 'reason.code', code: 'required' }]);
    const asker = staff('support', { id: requestedById }, true);
    expect(await refusalOf(half('approve', asker, { reason }))).toEqual(['four_eyes', expect.objectContaining({ rule: 'four_eyes' })]);
    expect((await half('withdraw', staff('support', { factorAt: null }))).isReplay).toBe(false);
    expect(await refusalOf(half('withdraw', staff('finance')))).toEqual(['forbidden', expect.objectContaining({ rule: 'not_granted' })]);
  });

  test('a stale factor is asked for anew, by the password where the person has no other', async () => {
    const stale = new Date(app.clock.now().getTime() - 3_600_000);
    const extra = async (hasMfa: boolean) =>
      (await refusalOf(run(staff('admin', { factorAt: stale, hasMfa }), 'user.suspend', { reason })))[1];
    expect(await extra(true)).toEqual({ rule: 'step_up_15', methods: ['totp', 'recovery_code'] });
    expect(await extra(false)).toEqual({ rule: 'step_up_15', methods: ['password'] });
  });

  test('a ticket is asked for where the matrix asks and nowhere else', async () => {
    expect(await refusalOf(run(staff('support'), 'user.send_reset'))).toEqual(['required', { path: 'ticketId', code: 'required' }]);
    expect((await run(staff('support'), 'user.send_reset', { ticketId })).isReplay).toBe(false);
  });

  test('a change of what was seen must say which version was seen', async () => {
    expect(await refusalOf(run(staff('support'), 'user.edit', { reason }))).toEqual([
      'required',
      { path: 'expectedVersion', code: 'required' },
    ]);
    expect((await run(staff('support'), 'user.edit', { reason, expectedVersion: 1 })).isReplay).toBe(false);
  });

  test('the doors that the matrix does not know let in their own kind only', async () => {
    const customer: Actor = { kind: 'vendor', id: newId(), sessionId: newId(), acr: 'aal1', authTime: app.clock.now() };
    const job: Actor = { kind: 'system', name: 'nightly' };
    for (const actor of [anonymous, staff('super_admin'), job])
      expect((await refusalOf(run(actor, 'owner')))[0], actor.kind).toBe('token_missing');
    for (const actor of [anonymous, staff('super_admin'), customer])
      expect(await refusalOf(run(actor, 'system')), actor.kind).toEqual(['forbidden', { rule: 'system_only' }]);
    for (const [actor, access] of [
      [customer, 'owner'],
      [job, 'system'],
      [anonymous, 'public'],
    ] as const)
      expect((await run(actor, access)).isReplay).toBe(false);
  });
});

describe('a preview', () => {
  const preview = (actor: Actor, access: CommandAccess) =>
    app.as(actor, () => previewCommand(app.deps, guarded(access), { input: undefined }));

  test('is for those who may do it: looking on and asking for it are not enough', async () => {
    expect(await refusalOf(preview(staff('assistant'), 'country.edit'))).toMatchObject(['forbidden', { rule: 'view_only' }]);
    expect(await refusalOf(preview(staff('support'), 'user.remove_passkey'))).toEqual(['forbidden', { rule: 'mode_request' }]);
    expect((await refusalOf(preview(staff('enhancer'), 'user.suspend')))[0]).toBe('forbidden');
    expect(await refusalOf(run(staff('admin'), 'country.list'))).toEqual(['forbidden', { rule: 'mode_read' }]);
  });

  test('of a command that has nothing to say is empty, and runs nothing', async () => {
    const before = runs;
    expect(await preview(staff('admin'), 'country.edit')).toEqual([]);
    expect(runs).toBe(before);
  });
});

describe('an idempotency key', () => {
  test('works for callers without a body, a name or an address', async () => {
    const idempotencyKey = newId();
    const call = () =>
      app.as(anonymous, () => runCommand(app.deps, guarded('public'), { input: undefined, idempotencyKey }), { ip: null, clientId: null });
    const first = await call();
    expect(await call()).toEqual({ ...first, isReplay: true });
    expect((await refusalOf(run(anonymous, 'public', { input: { note: 'x' }, idempotencyKey })))[0]).toBe('none');
  });

  test('whose stored answer cannot be read answers with an error, never with the work done twice', async () => {
    const idempotencyKey = newId();
    await run(anonymous, 'public', { idempotencyKey });
    const before = runs;
    await app.deps.database.pool.query(`UPDATE platform.idempotency_key SET response = '5' WHERE key = $1`, [idempotencyKey]);
    expect((await refusalOf(run(anonymous, 'public', { idempotencyKey })))[0]).toBe('internal_error');
    expect(runs).toBe(before);
  });

  test('that its owner gives back while another asks may be tried again', async () => {
    const key = newId();
    const claim = { scope: 'scope', key, body: 'body', runningCode: 'idempotency_in_progress' } as const;
    const { pool } = app.deps.database;
    expect(await claimKey(app.deps, claim)).toMatchObject({ kind: 'held' });
    // The owner's release comes between the two statements of the second caller.
    let statements = 0;
    const query = async (...given: Parameters<typeof pool.query>) => {
      const answer = await pool.query(...given);
      statements += 1;
      if (statements === 1) await pool.query('DELETE FROM platform.idempotency_key WHERE key = $1', [key]);
      return answer;
    };
    const raced = { ...app.deps, database: { ...app.deps.database, pool: Object.assign(Object.create(pool), { query }) } };
    await expect(claimKey(raced, claim)).rejects.toMatchObject({
      code: 'idempotency_in_progress',
      details: { retryAfterSeconds: 1 },
    });
    expect(await claimKey(app.deps, claim)).toMatchObject({ kind: 'held' });
  });
});

describe('the quota of the day', () => {
  const reveal = defineCommand({
    name: 'reveal',
    resource: 'user',
    access: 'public',
    input: z.object({}),
    run: async (scope) => ({ left: await useDailyQuota(scope, 'reveals') }),
  });

  test('is nothing for who is not staff, and for roles without one', async () => {
    for (const actor of [anonymous, staff('assistant'), staff('auditor')]) {
      expect(await refusalOf(app.as(actor, () => runCommand(app.deps, reveal, { input: {} })))).toEqual([
        'quota_exceeded',
        { rule: 'quota_reveals' },
      ]);
      expect(await dailyQuotaLeft(app.deps, actor, 'reveals')).toBe(0);
    }
  });

  test('is that of the highest role, and what was used is gone for the day', async () => {
    const actor = staff('support');
    expect(await dailyQuotaLeft(app.deps, actor, 'reveals')).toBe(30);
    expect((await app.as(actor, () => runCommand(app.deps, reveal, { input: {} }))).output).toEqual({ left: 29 });
    expect(await dailyQuotaLeft(app.deps, actor, 'reveals')).toBe(29);
  });
});

describe('refusals and failures', () => {
  test('of a job are recorded under its name', async () => {
    const job: Actor = { kind: 'system', name: 'nightly-guess' };
    expect((await refusalOf(run(job, 'user.suspend', { reason })))[0]).toBe('forbidden');
    const { rows } = await app.deps.database.pool.query(
      `SELECT outcome, error_code FROM audit.action WHERE actor_type = 'system:nightly-guess'`,
    );
    expect(rows).toEqual([{ outcome: 'denied', error_code: 'forbidden' }]);
  });

  test('that are no errors at all stay internal, with what was thrown kept for the log', () => {
    for (const thrown of ['text', null, 5, { code: 7 }]) {
      const error = toAppError(thrown);
      expect([error.code, error.cause]).toEqual(['internal_error', thrown]);
    }
    expect(toAppError({ code: 'ECONNREFUSED' })).toMatchObject({ code: 'unavailable', details: { retryAfterSeconds: 2 } });
    expect(toAppError(new Error('Connection terminated unexpectedly')).code).toBe('unavailable');
    // The pool's own words when every connection is taken: overload, not a fault.
    expect(toAppError(new Error('timeout exceeded when trying to connect')).code).toBe('unavailable');
  });
});
