import type { PermissionKey } from '../../foundation/access/matrix.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { approvalRight, evidenceOf } from './approval-evidence.ts';
import type { ApprovalKind } from './approval-request.ts';

type Deps = Pick<CommandDeps, 'database'>;

export type TicketFacts = {
  id: string;
  number: string;
  category: string;
  priority: string;
  assignedTo: string | null;
  escalatedTo: string | null;
  escalatedBy: string | null;
  subjectUserId: string | null;
};

/** What the inbox of staff says of a ticket: never its title, which a customer wrote. */
export async function ticketFacts(deps: Deps, ticketId: string): Promise<TicketFacts | null> {
  return deps.database.prisma.ticket.findUnique({
    where: { id: ticketId },
    select: {
      id: true,
      number: true,
      category: true,
      priority: true,
      assignedTo: true,
      escalatedTo: true,
      escalatedBy: true,
      subjectUserId: true,
    },
  });
}

export type ApprovalFacts = {
  id: string;
  kind: ApprovalKind;
  status: string;
  subjectUserId: string;
  requestedBy: string;
  /** The row of the permission matrix behind it. */
  right: PermissionKey;
  /** Rank of the person, or of the role asked for, when it was asked; 0 for customers. */
  rank: number;
};

/** Who asked for what about whom, and which right it takes to decide. */
export async function approvalFacts(deps: Deps, approvalId: string): Promise<ApprovalFacts | null> {
  const row = await deps.database.prisma.approvalRequest.findUnique({
    where: { id: approvalId },
    select: { id: true, kind: true, status: true, subjectUserId: true, requestedBy: true, evidence: true },
  });
  if (!row) return null;
  const { evidence: _, ...facts } = row;
  return { ...facts, right: approvalRight(row), rank: evidenceOf(row).about?.rank ?? 0 };
}

export type NotedRecord = { subjectType: 'user' | 'vendor' | 'ticket'; subjectId: string; authorId: string };

/** What a note, or an internal note of a ticket, is about and who wrote it. */
export async function notedRecord(deps: Deps, noteId: string): Promise<NotedRecord | null> {
  const { prisma } = deps.database;
  const note = await prisma.note.findUnique({ where: { id: noteId }, select: { subjectType: true, subjectId: true, authorId: true } });
  if (note) {
    const { subjectType, subjectId, authorId } = note;
    return subjectType === 'user' || subjectType === 'vendor' || subjectType === 'ticket' ? { subjectType, subjectId, authorId } : null;
  }
  const message = await prisma.ticketMessage.findUnique({ where: { id: noteId }, select: { ticketId: true, authorId: true } });
  return message && { subjectType: 'ticket', subjectId: message.ticketId, authorId: message.authorId };
}

export type PrivacyFacts = { id: string; kind: string; subjectUserId: string };

export async function privacyFacts(deps: Deps, requestId: string): Promise<PrivacyFacts | null> {
  return deps.database.prisma.privacyRequest.findUnique({
    where: { id: requestId },
    select: { id: true, kind: true, subjectUserId: true },
  });
}
