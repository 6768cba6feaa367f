import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/foundation/access/matrix.ts';
import { type NavigationSection, navigationFor } from '../../../src/foundation/access/navigation.ts';
import { exportRowCapOf, exportRowCaps, quotaOf, quotas } from '../../../src/foundation/access/quotas.ts';
import { type Grade, grades } from '../../../src/foundation/access/roles.ts';
import { now, staff, staffWith } from './actors.ts';
import { fixtureRows } from './matrix-fixture.ts';

describe('daily quotas', () => {
  it.each([
    ['assistant', 200, 0],
    ['support', 300, 30],
    ['support_lead', 400, 60],
    ['reviewer', 150, 40],
    ['reviewer_lead', 150, 40],
    ['finance', 200, 30],
    ['admin', 500, 100],
    ['super_admin', 500, 100],
  ] as const)('%s opens %i people and reveals %i', (grade, people, reveals) => {
    expect(quotas[grade]).toEqual({ people, reveals });
    expect(quotaOf(staff(grade), 'reveals', now)).toBe(reveals);
  });

  it('the highest grant counts; nobody else has any', () => {
    expect(quotaOf(staff('support', 'reviewer'), 'people', now)).toBe(300);
    expect(quotaOf(staff('support', 'reviewer'), 'reveals', now)).toBe(40);
    expect(quotaOf(staffWith(), 'people', now)).toBe(0);
    expect(quotaOf({ kind: 'system', name: 'operator' }, 'people', now)).toBe(0);
  });

  it('whoever may not reveal has no reveals', () => {
    const reveals = [matrix['user.reveal_contact'], matrix['kyc_document.open'], matrix['vendor_bank_account.reveal']];
    for (const grade of grades) {
      if (reveals.every((entry) => entry.cells[grade] === '-')) expect(quotas[grade].reveals).toBe(0);
    }
  });
});

describe('rows per export', () => {
  const row = fixtureRows().find((each) => each.resource === 'list export');

  it.each(grades)('%s exports as many rows as the specification says', (grade) => {
    const cell = row?.cells[grade] ?? '?';
    expect(exportRowCaps[grade] ?? 0).toBe(cell === '-' ? 0 : Number(cell.replace(',', '')));
  });

  it('the highest grant counts', () => {
    expect(exportRowCapOf(staff('support_lead', 'finance'), now)).toBe(5_000);
    expect(exportRowCapOf(staff('assistant'), now)).toBe(0);
  });
});

/** back-office.md section 7, `-` and anything else; one line per section, columns as there. */
const columns: readonly (readonly Grade[])[] = [
  ['assistant'],
  ['support', 'support_lead'],
  ['reviewer', 'reviewer_lead'],
  ['enhancer'],
  ['moderator'],
  ['finance'],
  ['auditor'],
  ['admin', 'super_admin'],
];
const everybody = 'yes yes yes yes yes yes yes yes';
const table: Readonly<Record<NavigationSection, string>> = {
  dashboard: everybody,
  search: everybody,
  own_account: everybody,
  notifications: everybody,
  review_queue: 'yes - yes yes - - yes yes',
  approvals: '- yes - - - yes yes yes',
  // Not a section of that table: the rows of privacy_request in the matrix.
  privacy_requests: '- yes - - - - yes yes',
  tickets: 'yes yes yes - yes yes yes yes',
  users: 'yes yes yes - yes yes yes yes',
  // "Users, clients" is one line there; the matrix gives reviewers no client record, and the matrix wins.
  clients: 'yes yes - - yes yes yes yes',
  vendors: everybody,
  products: everybody,
  kyc_documents: '- yes yes - - yes yes yes',
  audit: everybody,
  login_events: '- yes - - - - yes yes',
  sessions: '- yes - - - - yes yes',
  anomalies: '- yes - - yes yes yes yes',
  api_log: '- lead - - - - yes yes',
  staff: '- lead lead - - - yes yes',
  access_review: '- lead lead - - - yes yes',
  // Not a section of that table: the holds of audit.md section 15, for those who may place them.
  legal_holds: '- - - - - - yes yes',
  permission_simulator: '- - - - - - yes yes',
  queues: '- - - - - - yes yes',
  // Not a section of that table: platform.md section 4, for admins.
  statements: '- - - - - - - yes',
  webhooks: '- - - - - - yes yes',
  countries: everybody,
  categories: everybody,
  settings: '- - - - - - yes yes',
};

describe('sections of the side bar', () => {
  it.each(grades)('%s sees the sections of back-office.md section 7', (grade) => {
    const column = columns.findIndex((each) => each.includes(grade));
    const expected = Object.entries(table)
      .filter(([, line]) => isShown(line.split(' ')[column] ?? '-', grade))
      .map(([section]) => section);
    const seen = navigationFor(staff(grade), now).filter((entry) => entry.isVisible);
    expect(seen.map((entry) => entry.section).sort()).toEqual([...expected].sort());
  });

  it('a section that reaches own records only says so', () => {
    const entries = navigationFor(staff('assistant'), now);
    expect(entries.find((entry) => entry.section === 'tickets')).toEqual({
      section: 'tickets',
      group: 'Work',
      isVisible: true,
      isNarrowed: true,
    });
    expect(entries.find((entry) => entry.section === 'vendors')?.isNarrowed).toBe(false);
    expect(entries.find((entry) => entry.section === 'settings')).toMatchObject({ isVisible: false, isNarrowed: false });
  });

  it('whoever is not staff sees nothing', () => {
    expect(navigationFor({ kind: 'anonymous' }, now).some((entry) => entry.isVisible)).toBe(false);
  });
});

function isShown(cell: string, grade: Grade): boolean {
  return cell === 'yes' || (cell === 'lead' && grade.endsWith('_lead'));
}
