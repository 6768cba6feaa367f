import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { voidCodesWithoutFactor } from '../factors/recovery-codes.ts';
import { endMfaTrust } from '../known-device.ts';
import { isLastCredential } from '../passkeys/last-credential.ts';
import { requireTwoPeople } from '../staff/two-people.ts';
import type { ApprovalSubject } from './subject.ts';

/** The passkey that a request names, for words on a screen; null where the person has no such passkey (any more). */
export async function passkeyOf(
  { tx }: { tx: Pick<CommandScope['tx'], 'passkey'> },
  { userId, passkeyId }: { userId: string; passkeyId: string },
): Promise<{ name: string; createdAt: Date } | null> {
  return tx.passkey.findFirst({ where: { id: passkeyId, userId }, select: { name: true, createdAt: true } });
}

/**
 * Removes one passkey of a customer, such as of a lost device. With the last factor its recovery codes are void; the trust of all
 * devices ends and the person is told. Nothing is written before it is clear that both people may.
 * @throws AppError 403 `four_eyes`, `forbidden`, 404 `not_found`, 409 `last_credential`, `transition_not_allowed`
 */
export async function removePasskeyByTwo(
  scope: CommandScope,
  { account, facts }: ApprovalSubject,
  { passkeyId, ...people }: { passkeyId: string; requestedBy: string; approvedBy: string },
): Promise<void> {
  const userId = account.id;
  await requireTwoPeople(scope, { permission: 'user.remove_passkey', userId, subject: facts, ...people });
  if (account.status !== 'active' && account.status !== 'suspended') fail('transition_not_allowed');
  if (!(await passkeyOf(scope, { userId, passkeyId }))) fail('not_found');
  if (isLastCredential(account, 'passkey')) fail('last_credential');
  // The account is locked: nobody else removes it, or the other credentials, meanwhile.
  await scope.tx.passkey.deleteMany({ where: { id: passkeyId, userId } });
  await voidCodesWithoutFactor(scope, { ...account, passkeys: account.passkeys - 1 });
  await endMfaTrust(scope, userId);
  scope.touched(userId, passkeyId);
  scope.emit({ name: 'identity.passkey.removed', aggregateId: userId, payload: { userId, passkeyId } });
}
