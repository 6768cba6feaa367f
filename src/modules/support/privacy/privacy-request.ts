import type { Prisma, PrivacyRequest } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';

export type PrivacyStatus = PrivacyRequest['status'];
type Transition = { from: readonly PrivacyStatus[]; to: PrivacyStatus; event: string };

/**
 * The table of product.md 4.8; everything else is 409 `transition_not_allowed`. Two lines more: what fails for good ends as refused,
 * and an erasure can be called off until it is carried out (auth-api.md 2.6), not only until it is approved.
 */
export const privacySteps = {
  verify: { from: ['received'], to: 'identity_verified', event: 'support.privacy.verified' },
  approve: { from: ['identity_verified'], to: 'approved', event: 'support.privacy.approved' },
  process: { from: ['approved'], to: 'processing', event: 'support.privacy.processing' },
  complete: { from: ['processing'], to: 'completed', event: 'support.privacy.completed' },
  refuse: { from: ['received', 'identity_verified', 'approved'], to: 'refused', event: 'support.privacy.refused' },
  fail: { from: ['approved', 'processing'], to: 'refused', event: 'support.privacy.failed' },
  withdraw: { from: ['received', 'identity_verified', 'approved', 'processing'], to: 'withdrawn', event: 'support.privacy.withdrawn' },
} as const satisfies Record<string, Transition>;
export type PrivacyStep = keyof typeof privacySteps;

/** While a request is in one of these the person has no second of its kind. */
export const openStatuses = ['received', 'identity_verified', 'approved', 'processing'] as const satisfies readonly PrivacyStatus[];

/** Within which the law wants an answer (NDPA, GDPR article 12). */
export const answerSeconds = 30 * 86_400;

export function mayStep({ status }: Pick<PrivacyRequest, 'status'>, step: PrivacyStep): boolean {
  const from: readonly PrivacyStatus[] = privacySteps[step].from;
  return from.includes(status);
}

type Opening = {
  userId: string;
  kind: PrivacyRequest['kind'];
  cancelUntil?: Date;
  /** How it came in; the person's own account unless said otherwise. */
  receivedVia?: 'account' | 'ticket' | 'email' | 'phone' | 'letter';
  law?: PrivacyRequest['law'];
  /** The colleague who took it in. */
  receivedBy?: string;
  ticketId?: string | null;
  purposes?: readonly string[];
};

/** Writes down what was asked; the law's clock starts. The person is locked by the caller, who has looked that none is open. */
export async function receiveRequest(scope: CommandScope, opening: Opening): Promise<PrivacyRequest> {
  const { userId, kind, cancelUntil, receivedVia = 'account', law = 'ndpa', receivedBy, ticketId, purposes = [] } = opening;
  const request = await scope.tx.privacyRequest.create({
    data: {
      ...{ id: newId(), createdAt: scope.now, subjectUserId: userId, kind, receivedVia, law, purposes: [...purposes] },
      dueAt: addSeconds(scope.now, answerSeconds),
      cancelUntil: cancelUntil ?? null,
      receivedBy: receivedBy ?? null,
      ticketId: ticketId ?? null,
    },
  });
  scope.touched(request.id, userId);
  emitPrivacy(scope, 'support.privacy.received', request);
  return request;
}

/** A request of the person themselves, whose fresh sign-in is the proof of identity: received and verified at once. */
export async function openRequest(
  scope: CommandScope,
  opening: Pick<Opening, 'userId' | 'cancelUntil'> & { kind: 'export' | 'erase' },
): Promise<PrivacyRequest> {
  return requireStep(scope, await receiveRequest(scope, opening), 'verify', { verifiedAt: scope.now });
}

/**
 * One step of the state machine: compare-and-set on id, version and status, with its event. Of n parallel steps from one state one
 * wins.
 * @returns the request as it is then; null where there is no such step, or another call was faster: then nothing is written
 */
export async function movePrivacy(
  scope: CommandScope,
  request: PrivacyRequest,
  step: PrivacyStep,
  data: Prisma.PrivacyRequestUncheckedUpdateManyInput = {},
): Promise<PrivacyRequest | null> {
  if (!mayStep(request, step)) return null;
  const { id, version, status } = request;
  const { to, event } = privacySteps[step];
  const [moved] = await scope.tx.privacyRequest.updateManyAndReturn({
    where: { id, version, status },
    data: { ...data, status: to, version: { increment: 1 } },
  });
  if (!moved) return null;
  scope.touched(id, request.subjectUserId);
  emitPrivacy(scope, event, moved);
  return moved;
}

/** The same for a row that this transaction made or locked. */
export async function requireStep(
  scope: CommandScope,
  request: PrivacyRequest,
  step: PrivacyStep,
  data: Prisma.PrivacyRequestUncheckedUpdateManyInput = {},
): Promise<PrivacyRequest> {
  const moved = await movePrivacy(scope, request, step, data);
  if (!moved) throw new Error(`A privacy request in ${request.status} did not ${step}`);
  return moved;
}

export function emitPrivacy(scope: CommandScope, name: string, { id, kind, subjectUserId, cancelUntil }: PrivacyRequest): void {
  const payload = { requestId: id, kind, userId: subjectUserId, effectiveAt: cancelUntil?.toISOString() ?? null };
  scope.emit({ name, aggregateId: id, payload });
}

type Reader = Pick<CommandScope['tx'], 'privacyRequest'>;

/** The open request of a kind; null when there is none. */
export function openRequestOf(reader: Reader, userId: string, kind: PrivacyRequest['kind']): Promise<PrivacyRequest | null> {
  return reader.privacyRequest.findFirst({ where: { subjectUserId: userId, kind, status: { in: [...openStatuses] } } });
}
