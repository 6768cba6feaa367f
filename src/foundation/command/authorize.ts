import type { AccessIntent, AccessSubject } from '../access/decide.ts';
import { decide, grantFor, isFresh, permissionsOf } from '../access/evaluate.ts';
import { matrix, type PermissionKey } from '../access/matrix.ts';
import { fail, validationError } from '../errors/app-error.ts';
import type { Actor } from '../runtime/actor.ts';
import type { AnyCommand, CommandAccess, Envelope } from './command.ts';

const minimumReasonLength = 10;

/** What of a command says who may call it. */
type Guarded = Pick<AnyCommand, 'access' | 'half'>;

/**
 * Everything that can be decided before the record is loaded: that the actor could ever do this, a reason, a ticket, a
 * fresh factor. The self, rank and ownership rules follow in `authorize` on the loaded record.
 */
export function requireConditions({ access, half }: Guarded, actor: Actor, envelope: Envelope, now: Date): void {
  if (isDoor(access)) {
    requireDoor(access, actor);
    return;
  }
  const aim = intentOf(half);
  const isGranted = aim.intent ? grantFor(actor, access, { now, ...aim }) !== null : permissionsOf(actor, now).has(access);
  // Whoever may only ask goes on to the record: an own request is refused as such there (`four_eyes`), any other as before.
  const mayAsk = half === 'approve' && grantFor(actor, access, { now, intent: 'request' }) !== null;
  if (!isGranted && !mayAsk) {
    const { isAllowed: _, ...refusal } = decide({ actor, permission: access, now, ...aim });
    fail('forbidden', { extra: refusal });
  }
  if (half === 'withdraw') return;
  const { conditions } = matrix[access];
  if (conditions.twoPerson && !half) fail('four_eyes', { extra: { rule: 'two_person' } });
  if (conditions.stepUpMinutes > 0 && !isFresh(actor, conditions.stepUpMinutes, now)) {
    fail('step_up_required', {
      extra: {
        rule: `step_up_${conditions.stepUpMinutes}`,
        methods: actor.kind === 'staff' && actor.hasMfa ? ['totp', 'recovery_code'] : ['password'],
      },
    });
  }
  if (conditions.reason) requireReason(envelope);
  // Whoever decides refers to the request, which names the ticket.
  if (conditions.ticket && half !== 'approve' && !envelope.ticketId) throw validationError([{ path: 'ticketId', code: 'required' }]);
  if (conditions.versioned && envelope.expectedVersion === undefined)
    throw validationError([{ path: 'expectedVersion', code: 'required' }]);
}

/** The rules on the loaded record; asked again inside the transaction, on the locked row. */
export function authorize({ access, half }: Guarded, actor: Actor, subject: AccessSubject | undefined, now: Date): void {
  if (isDoor(access)) {
    requireDoor(access, actor);
    return;
  }
  const decision = decide({ actor, permission: access, now, ...(subject ? { subject } : {}), ...intentOf(half) });
  if (!decision.isAllowed) {
    fail(decision.rule === 'four_eyes' ? 'four_eyes' : 'forbidden', { extra: { rule: decision.rule, sentence: decision.sentence } });
  }
  const isOnlyAsking = decision.mode === 'request' && half === undefined;
  if (decision.mode === 'read' || isOnlyAsking) fail('forbidden', { extra: { rule: `mode_${decision.mode}` } });
}

/** `approve` decides, `second` does what the row allows; the other two are open to whoever may ask. */
function intentOf(half: Guarded['half']): { intent?: AccessIntent } {
  if (half === undefined || half === 'second') return {};
  return { intent: half === 'approve' ? 'approve' : 'request' };
}

/** The kinds of access that are not the matrix's business. */
type Door = Exclude<CommandAccess, PermissionKey>;

function isDoor(access: CommandAccess): access is Door {
  return access === 'public' || access === 'owner' || access === 'system';
}

function requireDoor(door: Door, actor: Actor): void {
  if (door === 'owner' && actor.kind !== 'client' && actor.kind !== 'vendor') fail('token_missing');
  if (door === 'system' && actor.kind !== 'system') fail('forbidden', { extra: { rule: 'system_only' } });
}

/** A reason of product.md section 7: a code of the list plus 10 to 500 characters that are not one character repeated. */
function requireReason(envelope: Envelope): void {
  const text = envelope.reason?.text?.trim() ?? '';
  if (!envelope.reason?.code) throw validationError([{ path: 'reason.code', code: 'required' }]);
  if (!reasonCodes.has(envelope.reason.code)) throw validationError([{ path: 'reason.code', code: 'invalid_value' }]);
  if (text.length < minimumReasonLength || new Set(text).size < 2)
    throw validationError([{ path: 'reason.text', code: 'reason_too_short' }]);
  if (text.length > 500) throw validationError([{ path: 'reason.text', code: 'too_long' }]);
}

export const reasonCodes: ReadonlySet<string> = new Set([
  'customer_request',
  'security',
  'fraud',
  'abuse',
  'policy',
  'quality',
  'error_correction',
  'legal',
  'other',
]);
