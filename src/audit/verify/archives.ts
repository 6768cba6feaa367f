import { createHash, type Hash } from 'node:crypto';
import { leafLine, type PartitionSealBody, partitionSealBody } from '../proof/archive-format.ts';
import type { FaultLog } from './faults.ts';
import type { ReadSession } from './read-session.ts';
import type { SealedRow } from './sealed-row.ts';

type SealedMonth = { id: string; body: PartitionSealBody; digest: Hash; rows: number; isDropped: boolean };

/** Months that were archived: their rows may be gone, their leaves may not. */
export class Archives {
  readonly #months = new Map<string, SealedMonth>();
  /** Sealed rows whose month was dropped after archiving. */
  archivedRows = 0;

  static async read(session: ReadSession, faults: FaultLog): Promise<Archives> {
    const archives = new Archives();
    const seals = await session.rows<{ id: string; body: string }>(
      "SELECT id, body FROM audit.control WHERE type = 'partition_seal' ORDER BY occurred_at",
    );
    const partitions = await session.rows<{ name: string }>(
      "SELECT c.relname AS name FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid WHERE i.inhparent = 'audit.event'::regclass",
    );
    const present = new Set(partitions.map((partition) => partition.name));
    for (const { id, body } of seals) {
      const seal = parsed(body);
      if (!seal) faults.add('control_unreadable', 'the body is not that of a partition seal', { table: 'audit.control', id });
      else {
        const isDropped = !present.has(`event_p${seal.month.replace('-', '')}`);
        archives.#months.set(seal.month, { id, body: seal, digest: createHash('sha256'), rows: 0, isDropped });
      }
    }
    return archives;
  }

  get seals(): readonly PartitionSealBody[] {
    return [...this.#months.values()].map((month) => month.body);
  }

  /** Months whose rows are gone. */
  get dropped(): readonly string[] {
    return [...this.#months.values()].filter((month) => month.isDropped).map((month) => month.body.month);
  }

  /** Whether the month of this time was archived, so that its leaves must be compared with what was sealed. */
  isSealed(at: string): boolean {
    return this.#months.size > 0 && this.#months.has(at.slice(0, 7));
  }

  /** Takes every leaf of such a month in the order of seq; true where the row's absence is explained by its archived month. */
  explains(row: SealedRow): boolean {
    if (row.kind === 3) return false;
    const month = this.#months.get(row.at.slice(0, 7));
    if (!month) return false;
    month.digest.update(leafLine({ seq: row.seq, rowId: row.rowId, at: row.at, kind: row.kind, leaf: row.stored }));
    month.rows += 1;
    if (row.recomputed || !month.isDropped) return false;
    this.archivedRows += 1;
    return true;
  }

  /** After every leaf was seen. */
  compareLeaves(faults: FaultLog): void {
    for (const { id, body, digest, rows } of this.#months.values()) {
      const sealed = Number(body.events) + Number(body.actions);
      if (rows === sealed && digest.digest('hex') === body.leaves) continue;
      faults.add('archive_leaves', `${body.month}: ${rows} leaves are there, ${sealed} were archived, and their hashes do not agree`, {
        seq: Number(body.firstSeq),
        table: 'audit.leaf',
        id,
      });
    }
  }
}

function parsed(text: string): PartitionSealBody | null {
  try {
    return partitionSealBody.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
