import { describe, expect, it } from 'vitest';
import type { AccessIntent, AccessSubject } from '../../../src/foundation/access/decide.ts';
import { decide, permissionsOf } from '../../../src/foundation/access/evaluate.ts';
import { isPermissionKey, matrix, type PermissionKey, permissionKeys } from '../../../src/foundation/access/matrix.ts';
import { type Grade, grades } from '../../../src/foundation/access/roles.ts';
import { now, otherId, staff } from './actors.ts';
import { type FixtureRow, fixtureRows } from './matrix-fixture.ts';
import { impliedKeys, type RowMeaning, rowMeanings } from './matrix-rows.ts';

const rows = fixtureRows();
const nameOf = (row: FixtureRow) => `${row.resource}: ${row.action}`;

type Expected = { key: PermissionKey; grade: Grade; cell: string; shows: boolean; source: string };

function cellFor(meaning: RowMeaning, row: FixtureRow, grade: Grade): string {
  if (meaning.cells) return meaning.cells.split(' ')[grades.indexOf(grade)] ?? '?';
  const whole = row.cells[grade];
  const cell = meaning.part === undefined || whole === '-' ? whole : (whole.split('/')[meaning.part]?.trim() ?? '?');
  return meaning.reads?.[cell] ?? cell;
}

const fromRows: readonly Expected[] = rowMeanings.flatMap((meaning) => {
  const row = rows.find((each) => nameOf(each) === meaning.row);
  if (!row) throw new Error(`The specification's table has no row "${meaning.row}"`);
  return meaning.keys.flatMap((key) =>
    grades.map((grade) => ({ key, grade, cell: cellFor(meaning, row, grade), shows: meaning.shows === true, source: row.cells[grade] })),
  );
});

const fromImplied: readonly Expected[] = Object.entries(impliedKeys).flatMap(([key, meaning]) => {
  if (!isPermissionKey(key)) throw new Error(`${key} is not a permission`);
  return grades.map((grade, index) => {
    const cell = meaning.cells.split(' ')[index] ?? '?';
    return { key, grade, cell, shows: meaning.shows === true, source: cell };
  });
});

const expected = [...fromRows, ...fromImplied];

/** A record on which every rule about records is content. */
function easySubject(key: PermissionKey): AccessSubject {
  const kind = matrix[key].target === 'staff' ? 'staff' : 'client';
  return { userId: otherId, kind, rank: 0, isOwn: true, isTeam: true, requestedById: otherId };
}

/** Answers of one cell, straight from the legend of section 5.2: act, act on a stranger's record, view, request, approve. */
function answersOf({ cell, shows }: Expected): readonly string[] {
  switch (cell) {
    case '-':
      return ['no', 'no', 'no', 'no', 'no'];
    case 'R':
      return shows ? ['read', 'read', 'read', 'no', 'no'] : ['no', 'no', 'read', 'no', 'no'];
    case 'Y':
      return ['allow', 'allow', 'read', 'no', 'no'];
    case 'o':
    case 'team':
      return [shows ? 'read' : 'allow', 'no', 'read', 'no', 'no'];
    case 'Q':
      return ['no', 'no', 'read', 'request', 'no'];
    case 'P':
      return ['no', 'no', 'read', 'request', 'approve'];
    default:
      throw new Error(`Cell "${cell}" is not in the legend`);
  }
}

function answer(key: PermissionKey, grade: Grade, asked: { intent: AccessIntent; isMine: boolean }): string {
  const subject = { ...easySubject(key), isOwn: asked.isMine, isTeam: asked.isMine };
  const decision = decide({ actor: staff(grade), permission: key, subject, intent: asked.intent, now });
  return decision.isAllowed ? decision.mode : 'no';
}

describe('every cell of the matrix answers as the specification says', () => {
  it.each(expected)('$grade, $key: $source', (cell) => {
    const { key, grade } = cell;
    const answers = [
      answer(key, grade, { intent: 'act', isMine: true }),
      answer(key, grade, { intent: 'act', isMine: false }),
      answer(key, grade, { intent: 'view', isMine: true }),
      answer(key, grade, { intent: 'request', isMine: true }),
      answer(key, grade, { intent: 'approve', isMine: true }),
    ];
    expect(answers).toEqual(answersOf(cell));
  });
});

describe('the table of the code and that of the specification', () => {
  it('every row of the specification has permissions', () => {
    const named = new Set(rowMeanings.map((meaning) => meaning.row));
    expect(rows.map(nameOf).filter((name) => !named.has(name))).toEqual([]);
    expect(rows).toHaveLength(81);
  });

  it('every permission comes from exactly one row, or is written down as implied', () => {
    const keys = [...rowMeanings.flatMap((meaning) => meaning.keys), ...Object.keys(impliedKeys)];
    expect([...keys].sort()).toEqual([...permissionKeys].sort());
  });

  it.each(rowMeanings)('conditions of $row ($keys)', (meaning) => {
    const row = rows.find((each) => nameOf(each) === meaning.row);
    for (const key of meaning.keys) expect(conditionMarks(key)).toEqual(marksOf(meaning.conditions ?? row?.conditions ?? '?'));
  });

  it('every cell of the code is in the legend and every key is its resource and action', () => {
    for (const key of permissionKeys) {
      const { resource, action, cells } = matrix[key];
      expect(`${resource}.${action}`).toBe(key);
      expect(key).toMatch(/^[a-z_]+\.[a-z_]+$/);
      for (const cell of Object.values(cells)) expect(['-', 'R', 'Y', 'Q', 'P', 'own', 'team']).toContain(cell);
    }
  });

  it('two-person actions are never simply allowed, save the second decision of a review', () => {
    const simple = permissionKeys.filter((key) => matrix[key].conditions.twoPerson && Object.values(matrix[key].cells).includes('Y'));
    expect(simple).toEqual(['vendor.second_decide', 'kyc_submission.second_decide']);
  });

  it('a person without any record in view gets exactly what some record could give', () => {
    for (const grade of grades) {
      const could = permissionKeys.filter((key) =>
        (['act', 'approve', 'request'] as const).some((intent) => answer(key, grade, { intent, isMine: true }) !== 'no'),
      );
      expect([...permissionsOf(staff(grade), now).keys()]).toEqual(could);
    }
  });
});

function marksOf(text: string): readonly string[] {
  return text.split(' ').filter(Boolean).sort();
}

function conditionMarks(key: PermissionKey): readonly string[] {
  const { reason, ticket, stepUpMinutes, quota, twoPerson, versioned, rank, notify } = matrix[key].conditions;
  const marks = [
    ...(reason ? ['r'] : []),
    ...(ticket ? ['t'] : []),
    ...(stepUpMinutes ? [`s${stepUpMinutes}`] : []),
    ...(quota ? ['q'] : []),
    ...(twoPerson ? ['2'] : []),
    ...(versioned ? ['v'] : []),
    ...(rank ? ['k'] : []),
    ...(notify ? ['n'] : []),
  ];
  return marks.sort();
}
