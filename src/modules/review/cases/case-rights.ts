import type { ReviewCase } from '@prisma/client';
import { decide, offerOf } from '../../../foundation/access/evaluate.ts';
import type { PermissionKey } from '../../../foundation/access/matrix.ts';
import { translate } from '../../../foundation/i18n/translate.ts';
import type { StaffActor } from '../../../foundation/runtime/actor.ts';
import { holds, isHeld, leadsReview } from './case-record.ts';
import { type CaseAction, type CaseRights, caseActions } from './case-shapes.ts';
import type { Conflict } from './conflict.ts';
import { rightOf } from './decide.ts';

type Row = Pick<
  ReviewCase,
  'kind' | 'status' | 'ownerUserId' | 'claimedBy' | 'claimExpiresAt' | 'decidedBy' | 'needsLead' | 'sampleOfId' | 'pausedAt'
>;

/** What is known about the reader and the case besides the row. */
export type RightFacts = { claimerName: string | null; conflict: Conflict | null; isAuthor: boolean };

/** The right of each action on this case. */
export function permissionOf(action: CaseAction, { kind }: Pick<ReviewCase, 'kind'>): PermissionKey {
  switch (action) {
    case 'pick':
    case 'reassign':
      return `review_case.${action}`;
    case 'release':
    case 'escalate':
      return 'review_case.release';
    case 'touch':
    case 'prepare':
    case 'saveChecklist':
      return 'review_case.prepare';
    case 'approve':
    case 'reject':
      return rightOf(kind, action);
    case 'requestChanges':
      return rightOf(kind, 'request_changes');
    case 'secondApprove':
    case 'secondDisagree':
      return kind === 'kyc' ? 'kyc_submission.second_decide' : 'vendor.second_decide';
    default:
      return action satisfies never;
  }
}

/** Every action that the reader's role can do at all: null where it can be done now, else the sentence why not. */
export function rightsOf(row: Row, staff: StaffActor, asked: { now: Date; facts: RightFacts }): CaseRights {
  const { now, facts } = asked;
  const isOwn = holds(row, staff.id, now);
  const rights: Partial<Record<CaseAction, string | null>> = {};
  for (const action of caseActions) {
    const permission = permissionOf(action, row);
    if (offerOf(staff, permission, now) === 'hidden') continue;
    const state = stateRefusal(action, row, { staff, now, facts });
    const subject = { userId: row.ownerUserId, kind: 'vendor' as const, isOwn, ...(row.decidedBy ? { requestedById: row.decidedBy } : {}) };
    const decision = decide({ actor: staff, permission, subject, now });
    rights[action] = state ?? (decision.isAllowed ? null : translate('en', decision.sentence));
  }
  return rights;
}

const ties: Readonly<Record<Conflict, string>> = {
  same_person: 'It is about you.',
  referral: 'You referred this vendor, or they referred you.',
  contact: 'You share a contact with this vendor.',
  bank: 'You share a bank account with this vendor.',
  device: 'You share a device with this vendor.',
};

type Asked = { staff: StaffActor; now: Date; facts: RightFacts };

/** The fixed sentence why the action is refused in the present state; null where the state allows it. */
export function stateRefusal(action: CaseAction, row: Row, asked: Asked): string | null {
  const over = overWords(row);
  if (over) return over;
  const { conflict, isAuthor } = asked.facts;
  if (action !== 'release' && action !== 'reassign' && conflict) return `${ties[conflict]} Somebody else decides.`;
  if (action !== 'release' && action !== 'reassign' && isAuthor) return 'You wrote part of this version; somebody else decides.';
  switch (action) {
    case 'pick':
      return pickRefusal(row, asked);
    case 'reassign':
      return row.status === 'pending_second' ? secondWaits : null;
    case 'release':
      return row.status === 'claimed' ? null : row.status === 'queued' ? 'Nobody holds it.' : secondWaits;
    case 'prepare':
      if (row.sampleOfId) return 'A second look is prepared by nobody.';
      return row.status === 'pending_second' ? secondWaits : null;
    case 'secondApprove':
    case 'secondDisagree':
      if (row.status !== 'pending_second') return 'There is no first approval yet.';
      return row.decidedBy === asked.staff.id ? 'You gave the first answer; somebody else gives the second.' : null;
    default:
      return holderRefusal(action, row, asked);
  }
}

const secondWaits = 'It waits for a second person.';

function overWords({ status }: Row): string | null {
  if (status === 'approved' || status === 'rejected') return 'It is decided.';
  if (status === 'changes_requested') return 'It waits for the vendor; a new round begins when they hand it in again.';
  return status === 'withdrawn' ? 'The vendor took it back.' : null;
}

function pickRefusal(row: Row, { staff, now, facts }: Asked): string | null {
  if (row.status === 'pending_second') return secondWaits;
  if (row.pausedAt) return 'Its store is not approved: it cannot be published yet.';
  if (!isHeld(row, now)) return null;
  return row.claimedBy === staff.id ? 'It is yours already.' : claimedWords(row, facts.claimerName);
}

function holderRefusal(action: CaseAction, row: Row, { staff, now, facts }: Asked): string | null {
  if (row.status === 'pending_second') return row.decidedBy === staff.id ? 'Your answer is given; a second person decides.' : secondWaits;
  if (row.status === 'queued') return leadsReview(staff, now) ? 'Pick it first.' : '“Take next” gives you cases; only leads pick by hand.';
  if (row.claimedBy !== staff.id) return claimedWords(row, facts.claimerName);
  if (!isHeld(row, now)) return 'Your half hour is over: it goes back to the queue.';
  if (row.needsLead && action !== 'touch' && action !== 'saveChecklist' && !leadsReview(staff, now)) return 'Needs a reviewer lead.';
  if (action === 'requestChanges' && row.kind === 'product_revision')
    return 'A proposed change is accepted or declined; it is not sent back.';
  return null;
}

/** "Claimed by Ada Obi until 14:20 (Africa/Lagos)." */
export function claimedWords({ claimExpiresAt }: Pick<ReviewCase, 'claimExpiresAt'>, name: string | null): string {
  const who = name ?? 'a colleague';
  return claimExpiresAt ? `Claimed by ${who} until ${clock.format(claimExpiresAt)} (${deskZone}).` : `Claimed by ${who}.`;
}

/** Refusals are written on the server, which knows no zone of the reader; the desk sits here. */
const deskZone = 'Africa/Lagos';
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: deskZone });
