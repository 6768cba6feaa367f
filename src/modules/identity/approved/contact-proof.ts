import { z } from 'zod';
import type { CommandDeps, CommandScope } from '../../../foundation/command/command.ts';
import type { ErrorCode } from '../../../foundation/errors/catalogue.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { type AccountRow, dataKeyOf, findAccount, requireDataKey } from '../account.ts';
import { type Contact, contactOf } from '../contact.ts';
import type { Identifier } from '../identifier.ts';
import { consumeCode, createFlow, emitCodeRequested, findFlow, flowLifeSeconds, type OtpFlow, whyUntried } from '../otp-flow.ts';
import { lockIdentifier } from '../registration/verify-registration.ts';

/** How long the holder of the new contact has to give the code back (auth-api.md 2.1). */
export const proofSeconds = flowLifeSeconds.contact_change;

type Asked = { approvalId: string; account: AccountRow; contact: Contact; maySend: boolean };

/**
 * Sends a code to the contact that an approved change names, or, where somebody has it already, tells that owner and makes a flow
 * that no code opens. Both are rows of the same kind: nobody can tell them apart (auth-api.md 2.6, P1).
 */
export async function askForProof(scope: CommandScope, { approvalId, account, contact, maySend }: Asked): Promise<void> {
  const { keyring } = scope.deps;
  const owner = await findAccount(scope.tx, contact);
  const id = newId();
  const enc = keyring.encryptField(requireDataKey(keyring, account), placeOf(id), contact.value);
  await createFlow(scope, {
    id,
    purpose: 'contact_change',
    contact,
    subject: { type: 'approval', id: approvalId },
    isDecoy: owner !== null,
    locale: account.language,
    clientId: 'public',
    target: { enc, userId: account.id },
    data: { kind: contact.kind },
  });
  scope.touched(account.id);
  if (!maySend) return;
  if (owner) tellOwner(scope, owner.id, { flowId: id, channel: contact.channel });
  else emitCodeRequested(scope, { id, purpose: 'contact_change', channel: contact.channel, sendNo: 1 });
}

/** `already_have_account`, as for a registration with a taken contact. */
function tellOwner(scope: CommandScope, userId: string, flow: { flowId: string; channel: 'email' | 'sms' }): void {
  scope.emit({ name: 'identity.registration.duplicate_attempted', aggregateId: userId, payload: { userId, ...flow } });
}

export type Proven = { refused: ErrorCode } | { contact: Contact };

type Answer = { approvalId: string; account: AccountRow; flowId: string; code: string };

/**
 * Uses up the code of the new contact. Serialised with registrations of that contact: when one was faster the flow turns into a
 * decoy, so that the right code is as wrong as any (auth-api.md P1, P4).
 * @returns codes `otp_invalid`, `otp_expired`, `otp_exhausted`, `flow_expired` (also for a flow of another person)
 */
export async function proveContact(scope: CommandScope, { approvalId, account, flowId, code }: Answer): Promise<Proven> {
  const flow = await findFlow(scope.tx, flowId);
  const contact = flow?.subjectId === approvalId ? targetOf(scope.deps, account, flow) : null;
  if (!flow || !contact) return { refused: await whyNoProof(scope, flowId) };
  await lockIdentifier(scope, contact.bidx);
  await turnIntoDecoyIfTaken(scope, flow, contact);
  const consumed = await consumeCode(scope, flowId, 'contact_change', code);
  return consumed.isRight ? { contact } : { refused: consumed.refused };
}

/** What a code is told that belongs to no open change of the caller; it uses no try of whatever flow it names. */
export async function whyNoProof(scope: CommandScope, flowId: string): Promise<ErrorCode> {
  const flow = await findFlow(scope.tx, flowId);
  return flow && flow.purpose !== 'contact_change' ? whyUntried(scope, flowId, 'contact_change') : 'flow_expired';
}

async function turnIntoDecoyIfTaken(scope: CommandScope, flow: OtpFlow, contact: Contact): Promise<void> {
  const owner = flow.decoy ? null : await findAccount(scope.tx, contact);
  if (!owner) return;
  await scope.tx.otpFlow.updateMany({ where: { id: flow.id }, data: { decoy: true } });
  tellOwner(scope, owner.id, { flowId: flow.id, channel: contact.channel });
}

/** Ends the code of a change that will not happen. */
export async function endProof({ tx, now }: CommandScope, approvalId: string): Promise<void> {
  await tx.otpFlow.updateMany({
    where: { purpose: 'contact_change', subjectId: approvalId, consumedAt: null, supersededAt: null },
    data: { supersededAt: now },
  });
}

/** The flow that waits for the code of this change; null when none is open. */
export async function openProofOf(deps: Pick<CommandDeps, 'database' | 'clock'>, approvalId: string): Promise<{ flowId: string } | null> {
  const flow = await deps.database.prisma.otpFlow.findFirst({
    where: {
      purpose: 'contact_change',
      subjectId: approvalId,
      consumedAt: null,
      supersededAt: null,
      flowExpiresAt: { gt: deps.clock.now() },
    },
    orderBy: { createdAt: 'desc' },
    select: { id: true },
  });
  return flow && { flowId: flow.id };
}

const flowData = z.object({ kind: z.enum(['email', 'phone']), userId: z.uuid() });

/** Whose change a flow belongs to; null for flows of other purposes. */
export function changerOf(flow: Pick<OtpFlow, 'purpose' | 'data'>): string | null {
  const parsed = flowData.safeParse(flow.data);
  return flow.purpose === 'contact_change' && parsed.success ? parsed.data.userId : null;
}

/** The contact a flow was made for, with everything derived from it; null once the person is erased. */
export function targetOf(
  deps: Pick<CommandDeps, 'keyring'>,
  account: Pick<AccountRow, 'id' | 'wrappedKey' | 'kekKid'>,
  flow: Pick<OtpFlow, 'id' | 'purpose' | 'data' | 'targetEnc'>,
): Contact | null {
  const data = flowData.safeParse(flow.data);
  const dataKey = dataKeyOf(deps.keyring, account);
  if (!data.success || data.data.userId !== account.id || !flow.targetEnc || !dataKey) return null;
  const identifier: Identifier = { kind: data.data.kind, value: deps.keyring.decryptField(dataKey, placeOf(flow.id), flow.targetEnc) };
  return contactOf(deps, identifier);
}

const placeOf = (flowId: string) => `otp_flow.target_enc:${flowId}`;
