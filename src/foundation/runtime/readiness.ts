import type pg from 'pg';
import type { AccessTokens } from '../crypto/access-token.ts';
import type { Clock } from './clock.ts';

/** What GET /health/ready asks. Each resolves to whether its part works; a rejection counts as no. */
export type ReadinessChecks = {
  database(): Promise<boolean>;
  /** Every migration of this release is applied; a newer database is fine, since migrations only add. */
  migrations(): Promise<boolean>;
  /** Events leave the outbox: the oldest one that waits was written, by its UUIDv7, less than two minutes ago. */
  queue(): Promise<boolean>;
  /** The current signing key signs what the published keys verify. */
  keys(): Promise<boolean>;
};

export type ReadinessOptions = {
  pool: pg.Pool;
  clock: Clock;
  accessTokens: AccessTokens;
  /** Whether every migration of this release is applied; the runner knows. */
  isMigrated: () => Promise<boolean>;
};

const maxLagSeconds = 120;
const probe = { sub: 'probe', sid: 'probe', auth_time: 0, acr: 'aal1', amr: [], roles: [] } as const;

export function createReadiness({ pool, clock, accessTokens, isMigrated }: ReadinessOptions): ReadinessChecks {
  const holds = async (text: string, values: readonly unknown[]) => {
    const { rows } = await pool.query<{ holds: boolean }>(text, [...values]);
    return rows[0]?.holds === true;
  };
  return {
    database: () => holds('SELECT true AS holds', []),
    migrations: isMigrated,
    queue: () =>
      holds(
        `SELECT to_regclass('pgboss.job') IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM platform.outbox_event WHERE published_at IS NULL AND uuid_extract_timestamp(id) < $1::timestamptz - make_interval(secs => $2)) AS holds`,
        [clock.now().toISOString(), maxLagSeconds],
      ),
    keys: async () => accessTokens.verify(accessTokens.sign({ ...probe, amr: [...probe.amr], roles: [...probe.roles] })).sub === probe.sub,
  };
}
