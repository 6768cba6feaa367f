import type { ResourceActor, Row } from '../../admin/index.ts';
import { slaState, ticketQueries } from '../../modules/support/index.ts';

/** Names of assignees, numbers of linked tickets and the state of the clock, of a page of rows in two statements. */
export async function enrichTickets(rows: readonly Row[], { deps }: ResourceActor): Promise<readonly Row[]> {
  const now = deps.clock.now();
  const idsIn = (name: string) => [...new Set(rows.flatMap((row) => (typeof row[name] === 'string' ? [row[name]] : [])))];
  const [names, numbers] = await Promise.all([
    ticketQueries.assigneeNames(deps, idsIn('assignedTo')),
    ticketQueries.ticketNumbers(deps, idsIn('linkedTicketId')),
  ]);
  return rows.map((row) => ({
    ...row,
    slaState: slaOf(row, now),
    assigneeName: typeof row.assignedTo === 'string' ? (names.get(row.assignedTo) ?? 'A former colleague') : null,
    linkedNumber: typeof row.linkedTicketId === 'string' ? (numbers.get(row.linkedTicketId) ?? null) : null,
  }));
}

const dateIn = (value: unknown): Date | null => (value instanceof Date ? value : null);

function slaOf(row: Row, now: Date): string {
  const { status } = row;
  if (status === 'resolved' || status === 'closed') return 'done';
  const clocks = { pausedAt: dateIn(row.pausedAt), slaRiskAt: dateIn(row.slaRiskAt), slaBreachAt: dateIn(row.slaBreachAt) };
  return slaState({ status: 'open', ...clocks }, now);
}
