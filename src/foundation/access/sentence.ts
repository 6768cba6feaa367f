import { modeOf } from './cells.ts';
import type { AccessIntent, AccessRule, AccessSentence } from './decide.ts';
import type { MatrixEntry } from './matrix-row.ts';
import type { Grade } from './roles.ts';

/** Who to turn to, nearest first: a lead of the own role, then the administrators. */
const helpers = [
  ['support', 'support_lead', 'access.needs_support_lead'],
  ['reviewer', 'reviewer_lead', 'access.needs_reviewer_lead'],
  [null, 'admin', 'access.needs_admin'],
  [null, 'super_admin', 'access.needs_super_admin'],
] as const;

/** The sentence beside a refused button. `not_granted`, and a decision for which one may only ask, name who could do it, if anyone. */
export function sentenceOf(
  rule: AccessRule,
  entry: MatrixEntry,
  asked: { grades: readonly Grade[]; intents: readonly AccessIntent[] },
): AccessSentence {
  const isOnlyAsking = rule === 'two_person' && asked.intents.every((intent) => intent === 'approve');
  if (rule !== 'not_granted' && !isOnlyAsking) return `access.${rule}`;
  const helper = helpers.find(([own, grade]) => (own === null || asked.grades.includes(own)) && grants(entry, grade, asked.intents));
  return helper ? helper[2] : `access.${rule}`;
}

function grants(entry: MatrixEntry, grade: Grade, intents: readonly AccessIntent[]): boolean {
  return intents.some((intent) => modeOf(entry.cells[grade], entry.kind, intent) !== null);
}
