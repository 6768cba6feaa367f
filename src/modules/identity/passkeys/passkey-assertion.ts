import type { CommandDeps, CommandScope } from '../../../foundation/command/command.ts';
import { bytesOf } from '../bytes.ts';
import { passed, type RuleStep, refused } from '../history/rule-trace.ts';
import type { AssertionResponse } from './response-shapes.ts';
import { isHandleOf } from './user-handle.ts';
import { type Assertion, credentialIdOf, type Party, verifyAssertion } from './verify-response.ts';

/** An answer looked at outside the transaction. `userId` is the owner of the passkey it names, also where it is wrong. */
export type CheckedAssertion =
  | { isRight: false; userId: string | null }
  | ({ isRight: true; userId: string; passkeyId: string } & Assertion);

export type AssertionCheck = {
  /** What had to be signed. */
  challenge: string;
  response: AssertionResponse;
  /** Whose passkey it has to be. Null where the answer itself says who signs in: then it must name the owner (WebAuthn L3 7.2 step 6). */
  ownerId: string | null;
  /** The storefront unless said otherwise. */
  party?: Party;
};

/** Finds the passkey that an answer names and verifies the answer with its key; writes nothing. */
export async function checkAssertion(deps: CommandDeps, given: AssertionCheck): Promise<CheckedAssertion> {
  const credentialId = credentialIdOf(given.response.id);
  const passkey = credentialId && (await deps.database.prisma.passkey.findUnique({ where: { credentialId: bytesOf(credentialId) } }));
  if (!credentialId || !passkey) return { isRight: false, userId: null };
  const { id, userId, publicKey } = passkey;
  if (!isOwners(given, userId)) return { isRight: false, userId };
  const { challenge, response } = given;
  const assertion = await verifyAssertion(given.party ?? deps.config, { challenge, response, credentialId, publicKey });
  // Whether a key may be backed up never changes (WebAuthn L3 section 7.2 step 19).
  if (!assertion || assertion.isBackupEligible !== passkey.backupEligible) return { isRight: false, userId };
  return { isRight: true, userId, passkeyId: id, ...assertion };
}

function isOwners({ ownerId, response }: AssertionCheck, userId: string): boolean {
  const handle = response.response.userHandle;
  if (ownerId === null) return typeof handle === 'string' && isHandleOf(userId, handle);
  return ownerId === userId && (typeof handle !== 'string' || isHandleOf(userId, handle));
}

export type Accepted = { isAccepted: boolean; trace: readonly RuleStep[] };

/**
 * Notes the use of a passkey. One conditional UPDATE compares the counter and moves it: of two copies of a device-bound key that
 * answer with one count, one is refused. A lower or zero counter of a key that is backed up is accepted, with an event, since
 * copies of such a key do not share a counter (auth-api.md U31).
 */
export async function acceptAssertion(scope: CommandScope, checked: CheckedAssertion & { isRight: true }): Promise<Accepted> {
  const { passkeyId, userId, signCount, isBackedUp } = checked;
  const [used] = await scope.tx.$queryRaw<{ before: bigint }[]>`
    UPDATE identity.passkey
       SET sign_count = ${signCount}::bigint, backup_state = ${isBackedUp}::boolean, last_used_at = ${scope.now}::timestamptz,
           updated_at = ${scope.now}::timestamptz
     WHERE id = ${passkeyId}::uuid AND user_id = ${userId}::uuid
       AND (${isBackedUp}::boolean OR ${signCount}::bigint > sign_count OR (${signCount}::bigint = 0 AND sign_count = 0))
    RETURNING old.sign_count AS before`;
  if (!used) return { isAccepted: false, trace: [passed('passkey'), refused('passkey_counter')] };
  scope.touched(passkeyId);
  if (used.before === 0n || BigInt(signCount) > used.before) return { isAccepted: true, trace: [passed('passkey')] };
  scope.note('the counter of a backed-up passkey fell');
  scope.emit({ name: 'identity.passkey.counter_fell', aggregateId: userId, payload: { userId, passkeyId } });
  return { isAccepted: true, trace: [passed('passkey'), passed('passkey_counter')] };
}
