import type { CommandDeps } from '../../foundation/command/command.ts';
import { openProofOf } from '../identity/index.ts';
import { type ApprovalStatus, isLapsed } from './approval-request.ts';
import { contactPayload } from './contact-payload.ts';

export type ContactChangeStatus = 'requested' | 'awaiting_proof' | 'denied' | 'cancelled' | 'expired' | 'executed' | 'undone';

export type ContactChangeView = {
  requestId: string;
  status: ContactChangeStatus;
  /** Masked the way the owner recognises it. */
  newContact: string;
  /** Only while the code is waited for. */
  flowId: string | null;
  expiresAt: Date;
};

/** The person's own last contact change, open or not; null when there never was one. */
export async function readContactChange(
  deps: Pick<CommandDeps, 'database' | 'keyring' | 'clock'>,
  userId: string,
): Promise<ContactChangeView | null> {
  const { prisma } = deps.database;
  const request = await prisma.approvalRequest.findFirst({
    where: { subjectUserId: userId, kind: 'contact_change' },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  if (!request) return null;
  const contact = await contactPayload.open(deps, prisma, request);
  const status = isLapsed(request, deps.clock.now()) ? 'expired' : shown[request.status];
  const proof = status === 'awaiting_proof' ? await openProofOf(deps, request.id) : null;
  return {
    requestId: request.id,
    status,
    newContact: contact?.destination ?? '',
    flowId: proof?.flowId ?? null,
    expiresAt: request.expiresAt,
  };
}

/** The states that the customer is told of (auth-api.md 2.6): `approved` lasts until the worker comes, `failed` means ask again. */
const shown: Readonly<Record<ApprovalStatus, ContactChangeStatus>> = {
  requested: 'requested',
  approved: 'requested',
  awaiting_proof: 'awaiting_proof',
  denied: 'denied',
  cancelled: 'cancelled',
  expired: 'expired',
  failed: 'expired',
  executed: 'executed',
  undone: 'undone',
};
