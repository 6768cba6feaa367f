import type { CommandScope } from '../../../foundation/command/command.ts';
import { type AccountRow, requireDataKey, userField } from '../account.ts';
import { bytesOf } from '../bytes.ts';
import type { Contact } from '../contact.ts';
import { endMfaTrust } from '../known-device.ts';
import { supersedeFlows } from '../otp-flow.ts';
import { endChallenges } from '../recovery/new-password.ts';
import { dropPendings } from '../registration/pending-registration.ts';
import { endSessions } from '../sessions/end-sessions.ts';

type NewContact = {
  account: AccountRow;
  contact: Pick<Contact, 'kind' | 'value' | 'bidx' | 'masked'>;
  authMethod: AccountRow['authMethod'];
};

/**
 * The only place where the identifier of a living account changes (F37): a trigger refuses it to every transaction that did not
 * say so. Exactly one of email and phone is set afterwards; every session and the trust of every device end, and so does every
 * open code of the account and every claim of others on the contact. The caller holds lockIdentifier() and knows that it is free.
 */
export async function setContact(scope: CommandScope, { account, contact, authMethod }: NewContact): Promise<void> {
  const { tx, deps, now } = scope;
  const userId = account.id;
  const dataKey = requireDataKey(deps.keyring, account);
  const place = userField(contact.kind === 'email' ? 'email_enc' : 'phone_enc', userId);
  const enc = bytesOf(deps.keyring.encryptField(dataKey, place, contact.value));
  const bidx = bytesOf(contact.bidx);
  const nothing = { emailEnc: null, emailBidx: null, emailMasked: null, phoneEnc: null, phoneBidx: null, phoneMasked: null };
  const own =
    contact.kind === 'email'
      ? { emailEnc: enc, emailBidx: bidx, emailMasked: contact.masked }
      : { phoneEnc: enc, phoneBidx: bidx, phoneMasked: contact.masked };
  await allowIdentifierChange(scope, 'on');
  await tx.user.updateMany({
    where: { id: userId },
    data: { ...nothing, ...own, authMethod, identifierVerifiedAt: now, verifiedHow: 'otp', version: { increment: 1 } },
  });
  await allowIdentifierChange(scope, 'off');
  await endOpenFlows(scope, userId);
  await dropPendings(scope, contact.bidx);
  await supersedeFlows(scope, 'register', contact.bidx);
  await endSessions(scope, { userId, reason: 'credentials_changed' });
  await endMfaTrust(scope, userId);
  await endChallenges(scope, userId);
  scope.touched(userId);
}

/** For this transaction only; the trigger identity_change reads it. */
async function allowIdentifierChange({ tx }: CommandScope, value: 'on' | 'off'): Promise<void> {
  await tx.$queryRaw`SELECT set_config('fashionistar.identifier_change', ${value}, true)`;
}

/** Codes that went to the old contact, and reset tokens that they were exchanged for, open nothing any more. */
async function endOpenFlows({ tx, now }: CommandScope, userId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE identity.otp_flow
       SET superseded_at = ${now}::timestamptz, updated_at = ${now}::timestamptz, grant_hash = NULL, grant_expires_at = NULL
     WHERE subject_type = 'user' AND subject_id = ${userId}::uuid AND superseded_at IS NULL`;
}
