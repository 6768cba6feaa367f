import type { CommandScope } from '../../../foundation/command/command.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { shownIp } from '../../../foundation/runtime/shown-ip.ts';
import { deviceLabelOf } from '../device-label.ts';
import { placeOf } from './place.ts';
import type { RuleStep } from './rule-trace.ts';
import { readSignInHistory, riskInputsOf, type SignInHistory } from './sign-in-history.ts';
import { type Risk, riskOf } from './sign-in-risk.ts';

export type LoginAttempt = {
  userId: string | null;
  /** Kept for unknown identifiers too, so that a pattern can be seen; never the contact itself. */
  identifierBidx: Uint8Array | null;
  method: 'password' | 'otp' | 'google' | 'passkey' | 'refresh';
  outcome: 'success' | 'failed' | 'blocked' | 'challenged';
  reasonCode: string | null;
  trace: readonly RuleStep[];
  deviceId?: string | null;
  /** Where it was read already; otherwise it is read here, one statement. */
  history?: SignInHistory;
  /** Decided by whoever makes the session; otherwise by the history. */
  isNewDevice?: boolean;
  /** A sign-up. */
  isFirst?: boolean;
  sessionId?: string | null;
};

/**
 * One row per attempt, in the transaction of its result (audit.md section 13). Place, device and score are filled before the
 * insert, so the row is never updated. The action row of the same transaction names it, which is what the tree proves. Queues
 * `identity.login.*` with ids only.
 */
export async function recordLogin(scope: CommandScope, attempt: LoginAttempt): Promise<string> {
  const id = newId();
  const { context, deps } = scope;
  const place = placeOf(deps.config, context.ip);
  const risk = await riskOfAttempt(scope, attempt);
  const trace = [...attempt.trace, ...risk.steps];
  await scope.tx.$executeRaw`
    INSERT INTO identity.login_event (at, id, user_id, identifier_bidx, surface, method, outcome, reason_code, ip, country_code, city, device_id,
                                      device_name, is_new_device, is_new_country, risk_score, rule_trace, session_id)
    VALUES (${scope.now}::timestamptz, ${id}::uuid, ${attempt.userId}::uuid, ${attempt.identifierBidx}::bytea,
            ${context.door === 'admin' ? 'admin' : 'api'}::identity.surface, ${attempt.method}::identity.login_method,
            ${attempt.outcome}::identity.login_outcome, ${attempt.reasonCode}, ${shownIp(context.ip, deps.config.auditIpMode)}::inet,
            ${place.country}, ${place.city}, ${attempt.deviceId ?? null}::uuid, ${deviceLabelOf(context.userAgent).name}, ${risk.isNewDevice},
            ${risk.isNewCountry}, ${risk.score}, ${JSON.stringify(trace)}::jsonb, ${attempt.sessionId ?? null}::uuid)`;
  scope.touched(id, ...(attempt.userId ? [attempt.userId] : []));
  announce(scope, attempt, { id, isNewDevice: risk.isNewDevice });
  return id;
}

type AttemptRisk = Risk & { isNewDevice: boolean; isNewCountry: boolean };

/** A refresh is no sign-in: it stays on its session and is judged by the rules of refreshing alone. */
async function riskOfAttempt(scope: CommandScope, attempt: LoginAttempt): Promise<AttemptRisk> {
  if (attempt.method === 'refresh') return { score: 0, steps: [], isNewDevice: false, isNewCountry: false };
  const history = attempt.history ?? (await readSignInHistory(scope, attempt.userId, attempt.deviceId ?? null));
  const isThrough = attempt.outcome === 'success' || attempt.outcome === 'challenged';
  const inputs = riskInputsOf(scope, { history, isNewDevice: attempt.isNewDevice, isFirst: attempt.isFirst === true, isThrough });
  return { ...riskOf(inputs), isNewDevice: inputs.isNewDevice, isNewCountry: inputs.isNewCountry };
}

function announce(scope: CommandScope, attempt: LoginAttempt, { id, isNewDevice }: { id: string; isNewDevice: boolean }): void {
  const name = eventNames[attempt.outcome];
  if (!name) return;
  const { userId, reasonCode, method, sessionId = null } = attempt;
  scope.emit({ name, aggregateId: userId, payload: { userId, loginEventId: id, reasonCode, method, sessionId, isNewDevice } });
}

const eventNames = {
  success: 'identity.login.succeeded',
  failed: 'identity.login.failed',
  blocked: 'identity.login.blocked',
  challenged: null,
} as const;
