import { type PinnedKey, pinnedKeyAt } from '../proof/pinned-keys.ts';
import { onlyRow } from '../retain/only-row.ts';
import type { Problem, Rows } from './doctor-problems.ts';
import { anchorAllowedMinutes, keyNoticeDays, lagAllowedSeconds } from './warnings.ts';

/** Search and enrichment may be this far behind the seal. */
const followAllowedSeconds = 300;
const verifyAllowedHours = 48;

/** The last checkpoint of the current epoch; no row where nothing is sealed in it. */
const last = 'SELECT c.* FROM audit.checkpoint AS c ORDER BY c.size DESC LIMIT 1';

/** How far seal, anchors and index are behind, and whether sealing can go on at all. Notes of verify on a copy do not count. */
export async function checkLag(rows: Rows): Promise<Problem[]> {
  // As subqueries, the bounds reach the index (epoch, txid, id); a join would compare them with every row of the epoch.
  const waiting = (table: string) =>
    `SELECT r.occurred_at FROM audit.${table} AS r WHERE r.epoch = (SELECT k.epoch FROM now_at AS k)
        AND r.txid >= (SELECT k.watermark FROM now_at AS k) ${table === 'control' ? "AND r.type <> 'verify'" : ''}`;
  const state = onlyRow(
    await rows<{ isForeign: boolean; seal: number; anchor: number }>(
      `WITH now_at AS (
       SELECT e.epoch, e.system_identifier, coalesce((SELECT c.watermark FROM (${last}) AS c WHERE c.epoch = e.epoch), '0') AS watermark
         FROM audit.epoch AS e ORDER BY e.epoch DESC LIMIT 1)
     SELECT (SELECT k.system_identifier <> (SELECT s.system_identifier FROM pg_control_system() AS s)
              OR pg_snapshot_xmax(pg_current_snapshot()) < k.watermark FROM now_at AS k) AS "isForeign",
            coalesce((SELECT extract(epoch FROM clock_timestamp() - min(w.occurred_at)) FROM (${['event', 'action', 'control'].map(waiting).join(' UNION ALL ')}) AS w), 0)::float8 AS seal,
            coalesce((SELECT extract(epoch FROM clock_timestamp() - min(c.at)) FROM audit.checkpoint AS c
              WHERE c.size > (SELECT coalesce(max(a.checkpoint_size), 0) FROM audit.anchor AS a)), 0)::float8 AS anchor`,
    ),
  );
  const problems: Problem[] = [];
  if (state.isForeign)
    problems.push({ kind: 'epoch_required', subject: 'audit.epoch', detail: 'run audit:doctor -- --start-epoch --reason "..."' });
  const seal = Math.round(state.seal);
  if (seal > lagAllowedSeconds) problems.push({ kind: 'seal_lag', subject: 'audit.leaf', detail: `the oldest row waits for ${seal} s` });
  const minutes = Math.round(state.anchor / 60);
  if (minutes > anchorAllowedMinutes)
    problems.push({ kind: 'anchor_lag', subject: 'audit.anchor', detail: `a checkpoint waits for ${minutes} minutes` });
  return [...problems, ...(await checkFollowers(rows))];
}

async function checkFollowers(rows: Rows): Promise<Problem[]> {
  const behind = await rows<{ job: string; seconds: number }>(
    `SELECT p.job, round(extract(epoch FROM clock_timestamp() - l.occurred_at))::float8 AS seconds
       FROM audit.progress AS p CROSS JOIN LATERAL (SELECT l.occurred_at FROM audit.leaf AS l WHERE l.seq >= p.next_seq ORDER BY l.seq LIMIT 1) AS l
      WHERE l.occurred_at < clock_timestamp() - make_interval(secs => $1)`,
    [followAllowedSeconds],
  );
  return behind.map(({ job, seconds }) => ({ kind: 'index_lag', subject: `audit.${job}`, detail: `it is ${seconds} s behind` }));
}

/** Events that name an action nobody recorded: an application login that lied about its actor, or an action that was removed. */
export async function checkActions(rows: Rows, days: number): Promise<Problem[]> {
  const found = await rows<{ subject: string; events: number }>(
    `SELECT e.action_id::text AS subject, count(*)::int AS events FROM audit.event AS e
      WHERE e.action_id IS NOT NULL AND e.occurred_at > now() - make_interval(days => $1)
        AND NOT EXISTS (SELECT FROM audit.action AS a WHERE a.id = e.action_id AND a.occurred_at > now() - make_interval(days => $1 + 1))
      GROUP BY 1 ORDER BY 1 LIMIT 100`,
    [days],
  );
  return found.map(({ subject, events }) => ({ kind: 'event_without_action', subject, detail: `${events} events name it` }));
}

export async function checkDeadLetters(rows: Rows): Promise<Problem[]> {
  const found = await rows<{ subject: string; jobs: number }>(
    "SELECT name AS subject, count(*)::int AS jobs FROM pgboss.job_common WHERE name LIKE '%.dead' AND state = 'created' GROUP BY 1 ORDER BY 1",
  );
  return found.map(({ subject, jobs }) => ({ kind: 'dead_letters', subject, detail: `${jobs} jobs wait for a person` }));
}

/** Whether what is sealed can be checked by others, and whether anybody did. */
export async function checkVerification(rows: Rows, keys: readonly PinnedKey[], now: Date): Promise<Problem[]> {
  const state = onlyRow(
    await rows<{
      keyId: string | null;
      at: string;
      body: string | null;
      verifiedHours: number | null;
      firstHours: number | null;
    }>(
      `SELECT c.key_id AS "keyId", coalesce(to_char(c.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '') AS at, v.body,
            (extract(epoch FROM now() - v.occurred_at) / 3600)::float8 AS "verifiedHours",
            (SELECT extract(epoch FROM now() - min(f.at)) / 3600 FROM audit.checkpoint AS f)::float8 AS "firstHours"
       FROM (SELECT 1) AS one LEFT JOIN (${last}) AS c ON true
       LEFT JOIN (SELECT * FROM audit.control WHERE type = 'verify' ORDER BY occurred_at DESC LIMIT 1) AS v ON true`,
    ),
  );
  const problems: Problem[] = [];
  if (state.keyId) problems.push(...keyProblems(keys, state.keyId, state.at, now));
  if (state.body && !state.body.includes('"outcome":"valid"'))
    problems.push({
      kind: 'verify_failed',
      subject: 'audit.control',
      detail: 'the last run found faults: run audit:verify, then docs/runbooks/verify-failed.md',
    });
  if ((state.verifiedHours ?? state.firstHours ?? 0) > verifyAllowedHours)
    problems.push({ kind: 'verify_late', subject: 'audit.verify', detail: `the last run is more than ${verifyAllowedHours} hours ago` });
  return problems;
}

function keyProblems(keys: readonly PinnedKey[], keyId: string, at: string, now: Date): Problem[] {
  const pinned = pinnedKeyAt(keys, keyId, at);
  if (!pinned) return [{ kind: 'key_expired', subject: keyId, detail: 'it signed the last checkpoint and is not pinned for that time' }];
  if (pinned.to === undefined) return [];
  const days = Math.floor((Date.parse(pinned.to) - now.getTime()) / 86_400_000);
  return days < keyNoticeDays
    ? [{ kind: 'key_expired', subject: keyId, detail: days < 0 ? `it ended ${pinned.to}` : `it ends ${pinned.to}` }]
    : [];
}
