import type { Database } from './database.ts';

type PresenceStore = Pick<Database, 'pool'>;
export type PresencePlace = { resource: string; recordId: string };
export type Viewer = { staffUserId: string; since: Date };

/** Whoever did not say for so long that the record is open counts as gone. Browsers say it every 15 seconds. */
export const presenceSeconds = 45;

/**
 * Says that a person has a record open. `since` stays while the row is renewed in time and starts anew after a pause; the
 * one UPSERT closes the race of two tabs, or two processes, of one person.
 */
export async function announcePresence(store: PresenceStore, place: PresencePlace, who: { staffUserId: string; now: Date }): Promise<void> {
  await store.pool.query({
    name: 'presence-announce',
    text: `INSERT INTO platform.presence AS p (resource, record_id, staff_user_id, since, seen_at) VALUES ($1, $2, $3, $4, $4)
           ON CONFLICT (resource, record_id, staff_user_id) DO UPDATE
             SET seen_at = greatest(p.seen_at, excluded.seen_at),
                 since = CASE WHEN p.seen_at < $5::timestamptz THEN excluded.since ELSE p.since END`,
    values: [place.resource, place.recordId, who.staffUserId, who.now, bound(who.now)],
  });
}

/** Says that the person closed it. */
export async function leavePresence(store: PresenceStore, place: PresencePlace, staffUserId: string): Promise<void> {
  await store.pool.query({
    name: 'presence-leave',
    text: 'DELETE FROM platform.presence WHERE resource = $1 AND record_id = $2 AND staff_user_id = $3',
    values: [place.resource, place.recordId, staffUserId],
  });
}

/** Who has the record open now, longest first, 20 at most. */
export async function viewersOf(store: PresenceStore, place: PresencePlace, now: Date): Promise<readonly Viewer[]> {
  const { rows } = await store.pool.query<Viewer>({
    name: 'presence-viewers',
    text: `SELECT staff_user_id AS "staffUserId", since FROM platform.presence
            WHERE resource = $1 AND record_id = $2 AND seen_at >= $3::timestamptz ORDER BY since, staff_user_id LIMIT 20`,
    values: [place.resource, place.recordId, bound(now)],
  });
  return rows;
}

function bound(now: Date): Date {
  return new Date(now.getTime() - presenceSeconds * 1000);
}
