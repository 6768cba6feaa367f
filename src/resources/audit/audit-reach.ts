import type { PageRequest } from '../../admin/index.ts';
import type { SearchReach } from '../../audit/index.ts';
import { grantFor } from '../../foundation/access/evaluate.ts';
import type { PermissionKey } from '../../foundation/access/matrix.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { uuidPattern } from '../../foundation/runtime/new-id.ts';
import { accountKind, teamOf } from '../../modules/identity/index.ts';
import { isCaseBlind } from '../../modules/review/index.ts';

/**
 * Whose actions a person may see: all, the team's and their own, or their own; with `timeline`, besides, the changes of one person
 * whose history they may open. Goes into the SQL, never filters afterwards.
 */
export type Reach = { kind: 'all' | 'team' | 'own' | 'timeline'; search: SearchReach | undefined };

/** @param recordId the record that is looked for, which may be a person */
export async function reachOf(request: PageRequest, recordId?: string): Promise<Reach> {
  const { staff, deps, now } = request;
  const grant = grantFor(staff, 'audit.read_all', { now });
  if (grant && !grant.own && !grant.team) return { kind: 'all', search: undefined };
  const actorIds = grant?.team ? [staff.id, ...(await teamOf(deps, staff.id))] : [staff.id];
  const kind = grant?.team ? 'team' : 'own';
  if (recordId === undefined || !uuidPattern.test(recordId) || !(await mayReadTimeline(request, { subjectId: recordId })))
    return { kind, search: { actorIds } };
  return { kind: 'timeline', search: { actorIds, timelineOf: recordId } };
}

/** What one must be allowed to read to see the history of a table's records. Everything else is for auditors and admins. */
const readers: Readonly<Record<string, PermissionKey>> = {
  'catalog.category': 'category.list',
  'catalog.product': 'product.show',
  'catalog.product_revision': 'product.show',
  'identity.client': 'client.show',
  'identity.vendor': 'vendor.show',
  'identity.vendor_bank_account': 'vendor_bank_account.show',
  'identity.staff_profile': 'staff.show',
  'identity.session': 'session.list',
  'identity.staff_role_grant': 'staff_grant.list',
  'identity.staff_invite': 'staff_invite.list',
  'notifications.delivery': 'delivery.list',
  'reference.country': 'country.list',
  'support.approval_request': 'approval_request.list',
  'support.privacy_request': 'privacy_request.list',
  'support.ticket': 'ticket.show',
  'review.kyc_submission': 'kyc_submission.show_status',
  'review.review_case': 'review_case.list',
};

/** @throws AppError not_found, also where the history exists and is not this person's to read */
export async function requireTimeline(
  request: PageRequest,
  of: { table: string; recordId: string } | { subjectId: string },
): Promise<void> {
  if (!(await mayReadTimeline(request, of))) throw new AppError('not_found');
}

export async function mayReadTimeline(
  request: PageRequest,
  of: { table: string; recordId: string } | { subjectId: string },
): Promise<boolean> {
  // Its history would tell a second person the first answer before they gave theirs.
  if ('table' in of && of.table === 'review.review_case' && (await isCaseBlind(request.deps, request.staff, of.recordId))) return false;
  if (holdsWhole(request, 'audit.read_all')) return true;
  if (!holdsWhole(request, 'audit.read_timeline')) return false;
  if ('subjectId' in of) return mayReadPerson(request, of.subjectId);
  if (of.table === 'identity.user') return mayReadPerson(request, of.recordId);
  const permission = Object.hasOwn(readers, of.table) ? readers[of.table] : undefined;
  return permission !== undefined && holdsWhole(request, permission);
}

export type TimelineReader = (of: { table: string; recordId: string }) => Promise<boolean>;

/** Tables whose rule looks at the row. */
const perRow: ReadonlySet<string> = new Set(['identity.user', 'review.review_case']);

/** mayReadTimeline() for many rows of one answer: decided once for a table, and once for a row only where the rule is about the row. */
export function timelineReader(request: PageRequest): TimelineReader {
  const decided = new Map<string, Promise<boolean>>();
  return (of) => {
    const key = perRow.has(of.table) ? `${of.table}:${of.recordId}` : of.table;
    const known = decided.get(key) ?? mayReadTimeline(request, of);
    decided.set(key, known);
    return known;
  };
}

async function mayReadPerson(request: PageRequest, userId: string): Promise<boolean> {
  const kind = await accountKind(request.deps, userId);
  if (kind === null) return false;
  return holdsWhole(request, kind === 'staff' ? 'staff.show' : 'user.show');
}

/** Granted for every record; a grant for own or team records only is not enough where ownership is not known. */
export function holdsWhole({ staff, now }: PageRequest, permission: PermissionKey): boolean {
  const grant = grantFor(staff, permission, { now });
  return grant !== null && !grant.own && !grant.team;
}
