import { z } from 'zod';
import type { Tx } from '../../foundation/runtime/database.ts';

/** Part of a receipt: what stays of an erased person, and why. */
export type KeptData = { what: string; why: string };

/**
 * What erasing a person did so far. Ids and counts only. Begun by identity.forget_person in the transaction of the erasing command;
 * the worker goes on after the commit (`audit.erase-subject`), so that it takes along what that very command left in the history.
 */
export type ErasureReceipt = {
  subjectId: string;
  startedAt: string;
  /** Null while the worker is still at it. */
  finishedAt: string | null;
  /** Rows deleted or emptied, by `schema.table`. */
  rows: Readonly<Record<string, number>>;
  /** Rows deleted from the history. */
  history: { value: number; snapshot: number; search: number; enrichment: number };
  kept: readonly KeptData[];
};

/** The receipt of an erasure, as far as it is; null for somebody who is not erased. */
export async function erasureReceipt(reader: Pick<Tx, 'auditErasureRun'>, subjectId: string): Promise<ErasureReceipt | null> {
  const run = await reader.auditErasureRun.findUnique({ where: { subjectId } });
  if (!run) return null;
  const { rows, kept } = receiptParts(run.receipt);
  return {
    subjectId,
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
    rows,
    history: {
      value: Number(run.valueCount),
      snapshot: Number(run.snapshotCount),
      search: Number(run.searchCount),
      enrichment: Number(run.enrichmentCount),
    },
    kept,
  };
}

const rowCounts = z.record(z.string(), z.int());
const keptList = z.array(z.object({ what: z.string(), why: z.string() }));

function receiptParts(receipt: unknown): Pick<ErasureReceipt, 'rows' | 'kept'> {
  const { rows = {}, kept = [] } = z.object({ rows: rowCounts.optional(), kept: keptList.optional() }).parse(receipt);
  return { rows, kept };
}
