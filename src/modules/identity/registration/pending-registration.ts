import type { PendingRegistration } from '@prisma/client';
import { z } from 'zod';
import type { CommandDeps, CommandScope } from '../../../foundation/command/command.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { bytesOf } from '../bytes.ts';
import { type Contact, contactOf } from '../contact.ts';

export type { PendingRegistration };

export type NewPending = {
  flowId: string;
  kind: 'client' | 'vendor';
  contact: Contact;
  passwordHash: string;
  firstName: string | null;
  lastName: string | null;
  countryCode: string | null;
  locale: string;
  termsVersion: string | null;
  isMarketingGranted: boolean | null;
  clientId: string;
  /** Owner of a taken identifier: the row is a decoy and can never become an account. */
  ownerUserId: string | null;
};

const boxOf = (column: string, id: string) => `pending_registration.${column}:${id}`;

/** Writes the claim outside the users table, names and identifier under a key of the row (auth-api.md P3). Returns its id. */
export async function insertPending(scope: CommandScope, pending: NewPending): Promise<string> {
  const { keyring, config } = scope.deps;
  const id = newId();
  const key = keyring.newDataKey();
  const seal = (column: string, clear: string) => bytesOf(keyring.encryptField(key.dataKey, boxOf(column, id), clear));
  await scope.tx.pendingRegistration.createMany({
    data: {
      id,
      createdAt: scope.now,
      flowId: pending.flowId,
      kind: pending.kind,
      authMethod: pending.contact.kind,
      identifierEnc: seal('identifier_enc', pending.contact.value),
      identifierBidx: bytesOf(pending.contact.bidx),
      identifierMasked: pending.contact.masked,
      wrappedRowKey: bytesOf(key.wrappedKey),
      kekKid: key.kekKid,
      passwordHash: pending.passwordHash,
      firstNameEnc: pending.firstName ? seal('first_name_enc', pending.firstName) : null,
      lastNameEnc: pending.lastName ? seal('last_name_enc', pending.lastName) : null,
      countryCode: pending.countryCode,
      locale: pending.locale,
      consent: { marketing: pending.isMarketingGranted },
      marketingConsent: pending.isMarketingGranted === true,
      termsVersion: pending.termsVersion,
      clientId: pending.clientId,
      decoy: pending.ownerUserId !== null,
      ownerUserId: pending.ownerUserId,
      expiresAt: addSeconds(scope.now, config.registrationTtlSeconds),
    },
  });
  return id;
}

export type OpenedPending = { contact: Contact; firstName: string | null; lastName: string | null; isMarketingGranted: boolean | null };

/** The claim in clear, for the one transaction that makes it an account, and for the message with its code. */
export function openPending(deps: Pick<CommandDeps, 'keyring'>, pending: PendingRegistration): OpenedPending | null {
  const { keyring } = deps;
  if (!pending.wrappedRowKey || !pending.kekKid || !pending.identifierEnc) return null;
  const key = keyring.unwrapDataKey(pending.wrappedRowKey, pending.kekKid);
  const open = (column: string, box: Uint8Array) => keyring.decryptField(key, boxOf(column, pending.id), box);
  return {
    contact: contactOf(deps, { kind: pending.authMethod, value: open('identifier_enc', pending.identifierEnc) }),
    firstName: pending.firstNameEnc && open('first_name_enc', pending.firstNameEnc),
    lastName: pending.lastNameEnc && open('last_name_enc', pending.lastNameEnc),
    isMarketingGranted: consentShape.parse(pending.consent).marketing,
  };
}

const consentShape = z.object({ marketing: z.boolean().nullable() });

/**
 * Every claim on the identifier is gone, the winning one too: the other flows answer 410, their passwords open nothing (P3),
 * and names and contact stay only where the account keeps them.
 */
export async function dropPendings(scope: CommandScope, identifierBidx: Uint8Array): Promise<void> {
  await scope.tx.pendingRegistration.deleteMany({ where: { identifierBidx: bytesOf(identifierBidx) } });
}
