import { placeName } from '../history/place.ts';
import type { QueryDeps } from '../query-deps.ts';

export type TrustedDeviceItem = { id: string; label: string; place: string; trustedUntil: Date; lastSeenAt: Date };

type Row = Omit<TrustedDeviceItem, 'place'> & { country: string | null };

/** Devices on which a person's second factor is not asked for now, seen last first; at most 100. */
export async function listTrustedDevices(deps: QueryDeps, userId: string): Promise<TrustedDeviceItem[]> {
  const rows = await deps.database.prisma.$queryRaw<Row[]>`
    SELECT id, COALESCE(device_name, 'Unknown device') AS label, country_code::text AS country, mfa_trusted_until AS "trustedUntil",
           last_seen_at AS "lastSeenAt"
      FROM identity.known_device
     WHERE user_id = ${userId}::uuid AND mfa_trusted_until > ${deps.clock.now()}::timestamptz
     ORDER BY last_seen_at DESC, id DESC LIMIT 100`;
  return rows.map(({ id, label, country, trustedUntil, lastSeenAt }) => ({
    id,
    label,
    place: placeName(country),
    trustedUntil,
    lastSeenAt,
  }));
}
