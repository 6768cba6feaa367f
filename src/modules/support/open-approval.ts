import type { ApprovalRequest, Prisma } from '@prisma/client';
import type { CommandScope } from '../../foundation/command/command.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';
import { newId } from '../../foundation/runtime/new-id.ts';
import { type ApprovalSubject, type MarkPart, markSubject, personBox } from '../identity/index.ts';
import { type ApprovalKind, openStatuses, requestSeconds } from './approval-request.ts';
import { emitApproval, endLapsed, moveApproval } from './move-approval.ts';

export type NewApproval = {
  kind: ApprovalKind;
  /** Whose record it is about; their data key seals the payload. */
  subjectUserId: string;
  /** What is to be changed, where that is not the person. */
  subjectId?: string;
  /** A member of staff, or the person themselves. */
  requestedBy: string;
  reason: string | null;
  /** What exactly is asked for; comes back to the executor. */
  payload?: string;
  /** The same for lists: masked. */
  summary?: string;
  /** Items of the identity check that passed, never the answers, and what else approval-evidence.ts knows. */
  evidence?: Prisma.InputJsonObject;
  /** What of the locked person the request rests on: where it changes meanwhile, nothing is carried out. */
  restsOn?: { subject: ApprovalSubject; parts: readonly MarkPart[] };
  /** A ticket's id or its number. */
  ticket?: string | null;
  /** Until when somebody may decide; 48 hours from now unless said otherwise. */
  expiresAt?: Date;
};

export type OpenedApproval = { id: string; expiresAt: Date };

/**
 * Opens a two-person request (product.md 4.7). One per subject and kind is open at a time, also under any parallelism; one whose
 * time is over makes way.
 * @returns null where one is open
 */
export async function openApproval(scope: CommandScope, wanted: NewApproval): Promise<OpenedApproval | null> {
  const { kind, subjectUserId, requestedBy } = wanted;
  const subjectId = wanted.subjectId ?? subjectUserId;
  const before = await approvalOf(scope.tx, { kind, subjectId });
  if (before && !(await endLapsed(scope, before))) return null;
  const id = newId();
  const expiresAt = wanted.expiresAt ?? addSeconds(scope.now, requestSeconds);
  const { count } = await scope.tx.approvalRequest.createMany({
    data: {
      id,
      createdAt: scope.now,
      kind,
      subjectUserId,
      subjectId,
      payloadEnc: wanted.payload === undefined ? null : await sealedPayload(scope, { id, subjectUserId, payload: wanted.payload }),
      payloadSummary: wanted.summary ?? null,
      reason: wanted.reason,
      evidence: { ...wanted.evidence, ...(await markOf(scope, wanted)) },
      ticketId: await ticketIdOf(scope, wanted.ticket ?? null),
      requestedBy,
      expiresAt,
    },
    skipDuplicates: true,
  });
  if (count === 0) return null;
  scope.touched(id, subjectUserId);
  emitApproval(scope, { name: 'support.approval.requested', id, kind });
  return { id, expiresAt };
}

async function markOf(scope: CommandScope, { restsOn }: NewApproval): Promise<Prisma.InputJsonObject> {
  if (!restsOn) return {};
  const { account, facts } = restsOn.subject;
  return { mark: await markSubject(scope, account, restsOn.parts), about: { kind: facts.kind, rank: facts.rank } };
}

type Reader = Pick<CommandScope['tx'], 'approvalRequest'>;

/** The open request about this subject; null when there is none. Its time may be over: see isLapsed(). */
export function approvalOf(
  reader: Reader,
  { kind, subjectId }: { kind: ApprovalKind; subjectId: string },
): Promise<ApprovalRequest | null> {
  return reader.approvalRequest.findFirst({ where: { kind, subjectId, status: { in: [...openStatuses] } } });
}

/** Calls an open request off. @returns false where it cannot be called off any more */
export async function cancelApproval(scope: CommandScope, approvalId: string): Promise<boolean> {
  const request = await scope.tx.approvalRequest.findUnique({ where: { id: approvalId } });
  return request !== null && moveApproval(scope, request, { step: 'cancel' });
}

/** Says that an approved request was carried out by the command of its module. @returns false where it is not approved */
export async function finishApproval(scope: CommandScope, approvalId: string): Promise<boolean> {
  const request = await scope.tx.approvalRequest.findUnique({ where: { id: approvalId } });
  return request !== null && moveApproval(scope, request, { step: 'execute', data: { executedAt: scope.now } });
}

/** What was asked for, in clear; null once the person is erased. */
export async function openPayload(
  deps: Pick<CommandScope['deps'], 'keyring'>,
  reader: Pick<CommandScope['tx'], 'userKey'>,
  { id, subjectUserId, payloadEnc }: Pick<ApprovalRequest, 'id' | 'subjectUserId' | 'payloadEnc'>,
): Promise<string | null> {
  const box = payloadEnc ? await personBox(deps, reader, subjectUserId) : null;
  return box && payloadEnc ? box.open(placeOf(id), payloadEnc) : null;
}

async function sealedPayload(
  { deps, tx }: CommandScope,
  { id, subjectUserId, payload }: { id: string; subjectUserId: string; payload: string },
): Promise<Uint8Array<ArrayBuffer> | null> {
  const box = await personBox(deps, tx, subjectUserId);
  return box && new Uint8Array(box.seal(placeOf(id), payload));
}

const placeOf = (approvalId: string) => `approval_request.payload_enc:${approvalId}`;

/** Staff may also name a ticket of the time before this system: that one stands in the action only. */
async function ticketIdOf({ tx }: CommandScope, ticket: string | null): Promise<string | null> {
  if (!ticket) return null;
  const where = ticket.startsWith('T-') ? { number: ticket } : { id: ticket };
  return (await tx.ticket.findUnique({ where, select: { id: true } }))?.id ?? null;
}
