import type { ApprovalRequest, Prisma } from '@prisma/client';
import { grantFor } from '../../foundation/access/evaluate.ts';
import type { PermissionKey } from '../../foundation/access/matrix.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';
import { type MarkPart, type SubjectView, subjectView } from '../identity/index.ts';
import { approvalEffects } from './approval-effects.ts';
import { changedSinceAsked, evidenceOf } from './approval-evidence.ts';
import { openStatuses } from './approval-request.ts';
import { openStatuses as openPrivacyStatuses } from './privacy/privacy-request.ts';

/** A request as others are listed beside it. */
export type RequestLine = Pick<ApprovalRequest, 'id' | 'kind' | 'status' | 'createdAt' | 'requestedBy' | 'decidedBy'>;

const line = { id: true, kind: true, status: true, createdAt: true, requestedBy: true, decidedBy: true } as const;

/** What somebody who decides looks at besides the request itself. */
export type ApprovalPage = {
  effects: readonly string[];
  /** What of the person is not as it was when it was asked, while that matters. */
  changed: readonly MarkPart[];
  /** Items of the identity check that passed. */
  passed: readonly string[];
  /** Null once nobody has that id. */
  subject: SubjectView | null;
  /** Newest first. */
  ofSubject: readonly RequestLine[];
  ofRequester: readonly RequestLine[];
  ticket: { id: string; number: string; title: string } | null;
  /** Of an erasure: the request of the person, and from when it can be carried out. */
  privacy: { id: string; cancelUntil: Date | null } | null;
};

const former = 8;

/** @param id of a request that the caller may read */
export async function approvalPage(deps: CommandDeps, id: string): Promise<ApprovalPage> {
  const { prisma } = deps.database;
  const request = await prisma.approvalRequest.findUniqueOrThrow({
    where: { id },
    include: { ticket: { select: { id: true, number: true, title: true } }, privacy: { select: { id: true, cancelUntil: true } } },
  });
  const { ticket, privacy, ...row } = request;
  const others = (where: Prisma.ApprovalRequestWhereInput) =>
    prisma.approvalRequest.findMany({ where: { ...where, id: { not: id } }, orderBy: { createdAt: 'desc' }, take: former, select: line });
  const [subject, ofSubject, ofRequester] = await Promise.all([
    subjectView(deps, row.subjectUserId),
    others({ subjectUserId: row.subjectUserId }),
    others({ requestedBy: row.requestedBy }),
  ]);
  const looking = { deps, tx: prisma, now: deps.clock.now() };
  const isAhead = (row.status === 'requested' || row.status === 'approved') && subject !== null && subject.account.status !== 'erased';
  return {
    effects: isAhead ? await approvalEffects(looking, row, subject) : [],
    changed: isAhead ? await changedSinceAsked(looking, subject, row) : [],
    passed: evidenceOf(row).passed,
    subject,
    ofSubject,
    ofRequester,
    ticket,
    privacy: privacy[0] ?? null,
  };
}

/** The kinds and the right that each asks; a reset of factors is another one for a colleague. */
const decidable: readonly (readonly [PermissionKey, Prisma.ApprovalRequestWhereInput])[] = [
  ['user.reset_mfa', { kind: 'mfa_reset', OR: ofKind('client', 'vendor') }],
  ['staff.reset_mfa', { kind: 'mfa_reset', OR: ofKind('staff') }],
  ['user.change_contact', { kind: 'contact_change' }],
  ['user.erase', { kind: 'erasure' }],
  ['user.remove_passkey', { kind: 'passkey_removal' }],
  ['vendor_bank_account.change', { kind: 'bank_change' }],
  ['staff_grant.grant_admin', { kind: 'staff_grant' }],
];

function ofKind(...kinds: readonly string[]): Prisma.ApprovalRequestWhereInput[] {
  return kinds.map((kind) => ({ evidence: { path: ['about', 'kind'], equals: kind } }));
}

/**
 * Requests that wait for this person: of a kind they may decide, not their own and not about them. Whoever decides on none sees all
 * that wait.
 */
export function toDecide(staff: StaffActor, now: Date): Prisma.ApprovalRequestWhereInput {
  const waiting = { status: 'requested' as const, expiresAt: { gt: now } };
  const kinds = decidable.filter(([right]) => grantFor(staff, right, { now, intent: 'approve' }) !== null).map(([, where]) => where);
  if (kinds.length === 0) return waiting;
  return { ...waiting, requestedBy: { not: staff.id }, subjectUserId: { not: staff.id }, OR: kinds };
}

/** How many requests wait for this person's decision; 0 for those who decide on none. */
export async function countToDecide(deps: CommandDeps, staff: StaffActor): Promise<number> {
  const now = deps.clock.now();
  if (!decidable.some(([right]) => grantFor(staff, right, { now, intent: 'approve' }))) return 0;
  return deps.database.prisma.approvalRequest.count({ where: toDecide(staff, now), take: 1_001 });
}

/** The open request about one payout account; null where there is none. */
export async function openBankRequest({ database }: Pick<CommandDeps, 'database'>, accountId: string): Promise<string | null> {
  const where = { kind: 'bank_change' as const, subjectId: accountId, status: { in: [...openStatuses] } };
  return (await database.prisma.approvalRequest.findFirst({ where, select: { id: true } }))?.id ?? null;
}

export type OpenRequest = {
  id: string;
  kind: string;
  status: string;
  createdAt: Date;
  /** When an approval lapses; when a privacy request has to be answered. */
  dueAt: Date;
};

const listedRequests = 20;

/** Open approvals and privacy requests about a person, newest first, at most 20 of each, in one statement. */
export async function openRequestsAbout(
  deps: Pick<CommandDeps, 'database'>,
  userId: string,
): Promise<{ approvals: readonly OpenRequest[]; privacy: readonly OpenRequest[] }> {
  const rows = await deps.database.prisma.$queryRaw<(OpenRequest & { isApproval: boolean })[]>`
    (SELECT true AS "isApproval", id, kind::text, status::text, created_at AS "createdAt", expires_at AS "dueAt"
       FROM support.approval_request WHERE subject_user_id = ${userId}::uuid AND status::text = ANY(${[...openStatuses]})
      ORDER BY created_at DESC LIMIT ${listedRequests})
    UNION ALL
    (SELECT false, id, kind::text, status::text, created_at, coalesce(extended_to, due_at)
       FROM support.privacy_request WHERE subject_user_id = ${userId}::uuid AND status::text = ANY(${[...openPrivacyStatuses]})
      ORDER BY created_at DESC LIMIT ${listedRequests})`;
  const listOf = (wanted: boolean): OpenRequest[] =>
    rows.filter(({ isApproval }) => isApproval === wanted).map(({ isApproval: _, ...request }) => request);
  return { approvals: listOf(true), privacy: listOf(false) };
}
