import type { ExternalIdentity } from '@prisma/client';
import type { CommandDeps, CommandScope } from '../../../foundation/command/command.ts';
import { maskEmailForOwner } from '../../../foundation/crypto/mask.ts';
import type { Tx } from '../../../foundation/runtime/database.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { type AccountRow, requireDataKey } from '../account.ts';
import { bytesOf } from '../bytes.ts';
import type { Contact } from '../contact.ts';
import { lockIdentifier } from '../registration/verify-registration.ts';
import type { ProviderName, ProviderSubject } from './provider.ts';

/** An identity as its owner sees it; `email` is the address at linking, masked. */
export type IdentityView = { id: string; provider: ProviderName; email: string; linkedAt: Date; lastUsedAt: Date | null };

type BoxColumn = 'subject_enc' | 'email_at_link_enc';
const boxOf = (column: BoxColumn, id: string) => `external_identity.${column}:${id}`;

/** Blind index of the account key (`iss`, `sub`): both in it, so that one person at two issuers has two values. */
export function subjectIndexOf(deps: Pick<CommandDeps, 'keyring'>, { issuer, subject }: ProviderSubject): Uint8Array<ArrayBuffer> {
  return bytesOf(deps.keyring.blindIndex('subject', `${issuer}|${subject}`));
}

/** Whose identity this is; null when nobody's. */
export function findIdentity(
  deps: Pick<CommandDeps, 'keyring'>,
  reader: Pick<Tx, 'externalIdentity'>,
  key: ProviderSubject,
): Promise<ExternalIdentity | null> {
  const subjectBidx = subjectIndexOf(deps, key);
  return reader.externalIdentity.findUnique({ where: { issuer_subjectBidx: { issuer: key.issuer, subjectBidx } } });
}

/** Serialises the sign-ups of one identity, which no row stands for yet. Before lockIdentifier() of an address, never after. */
export function lockSubject(scope: CommandScope, key: ProviderSubject): Promise<void> {
  return lockIdentifier(scope, subjectIndexOf(scope.deps, key));
}

export type NewIdentity = ProviderSubject & { email: Pick<Contact, 'value' | 'masked'> };

/**
 * Links the identity to the account, whose row is locked or new.
 * @returns null when another account was faster: no two people hold one identity
 */
export async function insertIdentity(
  scope: CommandScope,
  account: Pick<AccountRow, 'id' | 'wrappedKey' | 'kekKid'>,
  identity: NewIdentity,
): Promise<IdentityView | null> {
  const { keyring } = scope.deps;
  const id = newId();
  const dataKey = requireDataKey(keyring, account);
  const seal = (column: BoxColumn, clear: string) => bytesOf(keyring.encryptField(dataKey, boxOf(column, id), clear));
  const { count } = await scope.tx.externalIdentity.createMany({
    data: {
      id,
      createdAt: scope.now,
      userId: account.id,
      provider: identity.provider,
      issuer: identity.issuer,
      subjectBidx: subjectIndexOf(scope.deps, identity),
      subjectEnc: seal('subject_enc', identity.subject),
      emailAtLinkEnc: seal('email_at_link_enc', identity.email.value),
      emailAtLinkMasked: identity.email.masked,
      lastUsedAt: scope.now,
    },
    skipDuplicates: true,
  });
  if (count === 0) return null;
  scope.touched(account.id, id);
  const email = maskEmailForOwner(identity.email.value);
  return { id, provider: identity.provider, email, linkedAt: scope.now, lastUsedAt: scope.now };
}

/** Queues what follows a link or its end: the notice to the owner and the event of the account. */
export function announceIdentity(scope: CommandScope, change: 'linked' | 'unlinked', of: { userId: string; provider: ProviderName }): void {
  scope.emit({ name: `identity.identity.${change}`, aggregateId: of.userId, payload: { userId: of.userId, provider: of.provider } });
}

export function identityView(
  keyring: CommandDeps['keyring'],
  account: Pick<AccountRow, 'wrappedKey' | 'kekKid'>,
  row: ExternalIdentity,
): IdentityView {
  const email = keyring.decryptField(requireDataKey(keyring, account), boxOf('email_at_link_enc', row.id), row.emailAtLinkEnc);
  return { id: row.id, provider: row.provider, email: maskEmailForOwner(email), linkedAt: row.createdAt, lastUsedAt: row.lastUsedAt };
}
