import { addSeconds } from '../../../foundation/runtime/clock.ts';
import type { Metrics } from '../../../foundation/runtime/metrics.ts';
import type { QueryDeps } from '../query-deps.ts';

/** Password attempts of the public API in the last quarter of an hour. */
export type SignInPressure = { networks: number; identifiers: number; failures: number; successes: number };

export const pressureSeconds = 900;
/** An attack of a size that matters is over these in minutes; more rows change no decision. */
const lookedAt = 20_000;

/** At most the newest 20,000 attempts. Networks are what AUDIT_IP_MODE leaves of addresses: with `off` there are none to count. */
export async function signInPressure(deps: QueryDeps): Promise<SignInPressure> {
  const since = addSeconds(deps.clock.now(), -pressureSeconds);
  const [row] = await deps.database.prisma.$queryRaw<SignInPressure[]>`
    SELECT count(DISTINCT ip) FILTER (WHERE NOT is_good)::int AS networks,
           count(DISTINCT identifier_bidx) FILTER (WHERE NOT is_good)::int AS identifiers,
           count(*) FILTER (WHERE NOT is_good)::int AS failures, count(*) FILTER (WHERE is_good)::int AS successes
      FROM (SELECT e.ip, e.identifier_bidx, e.outcome = 'success' AS is_good
              FROM identity.login_event e
             WHERE e.at > ${since}::timestamptz AND e.outcome IN ('success', 'failed', 'blocked') AND e.method = 'password' AND e.surface = 'api'
             ORDER BY e.at DESC LIMIT ${lookedAt}::int) latest`;
  return row ?? { networks: 0, identifiers: 0, failures: 0, successes: 0 };
}

const many = 50;
/** People mistype from their own homes all day; lists of stolen passwords fail nearly always. */
const failingShare = 0.8;

/** Many addresses over many identifiers (auth-api.md P9): a list of passwords being tried, which no single bucket sees. */
export function isAttack({ networks, identifiers, failures, successes }: SignInPressure): boolean {
  return networks >= many && identifiers >= many && failures >= failingShare * (failures + successes);
}

/** For Prometheus; `sign_in_attack` of 1 wants a person. */
export function showSignInPressure(metrics: Metrics, deps: QueryDeps): void {
  metrics.gauge('sign_in_attack', 'Whether passwords are being tried from many networks on many identifiers', async () =>
    isAttack(await signInPressure(deps)) ? 1 : 0,
  );
}
