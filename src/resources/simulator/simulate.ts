import type { AccessDecision, AccessGrant, AccessIntent, AccessSubject } from '../../foundation/access/decide.ts';
import { decide, grantFor } from '../../foundation/access/evaluate.ts';
import { type MatrixEntry, matrix, type PermissionKey, permissionKeys } from '../../foundation/access/matrix.ts';
import { type Grade, grades, type RoleGrant } from '../../foundation/access/roles.ts';
import { translate } from '../../foundation/i18n/translate.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';

/** Asked when there is no half to speak of; the halves of a two-person action are asked one by one. */
const halves: readonly AccessIntent[] = ['request', 'approve'];

export type SimulatedHalf = { intent: AccessIntent; decision: AccessDecision };

/** What the guard says of one right. Nothing here decides anything: every answer is one of decide() and grantFor(). */
export type SimulatedRight = {
  permission: PermissionKey;
  decision: AccessDecision;
  /** Of a two-person action: asking and deciding, each with its own answer. */
  halves: readonly SimulatedHalf[];
  /** What could be reached before a record is known; null when nothing, whatever the record. */
  reach: AccessGrant | null;
};

export type Simulation = { actor: StaffActor; subject: AccessSubject | null; about: ReadonlySet<PermissionKey> | null; now: Date };

/** Every right of the matrix, in its order. The record's facts go with the rights that are about such records. */
export function simulate({ actor, subject, about, now }: Simulation): SimulatedRight[] {
  return permissionKeys.map((permission) => {
    const facts = subject && about?.has(permission) ? { subject } : {};
    const ask = (intent?: AccessIntent) => decide({ actor, permission, now, ...facts, ...(intent ? { intent } : {}) });
    return {
      permission,
      decision: ask(),
      halves: entryOf(permission).conditions.twoPerson ? halves.map((intent) => ({ intent, decision: ask(intent) })) : [],
      reach: grantFor(actor, permission, { now }),
    };
  });
}

/** Nobody in particular who holds one role, by its column of the matrix. */
export function actorOfGrade(grade: Grade): StaffActor {
  return actorWith({ id: nobody, displayName: grade, grants: [grantOfGrade(grade)] });
}

/** A colleague as the guard would see them; without grants where the account is closed. */
export function actorWith(person: Pick<StaffActor, 'id' | 'displayName' | 'grants'>): StaffActor {
  return { kind: 'staff', ...person, sessionHash: Buffer.alloc(32), hasMfa: true, factorAt: null };
}

/** An id that no row has. */
const nobody = '00000000-0000-0000-0000-000000000000';

function grantOfGrade(grade: Grade): RoleGrant {
  if (grade === 'support_lead') return { role: 'support', isLead: true };
  if (grade === 'reviewer_lead') return { role: 'reviewer', isLead: true };
  return { role: grade, isLead: false };
}

export function isGrade(text: string): text is Grade {
  return grades.some((grade) => grade === text);
}

/** The answer in one sentence: what it allows, or the sentence beside the refused button. */
export function answerWords({ decision, reach }: Pick<SimulatedRight, 'decision' | 'reach'>): string {
  if (!decision.isAllowed) {
    const why = translate('en', decision.sentence);
    if (decision.rule === 'not_yours' && reach) return `Depends on the record. ${why}`;
    if (decision.rule === 'not_your_team' && reach) return `Depends on the record. ${why}`;
    return why;
  }
  switch (decision.mode) {
    case 'allow':
      return 'Allowed.';
    case 'read':
      return 'May look at it.';
    case 'request':
      return 'May ask for it; someone else decides.';
    case 'approve':
      return 'May decide what someone else asked for.';
    default:
      return decision.mode satisfies never;
  }
}

/** What else is asked of whoever may: in the words of the forms. */
export function demandsOf(permission: PermissionKey): string[] {
  const { conditions } = entryOf(permission);
  return [
    conditions.reason ? 'Reason' : null,
    conditions.ticket ? 'Ticket or case' : null,
    conditions.stepUpMinutes > 0 ? `Factor within ${conditions.stepUpMinutes} min` : null,
    conditions.twoPerson ? 'Two people' : null,
    conditions.versioned ? 'Version seen' : null,
    conditions.quota ? 'Daily quota' : null,
    conditions.rank ? 'Rank below own' : null,
    conditions.notify ? 'Customer is told' : null,
  ].filter((words) => words !== null);
}

export function entryOf(permission: PermissionKey): MatrixEntry {
  return matrix[permission];
}
