import type { Actor } from '../runtime/actor.ts';
import type { PermissionKey } from './matrix.ts';

/** Facts about the record an action is aimed at. All optional: what is absent cannot grant anything. */
export type AccessSubject = {
  /** Id of the person the record belongs to (user id), for the self rule. */
  userId?: string;
  kind?: 'client' | 'vendor' | 'staff';
  /** Rank of a staff subject; customers are 0. For a grant or invite: the higher of the person's rank and the rank given. */
  rank?: number;
  /** Whether the actor owns, holds or is assigned the record, for `own` cells. Staff whom the actor leads count as own. */
  isOwn?: boolean;
  /** Whether the record belongs to the actor's team, for `team` cells. */
  isTeam?: boolean;
  /** Whether the actor wrote, suggested, registered or referred what is to be judged. */
  isAuthor?: boolean;
  /** Whether the actor shares contact, bank or device with the record's owner. */
  hasConflict?: boolean;
  /** Who opened the approval request; needed to approve. */
  requestedById?: string;
};

/**
 * `act`: do it. `view`: see the form, the history or the record. `request` and `approve`: the two halves of a two-person
 * action. Left out, a two-person action answers with the best half (`approve` before `request`) and anything else with `act`;
 * a command that executes such an action must say which half it is.
 */
export type AccessIntent = 'act' | 'view' | 'request' | 'approve';

export type AccessQuestion = {
  actor: Actor;
  permission: PermissionKey;
  subject?: AccessSubject;
  intent?: AccessIntent;
  now: Date;
};

/** `request` means: may ask for it (Q); `approve` means: may decide on somebody else's request and ask (P). */
export type AccessMode = 'allow' | 'read' | 'request' | 'approve';

/** Which records a grant reaches; both false means all. Lists narrow themselves by it. */
export type AccessReach = { own: boolean; team: boolean };

/** What a person may do before a particular record is known. */
export type AccessGrant = AccessReach & { mode: AccessMode };

/** Names of the rules that refuse; recorded in the audit row of the denied attempt. */
export type AccessRule =
  | 'not_staff'
  | 'no_active_grant'
  | 'not_granted'
  | 'view_only'
  | 'two_person'
  | 'not_yours'
  | 'not_your_team'
  | 'self'
  | 'staff_subject'
  | 'customer_subject'
  | 'rank'
  | 'author'
  | 'conflict_of_interest'
  | 'four_eyes';

export type AccessDecision =
  | { isAllowed: true; mode: AccessMode; rule: 'granted' }
  /** `sentence` is an i18n key shown beside a disabled button. */
  | { isAllowed: false; rule: AccessRule; sentence: AccessSentence };

/** Keys of foundation/i18n/locales under `access.`. */
export type AccessSentence = `access.${AccessRule | 'needs_support_lead' | 'needs_reviewer_lead' | 'needs_admin' | 'needs_super_admin'}`;

export type Decide = (question: AccessQuestion) => AccessDecision;
