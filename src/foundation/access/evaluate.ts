import type { Actor, StaffActor } from '../runtime/actor.ts';
import { grantOf, intentsOf, modeOf, reaches } from './cells.ts';
import type { AccessDecision, AccessGrant, AccessIntent, AccessMode, AccessQuestion, AccessRule } from './decide.ts';
import { gradesOf } from './grades.ts';
import { type MatrixEntry, matrix, type PermissionKey, permissionKeys } from './matrix.ts';
import type { Grade } from './roles.ts';
import { sentenceOf } from './sentence.ts';
import { refusedBySubject } from './subject-rules.ts';

export { gradesOf };

/**
 * The one place that says yes or no (product.md section 5). Pure and synchronous; denies unless a cell of an active grant
 * gives the action for this record and no rule about the record refuses it. Reason, ticket, quota, version and step-up are
 * the command runner's: this answers who, not how.
 */
export function decide(question: AccessQuestion): AccessDecision {
  const { actor, permission, subject, now } = question;
  const entry: MatrixEntry = matrix[permission];
  const intents = intentsOf(question.intent);
  const grades = gradesOf(actor, now);
  const refuse = (rule: AccessRule): AccessDecision => ({
    isAllowed: false,
    rule,
    sentence: sentenceOf(rule, entry, { grades, intents }),
  });
  if (actor.kind !== 'staff') return refuse('not_staff');
  if (grades.length === 0) return refuse('no_active_grant');
  const cells = grades.map((grade) => entry.cells[grade]);
  let firstRefusal: AccessRule | null = null;
  for (const intent of intents) {
    const modes = cells.filter((cell) => reaches(cell, subject)).map((cell) => modeOf(cell, entry.kind, intent));
    const mode = bestOf(modes);
    if (!mode) continue;
    const rule = refusedBySubject(actor, { entry, intent, subject, now });
    if (!rule) return { isAllowed: true, mode, rule: 'granted' };
    firstRefusal ??= rule;
  }
  return refuse(firstRefusal ?? (isOwnRequest(question, actor.id) ? 'four_eyes' : missing(entry, grades)));
}

/** Somebody who would decide on what they asked for hears that, whatever else they lack. */
function isOwnRequest({ intent, subject }: AccessQuestion, actorId: string): boolean {
  return intent === 'approve' && subject?.requestedById === actorId;
}

function bestOf(modes: readonly (AccessMode | null)[]): AccessMode | null {
  return modes.find((mode) => mode === 'allow') ?? modes.find((mode) => mode !== null) ?? null;
}

/** Which of the cells came nearest, when none was enough. */
function missing(entry: MatrixEntry, grades: readonly Grade[]): AccessRule {
  const cells = new Set(grades.map((grade) => entry.cells[grade]));
  if (cells.has('own')) return 'not_yours';
  if (cells.has('team')) return 'not_your_team';
  if (cells.has('Q') || cells.has('P')) return 'two_person';
  return cells.has('R') ? 'view_only' : 'not_granted';
}

/**
 * What a person could do to some record: asked before loading, for menus and for the scope of lists. A key that is absent
 * is refused whatever the record; `own` and `team` grants still depend on it. Commands a person may only look at are absent.
 */
export function permissionsOf(actor: Actor, now: Date): ReadonlyMap<PermissionKey, AccessGrant> {
  const grades = gradesOf(actor, now);
  const granted = new Map<PermissionKey, AccessGrant>();
  for (const key of permissionKeys) {
    const grant = bestGrant(matrix[key], grades, undefined);
    if (grant) granted.set(key, grant);
  }
  return granted;
}

/** The same for one permission and, if wanted, one intent; null when refused whatever the record. */
export function grantFor(actor: Actor, permission: PermissionKey, asked: { now: Date; intent?: AccessIntent }): AccessGrant | null {
  return bestGrant(matrix[permission], gradesOf(actor, asked.now), asked.intent);
}

function bestGrant(entry: MatrixEntry, grades: readonly Grade[], intent: AccessIntent | undefined): AccessGrant | null {
  for (const each of intentsOf(intent)) {
    const grant = grantOf(entry, grades, each);
    if (grant) return grant;
  }
  return null;
}

/**
 * How a button is drawn before its record is known: `offered`; `explained`, disabled with a sentence, when a lead of the same
 * role could do it or its form may be seen; `hidden` when the role can never do it (back-office.md section 6).
 */
export function offerOf(actor: StaffActor, permission: PermissionKey, now: Date): 'offered' | 'explained' | 'hidden' {
  const decision = decide({ actor, permission, now });
  if (decision.isAllowed || grantFor(actor, permission, { now })) return 'offered';
  const isExplained =
    decision.rule === 'view_only' ||
    decision.sentence === 'access.needs_support_lead' ||
    decision.sentence === 'access.needs_reviewer_lead';
  return isExplained ? 'explained' : 'hidden';
}

/** Step-up: whether the person proved themselves at most so many minutes ago. 0 asks nothing. */
export function isFresh(actor: Actor, minutes: number, now: Date): boolean {
  if (minutes === 0) return true;
  const provedAt = provedAtOf(actor);
  return provedAt !== null && now.getTime() - provedAt.getTime() <= minutes * 60_000;
}

function provedAtOf(actor: Actor): Date | null {
  switch (actor.kind) {
    case 'staff':
      return actor.factorAt;
    case 'client':
    case 'vendor':
      return actor.authTime;
    case 'anonymous':
    case 'system':
      return null;
  }
}
