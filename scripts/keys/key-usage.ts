import type { CommandDeps } from '../../src/foundation/command/command.ts';

/** How many stored things name a key. */
export type Usage = { kid: string; place: string; rows: number };

type Reader = Pick<CommandDeps, 'database'>;

/** Wrapped keys by key-encryption key and by what they belong to. */
export async function kekUsage({ database }: Reader): Promise<Usage[]> {
  const { rows } = await database.pool.query<Usage>(
    `SELECT kek_kid AS kid, place, count(*)::int AS rows FROM (
       SELECT kek_kid, 'people' AS place FROM identity.user_key WHERE wrapped_key IS NOT NULL
       UNION ALL SELECT kek_kid, 'invitations' FROM identity.staff_invite WHERE wrapped_row_key IS NOT NULL
       UNION ALL SELECT kek_kid, 'deliveries' FROM notifications.delivery WHERE wrapped_row_key IS NOT NULL
       UNION ALL SELECT kek_kid, 'webhooks' FROM notifications.webhook_endpoint
       UNION ALL SELECT kek_kid, 'pending registrations' FROM identity.pending_registration WHERE wrapped_row_key IS NOT NULL
       UNION ALL SELECT kek_kid, 'audit exports' FROM audit.export WHERE wrapped_key IS NOT NULL
     ) AS used GROUP BY kek_kid, place ORDER BY kek_kid, place`,
  );
  return rows;
}

/** Password hashes by pepper: `v1$<kid>$<bcrypt>`. */
export async function pepperUsage({ database }: Reader): Promise<Usage[]> {
  const { rows } = await database.pool.query<Usage>(
    `SELECT split_part(hash, '$', 2) AS kid, place, count(*)::int AS rows FROM (
       SELECT password_hash AS hash, 'accounts' AS place FROM identity.credential WHERE password_hash IS NOT NULL
       UNION ALL SELECT password_hash, 'pending registrations' FROM identity.pending_registration WHERE password_hash IS NOT NULL
     ) AS used GROUP BY 1, place ORDER BY 1, place`,
  );
  return rows;
}

export function countOf(usage: readonly Usage[], kid: string): number {
  return usage.filter((each) => each.kid === kid).reduce((sum, { rows }) => sum + rows, 0);
}
