import { createHash } from 'node:crypto';
import { gradeOf } from '../access/roles.ts';
import type { Config } from '../config/config.ts';
import { AppError } from '../errors/app-error.ts';
import { nudgeSealer } from '../outbox/nudge.ts';
import { type Actor, actorIdOf, actorTypeOf } from '../runtime/actor.ts';
import { newId } from '../runtime/new-id.ts';
import { type RequestContext, requireContext } from '../runtime/request-context.ts';
import { shownIp } from '../runtime/shown-ip.ts';
import type { CommandDeps, Reason } from './command.ts';

export { shownIp };

export type Outcome = 'ok' | 'denied' | 'error' | 'read';

/** The facts of one audit.action row that the context does not hold already. */
export type ActionFacts = {
  id: string;
  resource: string;
  action: string;
  outcome: Outcome;
  errorCode?: string | null;
  recordIds?: readonly string[];
  /** How many records were touched; the number of recordIds unless more than 100. */
  recordCount?: number;
  reason?: Reason | null;
  ticketId?: string | null;
  /** Its number, as people quote it. */
  ticketNumber?: string | null;
  approvalId?: string | null;
  /** Id of the action that this one takes back. */
  reverts?: string | null;
  /** Canonical text of the list filter of a read; never holds an exact contact. */
  filter?: string | null;
  /** Short non-personal facts. */
  note?: string | null;
  /** Milliseconds the command took. */
  ms?: number;
};

/** Payload of `audit.record_action`, as JSON text. One function for every door (audit.md section 6). */
export function actionPayload(config: Config, context: RequestContext, facts: ActionFacts): string {
  const recordIds = facts.recordIds ?? [];
  return JSON.stringify({
    id: facts.id,
    requestId: uuidOrNull(context.requestId),
    actorId: actorIdOf(context.actor),
    actorType: actorTypeOf(context.actor),
    approvalId: facts.approvalId ?? null,
    ticketId: uuidOrNull(facts.ticketId ?? null),
    reverts: facts.reverts ?? null,
    ms: Math.round(facts.ms ?? 0),
    recordCount: facts.recordCount ?? recordIds.length,
    mfa: hasSecondFactor(context.actor),
    outcome: facts.outcome,
    door: context.door,
    resource: facts.resource,
    action: facts.action,
    errorCode: facts.errorCode ?? null,
    actorRoles: rolesOf(context.actor),
    recordIds: recordIds.slice(0, 100),
    sessionHash: sessionHashOf(context.actor),
    body: actionBody(config, context, facts),
  });
}

/**
 * Writes an action row in a small transaction of its own: reads, refusals and failures. Returns its id.
 * @throws AppError `audit_unavailable` when the row cannot be written; the caller must then withhold its answer.
 */
export async function recordAction(deps: CommandDeps, facts: Omit<ActionFacts, 'id'> & { id?: string }): Promise<string> {
  const id = facts.id ?? newId();
  try {
    await deps.database.pool.query('SELECT audit.record_action($1::jsonb)', [
      actionPayload(deps.config, requireContext(), { ...facts, id }),
    ]);
  } catch (cause) {
    deps.log.error({ event: 'audit.record_failed', actionId: id, err: cause }, 'action row not written');
    throw new AppError('audit_unavailable', { cause });
  }
  // A refusal is worth haste; what was only read is sealed within the seconds that workers look anyway.
  if (facts.outcome !== 'read') nudgeSealer(deps.database);
  return id;
}

/** A read of personal data, recorded before the response leaves (P5). */
export function recordRead(
  deps: CommandDeps,
  read: { resource: string; action: string; recordIds: readonly string[]; recordCount?: number; filter?: string | null; note?: string },
): Promise<string> {
  return recordAction(deps, { ...read, outcome: 'read' });
}

/** RFC 8785 canonical JSON of the few string members; absent members are left out. */
function actionBody(config: Config, context: RequestContext, facts: ActionFacts): string {
  const reason = facts.reason ? [facts.reason.code, facts.reason.text].filter(Boolean).join(': ') : null;
  const members = {
    filter: facts.filter ?? null,
    ip: shownIp(context.ip, config.auditIpMode),
    note: facts.note ?? null,
    path: context.path,
    reason,
    // A ticket is quoted by its number as often as by its id.
    ticket: facts.ticketNumber ?? (facts.ticketId && !uuidOrNull(facts.ticketId) ? facts.ticketId : null),
    ua: context.userAgent?.slice(0, 512) ?? null,
  };
  return JSON.stringify(Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null && value !== '')));
}

function rolesOf(actor: Actor): string[] {
  if (actor.kind === 'staff') return [...new Set(actor.grants.map(gradeOf))].sort();
  return actor.kind === 'client' || actor.kind === 'vendor' ? [actor.kind] : [];
}

function hasSecondFactor(actor: Actor): boolean {
  if (actor.kind === 'staff') return actor.hasMfa && actor.factorAt !== null;
  return (actor.kind === 'client' || actor.kind === 'vendor') && actor.acr === 'aal2';
}

function sessionHashOf(actor: Actor): string | null {
  if (actor.kind === 'staff') return actor.sessionHash.toString('hex');
  if (actor.kind === 'client' || actor.kind === 'vendor') return createHash('sha256').update(actor.sessionId).digest('hex');
  return null;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function uuidOrNull(text: string | null): string | null {
  return text && uuid.test(text) ? text : null;
}
