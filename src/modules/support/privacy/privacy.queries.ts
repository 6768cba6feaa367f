import type { PrivacyRequest } from '@prisma/client';
import { grantFor } from '../../../foundation/access/evaluate.ts';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import type { StaffActor } from '../../../foundation/runtime/actor.ts';
import { type SubjectView, subjectView } from '../../identity/index.ts';
import type { RequestLine } from '../approval.queries.ts';
import { type ExportView, exportStatus } from './export.queries.ts';

/** What somebody who handles a privacy request looks at besides the request itself. */
export type PrivacyPage = {
  subject: SubjectView | null;
  ticket: { id: string; number: string; title: string } | null;
  /** Of an erasure: the two-person request that decides it. */
  approval: (RequestLine & { expiresAt: Date }) | null;
  /** Of an export that was made: whether it was fetched, and until when it can be. */
  file: (Pick<ExportView, 'status' | 'expiresAt'> & { bytes: number }) | null;
  /** Other requests of the person, newest first. */
  others: readonly { id: string; kind: string; status: string; createdAt: Date }[];
};

const former = 8;

/** @param id of a request that the caller may read */
export async function privacyPage(deps: CommandDeps, id: string): Promise<PrivacyPage> {
  const { prisma } = deps.database;
  const request = await prisma.privacyRequest.findUniqueOrThrow({
    where: { id },
    include: {
      export: true,
      ticket: { select: { id: true, number: true, title: true } },
      approval: {
        select: { id: true, kind: true, status: true, createdAt: true, requestedBy: true, decidedBy: true, expiresAt: true },
      },
    },
  });
  const [subject, others] = await Promise.all([
    subjectView(deps, request.subjectUserId),
    prisma.privacyRequest.findMany({
      where: { subjectUserId: request.subjectUserId, id: { not: id } },
      orderBy: { createdAt: 'desc' },
      take: former,
      select: { id: true, kind: true, status: true, createdAt: true },
    }),
  ]);
  const { ticket, approval, export: file } = request;
  const now = deps.clock.now();
  return {
    ...{ subject, ticket, approval, others },
    file: file && { status: exportStatus(request, now), expiresAt: file.expiresAt, bytes: file.bytes },
  };
}

/** Requests that wait for somebody with this person's rights: to be verified, or to be decided. */
export async function countPrivacyWaiting(deps: CommandDeps, staff: StaffActor): Promise<number> {
  const now = deps.clock.now();
  const mayVerify = grantFor(staff, 'privacy_request.verify_identity', { now })?.mode === 'allow';
  const mayApprove = grantFor(staff, 'privacy_request.approve_export', { now })?.mode === 'allow';
  const waiting = [
    ...(mayVerify ? [{ status: 'received' as const }, { status: 'processing' as const, kind: 'rectify' as const }] : []),
    ...(mayApprove ? [{ status: 'identity_verified' as const }] : []),
  ];
  return waiting.length === 0 ? 0 : deps.database.prisma.privacyRequest.count({ where: { OR: waiting }, take: 1_001 });
}

/** What a message to the person says about their request. */
export type PrivacyWords = {
  kind: PrivacyRequest['kind'];
  /** The extended day where there is one. */
  dueAt: Date;
  refusalText: string | null;
  extensionReason: string | null;
  outcome: string | null;
};

/** Null once nobody has that id. */
export async function privacyWords({ database }: Pick<CommandDeps, 'database'>, id: string): Promise<PrivacyWords | null> {
  const request = await database.prisma.privacyRequest.findUnique({ where: { id } });
  if (!request) return null;
  const { kind, dueAt, extendedTo, refusalText, extensionReason, outcome } = request;
  return { kind, dueAt: extendedTo ?? dueAt, refusalText, extensionReason, outcome };
}
