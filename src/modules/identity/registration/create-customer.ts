import type { CommandScope } from '../../../foundation/command/command.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { userField } from '../account.ts';
import { bytesOf } from '../bytes.ts';
import type { Contact } from '../contact.ts';

export type NewCustomer = {
  kind: 'client' | 'vendor';
  authMethod: 'email' | 'phone' | 'google';
  contact: Contact;
  verifiedHow: 'otp' | 'google' | 'manual';
  passwordHash: string | null;
  firstName: string | null;
  lastName: string | null;
  countryCode: string | null;
  locale: string;
  termsVersion: string | null;
  isMarketingGranted: boolean | null;
  referredById?: string;
};

/**
 * User, data key, credential, client or vendor row and consents, in the caller's transaction. Refuses nothing: a taken
 * identifier breaks on its unique index, so the caller serialises by identifier first. Queues `identity.user.registered`.
 */
export async function createCustomer(scope: CommandScope, customer: NewCustomer): Promise<string> {
  const id = newId();
  await insertPerson(scope, id, customer);
  await scope.tx.credential.createMany({
    data: { id: newId(), createdAt: scope.now, userId: id, passwordHash: customer.passwordHash, changedAt: scope.now },
  });
  if (customer.kind === 'client') await insertClient(scope, id, customer);
  else await insertVendor(scope, id, customer.countryCode);
  await insertConsents(scope, id, customer);
  scope.touched(id);
  scope.emit({
    name: 'identity.user.registered',
    aggregateId: id,
    payload: { userId: id, kind: customer.kind, authMethod: customer.authMethod },
  });
  return id;
}

async function insertPerson(scope: CommandScope, id: string, customer: NewCustomer): Promise<void> {
  const { keyring } = scope.deps;
  const { contact, firstName, lastName } = customer;
  const key = keyring.newDataKey();
  const column = contact.kind === 'email' ? 'email_enc' : 'phone_enc';
  const enc = bytesOf(keyring.encryptField(key.dataKey, userField(column, id), contact.value));
  const bidx = bytesOf(contact.bidx);
  await scope.tx.user.createMany({
    data: {
      id,
      createdAt: scope.now,
      kind: customer.kind,
      authMethod: customer.authMethod,
      ...(contact.kind === 'email'
        ? { emailEnc: enc, emailBidx: bidx, emailMasked: contact.masked }
        : { phoneEnc: enc, phoneBidx: bidx, phoneMasked: contact.masked }),
      identifierVerifiedAt: scope.now,
      verifiedHow: customer.verifiedHow,
      firstName,
      lastName,
      displayName: displayNameOf(firstName, lastName),
      countryCode: customer.countryCode,
      language: customer.locale,
      ...(customer.referredById ? { referredById: customer.referredById } : {}),
    },
  });
  await scope.tx.userKey.createMany({
    data: { userId: id, wrappedKey: bytesOf(key.wrappedKey), kekKid: key.kekKid, createdAt: scope.now },
  });
}

export function displayNameOf(firstName: string | null, lastName: string | null): string | null {
  return [firstName, lastName].filter(Boolean).join(' ') || null;
}

async function insertClient(scope: CommandScope, userId: string, customer: NewCustomer): Promise<void> {
  const isPhone = customer.contact.kind === 'phone';
  await scope.tx.client.createMany({
    data: { id: newId(), createdAt: scope.now, userId, emailNotifications: !isPhone, smsNotifications: isPhone, lastActiveAt: scope.now },
  });
}

async function insertVendor(scope: CommandScope, userId: string, countryCode: string | null): Promise<void> {
  const vendorId = newId();
  await scope.tx.vendor.createMany({ data: { id: vendorId, createdAt: scope.now, userId, countryCode } });
  await scope.tx.vendorSetup.createMany({ data: { id: newId(), createdAt: scope.now, vendorId } });
  await scope.tx.vendorSettings.createMany({ data: { id: newId(), createdAt: scope.now, vendorId } });
}

async function insertConsents(scope: CommandScope, userId: string, customer: NewCustomer): Promise<void> {
  const base = { userId, ip: scope.context.ip, userAgent: scope.context.userAgent?.slice(0, 400) ?? null, at: scope.now };
  const marketing = customer.contact.kind === 'email' ? 'marketing_email' : 'marketing_sms';
  const { termsVersion, isMarketingGranted } = customer;
  const rows = [
    ...(termsVersion ? [{ ...base, id: newId(), purpose: 'terms' as const, textVersion: termsVersion, granted: true }] : []),
    ...(isMarketingGranted === null
      ? []
      : [{ ...base, id: newId(), purpose: marketing, textVersion: scope.deps.config.termsVersion, granted: isMarketingGranted } as const]),
  ];
  if (rows.length > 0) await scope.tx.consent.createMany({ data: rows });
}
