import type { CommandDeps } from '../../foundation/command/command.ts';

/** A legal hold as the list shows it. Exactly one of `subjectId`, `table` with `recordId`, and `month` is there. */
export type HoldItem = {
  id: string;
  subjectId: string | null;
  table: string | null;
  recordId: string | null;
  /** `YYYY-MM` */
  month: string | null;
  /** Empty once the person it was about is erased. */
  reason: string;
  placedBy: string;
  placedAt: string;
  releasedAt: string | null;
};

const pageSize = 50;

/** Holds, newest first, 50 a page. The caller records the read. @param before id of the last one shown */
export async function listHolds(
  deps: CommandDeps,
  asked: { state: 'open' | 'released' | 'all'; before?: string | undefined },
): Promise<{ holds: readonly HoldItem[]; next: string | null }> {
  const state = { open: { releasedAt: null }, released: { NOT: { releasedAt: null } }, all: {} }[asked.state];
  const rows = await deps.database.prisma.auditHold.findMany({
    // A hold's id is a UUIDv7: its order is that of placing.
    where: { ...state, ...(asked.before ? { id: { lt: asked.before } } : {}) },
    orderBy: { id: 'desc' },
    take: pageSize + 1,
  });
  const shown = rows.slice(0, pageSize);
  return {
    holds: shown.map(({ tbl, month, placedAt, releasedAt, ...row }) => ({
      ...row,
      table: tbl,
      month: month?.toISOString().slice(0, 7) ?? null,
      placedAt: placedAt.toISOString(),
      releasedAt: releasedAt?.toISOString() ?? null,
    })),
    next: (rows.length > pageSize ? shown.at(-1)?.id : undefined) ?? null,
  };
}

/** How many holds are open; for the side bar and the dashboard. */
export function countOpenHolds(deps: CommandDeps): Promise<number> {
  return deps.database.prisma.auditHold.count({ where: { releasedAt: null } });
}
