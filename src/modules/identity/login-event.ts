import type { CommandScope } from '../../foundation/command/command.ts';
import { newId } from '../../foundation/runtime/new-id.ts';
import { countryOfIp } from './place.ts';
import type { RuleStep } from './rule-trace.ts';

export type LoginAttempt = {
  userId: string | null;
  /** Kept for unknown identifiers too, so that a pattern can be seen; never the contact itself. */
  identifierBidx: Uint8Array | null;
  method: 'password' | 'otp' | 'google' | 'passkey' | 'refresh';
  outcome: 'success' | 'failed' | 'blocked' | 'challenged';
  reasonCode: string | null;
  trace: readonly RuleStep[];
  deviceId?: string | null;
  isNewDevice?: boolean;
  isNewCountry?: boolean;
  sessionId?: string | null;
};

/**
 * One row per attempt, in the transaction of its result (audit.md section 13). Country and score are filled before the
 * insert, so the row is never updated. Queues `identity.login.*` with ids only.
 */
export async function recordLogin(scope: CommandScope, attempt: LoginAttempt): Promise<string> {
  const id = newId();
  const isNewDevice = attempt.isNewDevice ?? false;
  const isNewCountry = attempt.isNewCountry ?? false;
  await scope.tx.loginEvent.createMany({
    data: {
      id,
      at: scope.now,
      userId: attempt.userId,
      identifierBidx: attempt.identifierBidx ? Buffer.from(attempt.identifierBidx) : null,
      surface: scope.context.door === 'admin' ? 'admin' : 'api',
      method: attempt.method,
      outcome: attempt.outcome,
      reasonCode: attempt.reasonCode,
      ip: scope.context.ip,
      countryCode: countryOfIp(scope.context.ip),
      deviceId: attempt.deviceId ?? null,
      isNewDevice,
      isNewCountry,
      riskScore: (isNewCountry ? 30 : 0) + (isNewDevice ? 15 : 0),
      ruleTrace: attempt.trace.map((step) => ({ ...step })),
      sessionId: attempt.sessionId ?? null,
    },
  });
  const event = eventNames[attempt.outcome];
  if (event) {
    scope.emit({
      name: event,
      aggregateId: attempt.userId,
      payload: {
        userId: attempt.userId,
        loginEventId: id,
        reasonCode: attempt.reasonCode,
        method: attempt.method,
        sessionId: attempt.sessionId ?? null,
        isNewDevice,
      },
    });
  }
  return id;
}

const eventNames = {
  success: 'identity.login.succeeded',
  failed: 'identity.login.failed',
  blocked: 'identity.login.blocked',
  challenged: null,
} as const;
