import type { ResourceActor, Row } from '../../admin/index.ts';
import type { PermissionKey } from '../../foundation/access/matrix.ts';
import { actorNames } from '../../modules/identity/index.ts';
import {
  type CaseAction,
  type CaseKind,
  casePermission,
  checklists,
  clockOf,
  isBlindFor,
  partIn,
  type StoredCase,
  withoutFirstAnswer,
} from '../../modules/review/index.ts';

/** Whether a row of the list has what the rules of a case ask. */
export function isCaseRow(row: Row): row is Row & StoredCase {
  return isKind(row.kind) && typeof row.status === 'string' && typeof row.ownerUserId === 'string';
}

function isKind(kind: unknown): kind is CaseKind {
  return typeof kind === 'string' && Object.hasOwn(checklists, kind);
}

/** The right that an action asks on this case. */
export function caseRight(action: CaseAction, row: Row): PermissionKey {
  return casePermission(action, { kind: isKind(row.kind) ? row.kind : 'vendor' });
}

/** Names of people and the state of the clock, of a page of rows in one statement; a first answer not to be seen yet is taken out. */
export async function enrichCases(rows: readonly Row[], { staff, deps }: ResourceActor): Promise<readonly Row[]> {
  const now = deps.clock.now();
  const closed = new Set(rows.filter((row) => isCaseRow(row) && partIn(row, staff, now) === null).map(({ id }) => id));
  const seen = rows.map((row) => (isCaseRow(row) && isBlindFor(row, staff, now) ? withoutFirstAnswer(row) : row));
  const ids = seen.flatMap((row) => [row.claimedBy, row.decidedBy, row.secondBy, row.preparedBy].filter((id) => typeof id === 'string'));
  const names = await actorNames(deps, ids);
  const nameOf = (id: unknown) => (typeof id === 'string' ? (names.get(id) ?? 'A former colleague') : null);
  return seen.map((row) => ({
    ...row,
    isClosed: closed.has(row.id),
    claimerName: nameOf(row.claimedBy),
    deciderName: nameOf(row.decidedBy),
    secondName: nameOf(row.secondBy),
    preparerName: nameOf(row.preparedBy),
    slaState: isCaseRow(row) ? clockOf(row, now).state : null,
  }));
}

export function textIn(value: unknown, name: string): string | null {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : null;
  return typeof found === 'string' ? found : null;
}
