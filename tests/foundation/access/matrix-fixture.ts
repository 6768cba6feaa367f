import { readFileSync } from 'node:fs';
import { type Grade, grades } from '../../../src/foundation/access/roles.ts';

/** One row of the table in product.md section 5.3, as it is written there. */
export type FixtureRow = { resource: string; action: string; conditions: string; cells: Readonly<Record<Grade, string>> };

/** Short heads of the specification's table, in the words of the code. */
const heads: Readonly<Record<string, Grade>> = {
  AS: 'assistant',
  SU: 'support',
  SL: 'support_lead',
  RV: 'reviewer',
  RL: 'reviewer_lead',
  EN: 'enhancer',
  MO: 'moderator',
  FI: 'finance',
  AU: 'auditor',
  AD: 'admin',
  SA: 'super_admin',
};

/** The copy of the specification's table; to be replaced whenever the specification's table changes. */
export function fixtureRows(): readonly FixtureRow[] {
  const text = readFileSync(new URL('matrix.fixture.md', import.meta.url), 'utf8');
  const [head = [], , ...body] = text.trim().split('\n').map(cellsOf);
  return body.map(([resource = '', action = '', conditions = '', ...cells]) => {
    const byGrade = new Map(cells.map((cell, index) => [heads[head[index + 3] ?? ''], cell]));
    return { resource, action, conditions, cells: recordOf(byGrade) };
  });
}

function recordOf(byGrade: ReadonlyMap<Grade | undefined, string>): Record<Grade, string> {
  const at = (grade: Grade): string => byGrade.get(grade) ?? missing(grade);
  const [a, b, c, d, e, f, g, h, i, j, k] = grades.map(at);
  const [assistant = '', support = '', support_lead = '', reviewer = '', reviewer_lead = '', enhancer = ''] = [a, b, c, d, e, f];
  const [moderator = '', finance = '', auditor = '', admin = '', super_admin = ''] = [g, h, i, j, k];
  return { assistant, support, support_lead, reviewer, reviewer_lead, enhancer, moderator, finance, auditor, admin, super_admin };
}

function missing(grade: Grade): never {
  throw new Error(`The table has no column for ${grade}`);
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
