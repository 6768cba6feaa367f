import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { RoleGrant } from '../../../src/foundation/access/roles.ts';
import { type CommandAccess, defineCommand } from '../../../src/foundation/command/command.ts';
import { previewCommand, runCommand } from '../../../src/foundation/command/run-command.ts';
import { AppError } from '../../../src/foundation/errors/app-error.ts';
import type { Actor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { anonymous, staffActor, startTestApp, type TestApp } from '../../support/app.ts';
import { openSql, type Sql } from '../../support/sql.ts';
import { ticketAbout } from '../../support/tickets.ts';

let app: TestApp;
let sql: Sql;
let stop: () => Promise<void>;
beforeAll(async () => {
  const started = await startTestApp();
  app = started;
  stop = started.stop;
  sql = await openSql(app.database.adminUrl);
});
afterAll(async () => {
  await sql.close();
  await stop();
});

let person: string;
let ticketId: string;
beforeEach(async () => {
  person = newId();
  ticketId = await ticketAbout(app, person);
});

const reason = { code: 'security', text: 'Asked for by the team lead' };
const staff = (role: RoleGrant['role'], id = newId()) => staffActor({ role, isLead: false }, app.clock.now(), { id });
const setTicket = (change: string, values: unknown[] = []) =>
  sql.inContext((on) => on.rows(`UPDATE support.ticket SET ${change} WHERE id = $1`, [ticketId, ...values]));

/** Does nothing; what matters is which ticket lets whom to whose record. */
const about = (access: CommandAccess, subjectId: string | null = person) =>
  defineCommand({
    name: 'guarded-by-ticket',
    resource: 'user',
    access,
    input: z.object({}),
    subject: () => (subjectId === null ? {} : { userId: subjectId, kind: 'client' as const, rank: 0 }),
    run: async (scope) => ({ ticketId: scope.ticketId }),
  });

type Asked = { actor?: Actor; access?: CommandAccess; reference?: string; subjectId?: string | null };
const call = ({ actor = staff('support'), access = 'user.send_reset', reference = ticketId, subjectId = person }: Asked = {}) =>
  app.as(actor, () => runCommand(app.deps, about(access, subjectId), { input: {}, reason, ticketId: reference }));

async function codeOf(work: Promise<unknown>): Promise<string> {
  const thrown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (thrown === null) return 'done';
  if (!(thrown instanceof AppError)) throw thrown;
  const [first] = thrown.details.errors ?? [];
  return first ? `${first.path} ${first.code}` : thrown.code;
}

describe('the ticket that an action has to name', () => {
  test('goes by its id, however it was quoted', async () => {
    const [row] = await sql.rows<{ number: string }>('SELECT number FROM support.ticket WHERE id = $1', [ticketId]);
    const { output, actionId } = await call({ reference: row?.number ?? '' });
    expect(output).toEqual({ ticketId });
    const stored = `SELECT a.ticket_id, v.body::jsonb ->> 'ticket' AS ticket FROM audit.action a JOIN audit.value v ON v.row_id = a.id WHERE a.id = $1`;
    expect(await sql.rows(stored, [actionId])).toEqual([{ ticket_id: ticketId, ticket: row?.number }]);
  });

  test.each(['T-999999999', newId(), 'the one of yesterday'])('has to exist: %s does not', async (reference) => {
    expect(await codeOf(call({ reference }))).toBe('ticketId ticket_unknown');
  });

  test('is about the person whose record is touched, or was brought up by them', async () => {
    expect(await codeOf(call({ subjectId: newId() }))).toBe('ticketId ticket_other_person');
    expect(await codeOf(call())).toBe('done');
    const other = newId();
    await setTicket('submitter_user_id = $2', [other]);
    expect(await codeOf(call({ subjectId: other }))).toBe('done');
  });

  test('is not closed for good', async () => {
    await setTicket(`status = 'closed', resolved_at = now(), closed_at = now()`);
    expect(await codeOf(call())).toBe('ticket_closed');
  });

  test('is looked at in a preview too', async () => {
    const actor = staff('support');
    const preview = (reference: string) =>
      app.as(actor, () => previewCommand(app.deps, about('user.send_reset'), { input: {}, reason, ticketId: reference }));
    expect(await preview(ticketId)).toEqual([]);
    expect(await codeOf(preview(newId()))).toBe('ticketId ticket_unknown');
  });

  test('tells nothing to who may not act at all', async () => {
    expect(await codeOf(call({ actor: staff('finance'), reference: newId() }))).toBe('forbidden');
  });

  test('may be one from before this system where none is asked for, and customers name none', async () => {
    expect(await codeOf(call({ access: 'user.unlock', reference: 'OLD-17' }))).toBe('done');
    expect(await codeOf(call({ actor: anonymous, access: 'public', reference: newId() }))).toBe('done');
    expect(await codeOf(call({ actor: staff('support'), access: 'public', reference: newId() }))).toBe('done');
  });
});

describe('a ticket that is assigned to an assistant', () => {
  const assistant = () => staff('assistant');
  const resend = (actor: Actor, more: Asked = {}) => codeOf(call({ actor, access: 'user.resend_code', ...more }));

  test('makes its person their own, and nobody else’s ticket does', async () => {
    const actor = assistant();
    expect(await resend(actor)).toBe('forbidden');
    await setTicket('assigned_to = $2', [actor.id]);
    expect(await resend(actor)).toBe('done');
    expect(await resend(assistant())).toBe('forbidden');
  });

  test('gives nothing about another person, about nobody, or once it is closed', async () => {
    const actor = assistant();
    await setTicket('assigned_to = $2', [actor.id]);
    expect(await resend(actor, { subjectId: newId() })).toBe('forbidden');
    expect(await resend(actor, { subjectId: null })).toBe('forbidden');
    await setTicket(`status = 'closed', resolved_at = now(), closed_at = now()`);
    expect(await resend(actor)).toBe('forbidden');
  });
});
