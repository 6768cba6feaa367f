import type { AccessGrant, AccessIntent, AccessMode, AccessSubject } from './decide.ts';
import type { Cell, MatrixEntry } from './matrix-row.ts';
import type { Grade } from './roles.ts';

/** What a cell gives for one intent, leaving aside whose record it is; null when it gives nothing. */
export function modeOf(cell: Cell, kind: MatrixEntry['kind'], intent: AccessIntent): AccessMode | null {
  switch (intent) {
    case 'act':
      if (cell === 'Y') return 'allow';
      if (kind === 'read') return cell === 'R' || isPartial(cell) ? 'read' : null;
      return isPartial(cell) ? 'allow' : null;
    case 'view':
      return cell === '-' ? null : 'read';
    case 'request':
      return cell === 'Q' || cell === 'P' ? 'request' : null;
    case 'approve':
      return cell === 'P' ? 'approve' : null;
  }
}

/** Whether a cell reaches this record; what is not known of it reaches nothing. */
export function reaches(cell: Cell, subject: AccessSubject | undefined): boolean {
  if (cell === 'own') return subject?.isOwn === true;
  if (cell === 'team') return subject?.isTeam === true;
  return true;
}

/** The union of what several grades may do, before a record is known; null when nothing. */
export function grantOf(entry: MatrixEntry, grades: readonly Grade[], intent: AccessIntent): AccessGrant | null {
  const given = grades.flatMap((grade) => {
    const cell = entry.cells[grade];
    const mode = modeOf(cell, entry.kind, intent);
    return mode ? [{ cell, mode }] : [];
  });
  const [first] = given;
  if (!first) return null;
  const cells = given.map(({ cell }) => cell);
  const isWhole = cells.some((cell) => !isPartial(cell));
  return {
    mode: given.some(({ mode }) => mode === 'allow') ? 'allow' : first.mode,
    own: !isWhole && cells.includes('own'),
    team: !isWhole && cells.includes('team'),
  };
}

/** The halves of an action to try, best first, when the caller names none. */
export function intentsOf(intent: AccessIntent | undefined): readonly AccessIntent[] {
  return intent ? [intent] : ['act', 'approve', 'request'];
}

function isPartial(cell: Cell): boolean {
  return cell === 'own' || cell === 'team';
}
