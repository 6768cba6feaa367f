import type { CommandScope } from '../../../foundation/command/command.ts';
import { type AccountRow, findAccount, lockAccount, requireContact } from '../account.ts';
import { contactOf } from '../contact.ts';
import { endMfaTrust } from '../known-device.ts';
import { lockIdentifier } from '../registration/verify-registration.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { redeemSingleUse } from '../single-use.ts';
import { type FormerContact, findFormerContact, keepFormerContact, openFormerContact } from './former-contact.ts';
import { holdPayouts } from './reset-mfa.ts';
import { setContact } from './set-contact.ts';

/** Whoever changed the contact against the holder's will is not paid out meanwhile (F107). */
const holdSeconds = 72 * 3600;

/** `isRestored` is false where the old contact belongs to another account by now: then only the sessions ended. */
export type Restored = { userId: string; approvalId: string; isRestored: boolean };

/**
 * Takes a contact change back, once, with the token of the message to the old contact: the old contact is the account's only one
 * again, every session ends, payouts are held, and tokens of changes that came after this one open nothing. Null for an unknown,
 * used or over-age token.
 */
export async function restoreContact(scope: CommandScope, token: string): Promise<Restored | null> {
  const row = await findFormerContact(scope.tx, token);
  const account = row?.userId ? await lockAccount(scope.tx, { userId: row.userId }) : null;
  if (!row || !account || account.status === 'erased') return null;
  const userId = account.id;
  const redeemed = await redeemSingleUse(scope, { kind: 'contact_undo', token, clientId: null, userId });
  const former = redeemed && (await openFormerContact(scope.deps, scope.tx, { userId, payload: redeemed.payload }));
  if (!former) return null;
  await voidLaterTokens(scope, userId, row);
  await holdPayouts(scope, userId, holdSeconds);
  const isRestored = await putBack(scope, account, former);
  if (!isRestored) await endEverySession(scope, userId);
  return { userId, approvalId: former.approvalId, isRestored };
}

async function putBack(scope: CommandScope, account: AccountRow, former: FormerContact): Promise<boolean> {
  const contact = contactOf(scope.deps, former.contact);
  await lockIdentifier(scope, contact.bidx);
  const holder = await findAccount(scope.tx, contact);
  if (holder && holder.id !== account.id) return false;
  const { approvalId, userId, authMethod } = former;
  const left = { approvalId, userId, contact: requireContact(scope.deps.keyring, account), authMethod: account.authMethod };
  await keepFormerContact(scope, { former: left, leftBy: 'undo' });
  await setContact(scope, { account, contact, authMethod });
  scope.emit({
    name: 'identity.contact.undone',
    aggregateId: userId,
    payload: { userId, oldMethod: account.authMethod, newMethod: authMethod, approvalId },
  });
  return true;
}

async function endEverySession(scope: CommandScope, userId: string): Promise<void> {
  await endSessions(scope, { userId, reason: 'credentials_changed' });
  await endMfaTrust(scope, userId);
  scope.touched(userId);
}

/** Somebody who changed the contact twice holds the token of the second change: it must not bring theirs back. */
async function voidLaterTokens(
  { tx, now }: CommandScope,
  userId: string,
  { id, createdAt }: { id: string; createdAt: Date },
): Promise<void> {
  await tx.singleUse.updateMany({
    where: { kind: 'contact_undo', userId, consumedAt: null, OR: [{ createdAt: { gt: createdAt } }, { createdAt, id: { gt: id } }] },
    data: { consumedAt: now },
  });
}
