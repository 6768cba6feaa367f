import type { CommandDeps } from '../../foundation/command/command.ts';
import { anchorTargets } from './anchor-targets.ts';

/** Where the proof stands: for the dashboard, the figures, the doctor and the state of a single row. */
export type SealState = {
  epoch: number;
  /** Leaves under the last checkpoint; row `seq` is sealed when seq < sealedSize. */
  sealedSize: number;
  /** Time of the last checkpoint; null before the first. */
  sealedAt: Date | null;
  /** Rows that wait for their leaf, exact to 10,000. */
  unsealedRows: number;
  /** Age in whole seconds of the oldest row that waits; 0 when there is none. */
  lagSeconds: number;
  /** True where sealing has stopped until an operator starts the next epoch. */
  isEpochRequired: boolean;
  /** The last copy of a checkpoint at each target; size and time are null where there is none yet. */
  anchors: readonly AnchorState[];
  /** The last run of the verifier, as its control row has it; null before the first. */
  lastVerify: { at: Date; body: string } | null;
};

export type AnchorState = { target: string; size: number | null; at: Date | null };

/** Unsealed rows are counted this far. */
export const unsealedCeiling = 10_000;

/** Reads the state; a few looks into indexes, whatever the size of the history. Served by every login that may read `audit`. */
export async function readSealState({ config, database }: Pick<CommandDeps, 'config' | 'database'>): Promise<SealState> {
  const targets = anchorTargets(config).map((target) => target.name);
  const [{ rows: found }, { rows: anchors }] = await Promise.all([
    database.pool.query<StateRow>(stateSql, [unsealedCeiling]),
    database.pool.query<{ target: string; size: string | null; at: Date | null }>(anchorsSql, [targets]),
  ]);
  const [row] = found;
  if (!row) throw new Error('The state of the seal is one row');
  return {
    epoch: row.epoch,
    sealedSize: Number(row.size),
    sealedAt: row.at,
    unsealedRows: row.waiting,
    lagSeconds: Math.max(row.lag ?? 0, 0),
    isEpochRequired: row.isForeign,
    anchors: anchors.map(({ target, size, at }) => ({ target, size: size === null ? null : Number(size), at })),
    lastVerify: row.verifiedAt ? { at: row.verifiedAt, body: row.verifyBody ?? '' } : null,
  };
}

type StateRow = {
  epoch: number;
  size: string;
  at: Date | null;
  waiting: number;
  lag: number | null;
  isForeign: boolean;
  verifiedAt: Date | null;
  verifyBody: string | null;
};

/**
 * Rows below the watermark have their leaf: those at it and above are the ones that wait. As subqueries, the bounds reach the index
 * (epoch, txid, id); as a join they would be compared with every row of the epoch.
 */
const waitingIn = (table: string) =>
  `(SELECT r.occurred_at FROM audit.${table} AS r
     WHERE r.epoch = (SELECT k.epoch FROM last AS k) AND r.txid >= (SELECT k.watermark FROM last AS k) ORDER BY r.txid LIMIT $1)`;

const stateSql = `
  WITH last AS MATERIALIZED (
    SELECT e.epoch, e.system_identifier, c.size, c.at, coalesce(o.watermark, '0') AS watermark
      FROM (SELECT * FROM audit.epoch ORDER BY epoch DESC LIMIT 1) AS e
      LEFT JOIN (SELECT * FROM audit.checkpoint ORDER BY size DESC LIMIT 1) AS c ON true
      LEFT JOIN (SELECT * FROM audit.checkpoint ORDER BY size DESC LIMIT 1) AS o ON o.epoch = e.epoch
  ), waiting AS MATERIALIZED (
    SELECT w.occurred_at FROM (${['event', '"action"', 'control'].map(waitingIn).join(' UNION ALL ')}) AS w LIMIT $1
  ), verified AS (
    SELECT c.occurred_at, c.body FROM audit.control AS c WHERE c.type = 'verify' ORDER BY c.occurred_at DESC LIMIT 1
  )
  SELECT k.epoch, coalesce(k.size, 0) AS size, k.at, (SELECT count(*)::int FROM waiting) AS waiting,
         (SELECT floor(extract(epoch FROM clock_timestamp() - min(w.occurred_at)))::int FROM waiting AS w) AS lag,
         k.system_identifier <> (SELECT s.system_identifier FROM pg_control_system() AS s)
           OR pg_snapshot_xmax(pg_current_snapshot()) < k.watermark AS "isForeign",
         v.occurred_at AS "verifiedAt", v.body AS "verifyBody"
    FROM last AS k LEFT JOIN verified AS v ON true`;

const anchorsSql = `
  SELECT t.name AS target, n.checkpoint_size AS size, n.at
    FROM unnest($1::text[]) WITH ORDINALITY AS t (name, position)
    LEFT JOIN LATERAL (SELECT a.checkpoint_size, a.at FROM audit.anchor AS a WHERE a.target = t.name ORDER BY a.checkpoint_size DESC LIMIT 1) AS n ON true
   ORDER BY t.position`;
