import type { LoginEvent, User } from '@prisma/client';
import { shownIp } from '../../../foundation/command/action-row.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { QueryDeps } from '../query-deps.ts';
import { type ExplainedStep, explainTrace, headlineOf } from './explain-sign-in.ts';
import { fullPlaceName } from './place.ts';
import { parseTrace } from './rule-trace.ts';

/** One attempt as staff see it; the address is cut to its network. */
export type LoginEventItem = {
  id: string;
  at: Date;
  surface: 'api' | 'admin';
  method: string;
  outcome: 'success' | 'failed' | 'blocked' | 'challenged';
  reasonCode: string | null;
  place: string;
  device: string;
  network: string | null;
  isNewDevice: boolean;
  isNewCountry: boolean;
  riskScore: number;
  sessionId: string | null;
};

/** Newest first; at most 100. */
export async function listLoginEvents(deps: QueryDeps, userId: string, limit = 10): Promise<LoginEventItem[]> {
  return (await newest(deps, userId, limit)).map(itemOf);
}

/** The last attempts as they are stored, for itemOf and traceOf. */
export function newest(deps: QueryDeps, userId: string, limit: number): Promise<LoginEvent[]> {
  return deps.database.prisma.loginEvent.findMany({
    where: { userId },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: Math.min(Math.max(1, limit), 100),
  });
}

export function itemOf(row: LoginEvent): LoginEventItem {
  const { id, at, surface, method, outcome, reasonCode, isNewDevice, isNewCountry, riskScore, sessionId } = row;
  const place = fullPlaceName({ country: row.countryCode, city: row.city });
  return {
    id,
    at,
    surface,
    method,
    outcome,
    reasonCode,
    place,
    device: row.deviceName ?? 'Unknown device',
    network: shownIp(row.ip, 'truncated'),
    isNewDevice,
    isNewCountry,
    riskScore,
    sessionId,
  };
}

export type SignInTrace = {
  /** What stands in the way now, in words; empty when nothing does. */
  obstacles: readonly { text: string; until: Date | null }[];
  attempts: readonly (LoginEventItem & { headline: string; steps: readonly ExplainedStep[] })[];
};

/** "Why can't I sign in?": what is in the way now, and the last attempts rule by rule. @throws AppError 404 `not_found` */
export async function signInTrace(deps: QueryDeps, userId: string, limit = 10): Promise<SignInTrace> {
  const [user, events] = await Promise.all([deps.database.prisma.user.findUnique({ where: { id: userId } }), newest(deps, userId, limit)]);
  if (!user) return fail('not_found');
  return traceOf(user, events, deps.clock.now());
}

/** The same from rows that are loaded already. */
export function traceOf(
  user: Pick<User, 'status' | 'passwordDisabled' | 'lockedUntil'>,
  events: readonly LoginEvent[],
  now: Date,
): SignInTrace {
  const obstacles = [
    ...(user.status === 'active' ? [] : [{ text: `The account is ${user.status}.`, until: null }]),
    ...(user.passwordDisabled ? [{ text: 'The password is switched off until it is reset.', until: null }] : []),
    ...(user.lockedUntil && user.lockedUntil > now
      ? [{ text: 'Unknown devices have to wait. A device that signed in before is not affected.', until: user.lockedUntil }]
      : []),
  ];
  const attempts = events.map((row) => {
    return { ...itemOf(row), headline: headlineOf(row.outcome, row.reasonCode), steps: explainTrace(parseTrace(row.ruleTrace)) };
  });
  return { obstacles, attempts };
}
