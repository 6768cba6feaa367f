import type { Prisma } from '@prisma/client';
import { gradesOf, grantFor } from '../../../foundation/access/evaluate.ts';
import { matrix } from '../../../foundation/access/matrix.ts';
import type { Grade, RoleGrant } from '../../../foundation/access/roles.ts';
import type { StaffActor } from '../../../foundation/runtime/actor.ts';
import type { TicketCategory } from './ticket-state.ts';

type Where = Prisma.TicketWhereInput;

/** What finance works on (product.md 4.6: own categories). */
export const financeCategories = ['payment_issue', 'refund_request'] as const satisfies readonly TicketCategory[];
/** What moderators are handed by "Take next"; they read and claim all. */
const moderatorCategories = ['vendor_conduct', 'product_complaint'] as const satisfies readonly TicketCategory[];

/**
 * Which tickets a member of staff may see: the cell says all, own or none, and each grade has its own idea of own. Assistants: what is
 * assigned to them or in triage. Finance: its categories as well. Reviewers: what they were assigned; cases they claimed come with
 * the review queue. Null when there are none.
 */
export function ticketReach(staff: StaffActor, now: Date): Where | null {
  const parts = gradesOf(staff, now).flatMap((grade): Where[] => {
    const cell = matrix['ticket.list'].cells[grade];
    if (cell === '-') return [];
    return cell === 'own' ? ownOf(grade, staff.id) : [{}];
  });
  if (parts.length === 0) return null;
  return parts.some((part) => Object.keys(part).length === 0) ? {} : { OR: parts };
}

function ownOf(grade: Grade, staffId: string): Where[] {
  const mine: Where = { assignedTo: staffId };
  if (grade === 'assistant') return [mine, { status: 'open', assignedTo: null }];
  if (grade === 'finance') return [mine, { category: { in: [...financeCategories] } }];
  return [mine];
}

/** The categories "Take next" hands somebody; null for all, empty for none. */
export function queueOf(staff: StaffActor, now: Date): readonly TicketCategory[] | null {
  const grades = gradesOf(staff, now).filter((grade) => matrix['ticket.take_next'].cells[grade] !== '-');
  if (grades.some((grade) => grade !== 'finance' && grade !== 'moderator')) return null;
  return grades.flatMap((grade) => (grade === 'finance' ? [...financeCategories] : [...moderatorCategories]));
}

/** Whether somebody leads the desk: assigns, and lets go of what others hold. */
export function leadsTickets(staff: StaffActor, now: Date): boolean {
  return grantFor(staff, 'ticket.assign', { now }) !== null;
}

/** Whether somebody with these roles works on tickets: may take them, or be given one. */
export function worksOnTickets(grants: readonly RoleGrant[], now: Date): boolean {
  const actor = { kind: 'staff' as const, id: '', displayName: '', grants, sessionHash: Buffer.alloc(0), hasMfa: false, factorAt: null };
  return grantFor(actor, 'ticket.claim', { now }) !== null;
}
