import type { CommandScope } from '../../../foundation/command/command.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import type { AccountRow } from '../account.ts';
import type { Contact } from '../contact.ts';
import { createFlow } from '../otp-flow.ts';
import { lockIdentifier } from '../registration/verify-registration.ts';
import type { Pending } from '../sign-in-shapes.ts';
import { supersedeResets } from './reset-token.ts';

export type ResetRequest = {
  contact: Contact;
  /** Null where nobody may reset under this contact: the same work is done for nobody. */
  owner: AccountRow | null;
  locale: string;
  clientId: string;
  /** False over the caps of the target: nothing goes out, so what went out before stays good. */
  maySend: boolean;
};

/**
 * Opens a reset, whoever asks: earlier links, codes and grants of the contact die, and one event asks the worker for the
 * message. An account without a password gets a decoy and is told to use Google. Over the caps the flow is a decoy too: its
 * code would reach nobody, and could only be guessed.
 */
export async function openReset(scope: CommandScope, request: ResetRequest): Promise<Pending & { isGoogleHint: boolean }> {
  const { contact, owner, maySend } = request;
  // Two parallel requests would not see each other's flow, and both links would live.
  await lockIdentifier(scope, contact.bidx);
  if (maySend) await supersedeResets(scope, { targetBidx: contact.bidx });
  const isGoogleHint = owner !== null && owner.passwordHash === null;
  const flowId = newId();
  const pending = await createFlow(scope, {
    id: flowId,
    purpose: 'reset',
    contact,
    subject: owner && !isGoogleHint && maySend ? { type: 'user', id: owner.id } : null,
    locale: request.locale,
    clientId: request.clientId,
  });
  if (maySend) {
    scope.emit({
      name: 'identity.password.reset_requested',
      aggregateId: owner?.id ?? flowId,
      payload: { flowId, channel: contact.channel, sendNo: 1, googleUserId: isGoogleHint ? owner.id : null },
    });
  }
  if (owner) scope.touched(owner.id);
  return { ...pending, isGoogleHint };
}
