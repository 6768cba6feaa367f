import type { SingleUse } from '@prisma/client';
import { z } from 'zod';
import type { CommandDeps, CommandScope } from '../../../foundation/command/command.ts';
import { sha256 } from '../../../foundation/crypto/digest.ts';
import type { Keyring } from '../../../foundation/crypto/keyring.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { Tx } from '../../../foundation/runtime/database.ts';
import type { AccountRow, ClearContact } from '../account.ts';
import { bytesOf } from '../bytes.ts';
import { personBox } from '../person-box.ts';
import { issueSingleUse } from '../single-use.ts';

/** How long the holder of the old contact may take a change back (product.md 4.7). */
export const undoSeconds = 72 * 3600;

/** Which change took the contact away: the approved one, or its undoing. */
export type LeftBy = 'change' | 'undo';

const kept = z.object({
  approvalId: z.uuid(),
  kind: z.enum(['email', 'phone']),
  authMethod: z.enum(['email', 'phone', 'google']),
  /** The contact under the person's data key, base64. */
  box: z.base64(),
});

export type FormerContact = { approvalId: string; userId: string; contact: ClearContact; authMethod: AccountRow['authMethod'] };

/**
 * The fragment value of an undo link. Derived, so that nothing of it is stored or queued and a repeated message carries the same;
 * the one for an undone change only names where the contact lies and is sent to nobody.
 */
export function formerContactToken(keyring: Keyring, approvalId: string, leftBy: LeftBy): string {
  return keyring.keyedHash(`contact-left-by-${leftBy}`, approvalId).toString('base64url');
}

/**
 * Keeps the contact that an account is about to lose for 72 hours, so that its holder can be told and, after a change, take it
 * back. Twice sealed: under the person's data key, so that erasure shreds it, and under the token.
 * @throws AppError 404 `not_found` for an erased person
 */
export async function keepFormerContact(scope: CommandScope, { former, leftBy }: { former: FormerContact; leftBy: LeftBy }): Promise<void> {
  const { approvalId, userId, contact, authMethod } = former;
  const person = (await personBox(scope.deps, scope.tx, userId)) ?? fail('not_found');
  const box = person.seal(placeOf(approvalId), contact.value).toString('base64');
  await issueSingleUse(scope, {
    kind: 'contact_undo',
    clientId: null,
    userId,
    lifeSeconds: undoSeconds,
    payload: { approvalId, kind: contact.kind, authMethod, box } satisfies z.infer<typeof kept>,
    token: formerContactToken(scope.deps.keyring, approvalId, leftBy),
  });
}

/** The row behind a token; null for unknown values. Finding it uses nothing up. */
export function findFormerContact(reader: Pick<Tx, 'singleUse'>, token: string): Promise<SingleUse | null> {
  const tokenHash = bytesOf(sha256(token));
  return reader.singleUse.findUnique({ where: { kind_tokenHash: { kind: 'contact_undo', tokenHash } } });
}

/** What a redeemed or found row holds; null once the person is erased. */
export async function openFormerContact(
  deps: Pick<CommandDeps, 'keyring'>,
  reader: Pick<Tx, 'userKey'>,
  { userId, payload }: { userId: string; payload: unknown },
): Promise<FormerContact | null> {
  const parsed = kept.safeParse(payload);
  const person = parsed.success ? await personBox(deps, reader, userId) : null;
  if (!parsed.success || !person) return null;
  const { approvalId, kind, authMethod, box } = parsed.data;
  const value = person.open(placeOf(approvalId), Buffer.from(box, 'base64'));
  return { approvalId, userId, contact: { kind, value }, authMethod };
}

/** The contact that an account lost by this change, for the message to its holder; null when its 72 hours are over. */
export async function formerContactOf(
  deps: Pick<CommandDeps, 'keyring' | 'database' | 'clock'>,
  { approvalId, leftBy }: { approvalId: string; leftBy: LeftBy },
): Promise<FormerContact | null> {
  const { prisma } = deps.database;
  const token = formerContactToken(deps.keyring, approvalId, leftBy);
  const row = await findFormerContact(prisma, token);
  if (!row?.box || !row.userId || row.expiresAt <= deps.clock.now()) return null;
  const opened = deps.keyring.openWith(token, row.box);
  return opened === null ? null : openFormerContact(deps, prisma, { userId: row.userId, payload: JSON.parse(opened) });
}

/** Deletes old contacts whose 72 hours are over. @returns how many */
export async function forgetFormerContacts({ tx, now }: CommandScope): Promise<number> {
  const { count } = await tx.singleUse.deleteMany({ where: { kind: 'contact_undo', expiresAt: { lte: now } } });
  return count;
}

const placeOf = (approvalId: string) => `single_use.former_contact:${approvalId}`;
