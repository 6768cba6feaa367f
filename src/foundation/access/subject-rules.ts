import type { Actor } from '../runtime/actor.ts';
import type { AccessIntent, AccessRule, AccessSubject } from './decide.ts';
import { rankOf } from './grades.ts';
import type { MatrixEntry } from './matrix-row.ts';

type Aim = { entry: MatrixEntry; intent: AccessIntent; subject: AccessSubject | undefined; now: Date };

/** The rules of product.md 5.1 and 4.7 about the record; the name of the first that refuses, or null. */
export function refusedBySubject(actor: Extract<Actor, { kind: 'staff' }>, { entry, intent, subject, now }: Aim): AccessRule | null {
  if (entry.target === 'customer' && subject?.kind === 'staff') return 'staff_subject';
  if (entry.target === 'staff' && (subject?.kind === 'client' || subject?.kind === 'vendor')) return 'customer_subject';
  if (entry.kind === 'read' || intent === 'view') return null;
  if (!entry.isPersonal && subject?.userId === actor.id) return 'self';
  if (asksRank(entry, subject) && rankOf(actor.grants, now) <= (subject?.rank ?? Number.POSITIVE_INFINITY)) return 'rank';
  if (entry.isDecision && subject?.isAuthor) return 'author';
  if (subject?.hasConflict) return 'conflict_of_interest';
  // The later of two answers is never the first person's.
  if (intent === 'act' && entry.conditions.twoPerson && subject?.requestedById === actor.id) return 'four_eyes';
  // Without knowing who asked, nobody can be told apart from the requester.
  if (intent === 'approve' && (subject?.requestedById === undefined || subject.requestedById === actor.id)) return 'four_eyes';
  return null;
}

/** Customers have rank 0, below every grant, so only staff subjects need the comparison. */
function asksRank(entry: MatrixEntry, subject: AccessSubject | undefined): boolean {
  return entry.conditions.rank || (subject?.kind === 'staff' && !entry.isPersonal);
}
