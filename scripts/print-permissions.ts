import { writeFileSync } from 'node:fs';
import { type Conditions, matrix, permissionKeys } from '../src/foundation/access/matrix.ts';
import { navigationFor } from '../src/foundation/access/navigation.ts';
import { exportRowCaps, quotas } from '../src/foundation/access/quotas.ts';
import { type Grade, gradeOf, grades, rankOfGrade, roles } from '../src/foundation/access/roles.ts';
import type { StaffActor } from '../src/foundation/runtime/actor.ts';

const target = new URL('../docs/permissions.md', import.meta.url);

/** docs/permissions.md, made from the matrix in code; the same code always gives the same text. */
export function permissionsDocument(): string {
  return `${[
    '# Permissions',
    'Printed from src/foundation/access by `node scripts/print-permissions.ts`; do not edit. A test fails when it is stale.',
    'Cells: `-` no; `R` read masked, or on a command its form only; `Y` allowed; `Q` may request; `P` may approve and request; ' +
      '`own` only own, assigned or claimed records; `team` only people one leads. ' +
      'Conditions: `r` reason, `t` ticket or case, `s5`/`s15` step-up within so many minutes, `q` daily quota, `2` two people, ' +
      '`v` version, `k` rank rule, `n` the customer is told.',
    '## How the specification is read',
    [
      '- Several grants add up; auditor combines with nothing; the rank is that of the highest active grant.',
      '- `own` and `team` cells need a record that is known to be own or of the team; an unknown one is refused.',
      '- Back-office commands never apply to oneself, to staff of the same or a higher rank, or, where they are for customers, to staff.',
      '- A two-person action is asked for by one person and decided by another, who is not the requester and not the subject.',
      '- A row `A / B` is two permissions. Where its cells are undivided (queues, settings), `R` reaches the first only.',
      '- Payout hold `Y set` is set without clear. Numbers of the list export are `Y` with a cap, printed below.',
      '- The author of a note edits it, nobody else: `own`.',
      '- Commenting on an anomaly case follows the navigation table of the back office: support, their leads and admins.',
      '- Permissions at the end of the table have no row in the specification: the frame of the back office, lists behind rows that ' +
        'name only commands, and commands whose actor is named by a state machine.',
    ].join('\n'),
    '## Matrix',
    table(
      ['Permission', 'Kind', 'Cond.', ...grades.map(headOf)],
      permissionKeys.map((key) => {
        const entry = matrix[key];
        return [`\`${key}\``, entry.kind, conditionsOf(entry.conditions), ...grades.map((grade) => entry.cells[grade])];
      }),
    ),
    '## Ranks, quotas per day, rows per export',
    table(
      ['Grade', 'Rank', 'People opened', 'Reveals', 'Export rows'],
      grades.map((grade) => [
        grade,
        ...[rankOfGrade[grade], quotas[grade].people, quotas[grade].reveals, exportRowCaps[grade] ?? 0].map(String),
      ]),
    ),
    '## Sections of the back office',
    table(['Section', ...grades.map(headOf)], navigationTable()),
  ].join('\n\n')}\n`;
}

function navigationTable(): string[][] {
  const now = new Date(0);
  const columns = grades.map((grade) => navigationFor(staffOf(grade), now));
  return (columns[0] ?? []).map(({ section }, index) => [
    section,
    ...columns.map((column) => (column[index]?.isVisible ? (column[index].isNarrowed ? 'own' : 'yes') : '-')),
  ]);
}

function staffOf(grade: Grade): StaffActor {
  const grants = roles.flatMap((role) => [false, true].map((isLead) => ({ role, isLead }))).filter((grant) => gradeOf(grant) === grade);
  return { kind: 'staff', id: grade, displayName: grade, grants, sessionHash: Buffer.alloc(32), hasMfa: true, factorAt: null };
}

function headOf(grade: Grade): string {
  return grade.replaceAll('_', ' ');
}

function conditionsOf(conditions: Conditions): string {
  const { reason, ticket, stepUpMinutes, quota, twoPerson, versioned, rank, notify } = conditions;
  const marks = [
    reason && 'r',
    ticket && 't',
    stepUpMinutes > 0 && `s${stepUpMinutes}`,
    quota && 'q',
    twoPerson && '2',
    versioned && 'v',
    rank && 'k',
    notify && 'n',
  ];
  return marks.filter(Boolean).join(' ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

if (import.meta.main) writeFileSync(target, permissionsDocument());
