import { subjectAccessRows } from '../../../audit/index.ts';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { readAccount } from '../account.queries.ts';
import { dataKeyOf, findAccount } from '../account.ts';
import { bankBox } from '../bank-accounts/bank-details.ts';
import { filesOf } from '../files/private-file.queries.ts';
import { fullPlaceName } from '../history/place.ts';
import { clientView } from '../profiles/client-view.ts';
import { readVendorProfile } from '../profiles/profile.queries.ts';
import { taxIdBox } from '../profiles/vendor-view.ts';
import { listConsents } from './consents.ts';
import { allSecurityEvents, type SecurityEvent } from './security-events.queries.ts';

/**
 * Of what strangers can make grow without end (tries to sign in as the person) the newest so many are in the file: the rest is more of
 * the same, and must not be able to keep the file from being made.
 */
const mostAttempts = 10_000;

/**
 * Everything this module holds about a person, for that person (GDPR articles 15 and 20, NDPA section 34): in clear what is
 * theirs, without a hash, a secret, an internal score or anybody else's data. The caller has checked that it is they who ask.
 */
export async function personalDataOf(deps: CommandDeps, userId: string) {
  const { email, phone, ...profile } = await readAccount(deps, userId);
  return {
    identifiers: { id: profile.id, memberId: profile.memberId, email, phone },
    profile,
    sessions: await sessionsOf(deps, userId),
    devices: await devicesOf(deps, userId),
    identities: await identitiesOf(deps, userId),
    passkeys: await passkeysOf(deps, userId),
    signIns: await signInsOf(deps, userId),
    events: await eventsOf(deps, userId),
    history: await historyOf(deps, userId),
    consents: await listConsents(deps, userId),
    files: await filesOf(deps.database.prisma, userId),
    ...(profile.role === 'client' ? { client: await clientOf(deps, userId) } : { vendor: await vendorOf(deps, userId) }),
  };
}

async function eventsOf(deps: CommandDeps, userId: string) {
  const events: SecurityEvent[] = [];
  for await (const event of allSecurityEvents(deps, userId)) {
    if (events.length === mostAttempts) break;
    events.push(event);
  }
  return events;
}

/** Ended ones too; never a token. */
async function sessionsOf({ database }: CommandDeps, userId: string) {
  const rows = await database.prisma.session.findMany({ where: { userId }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] });
  return rows.map((row) => ({
    id: row.id,
    clientId: row.clientId,
    deviceLabel: row.deviceName,
    browser: row.browser,
    os: row.os,
    ip: row.ip,
    lastIp: row.lastIp,
    place: fullPlaceName({ country: row.countryCode, city: row.city }),
    acr: row.acr,
    amr: row.amr,
    createdAt: row.createdAt,
    lastSeenAt: row.lastUsedAt,
    expiresAt: row.absoluteExpiresAt,
    endedAt: row.revokedAt,
    endedBecause: row.revokedReason,
  }));
}

async function devicesOf({ database }: CommandDeps, userId: string) {
  const rows = await database.prisma.knownDevice.findMany({ where: { userId }, orderBy: { firstSeenAt: 'desc' } });
  return rows.map(({ firstSeenAt, lastSeenAt }) => ({ firstSeenAt, lastSeenAt }));
}

async function identitiesOf({ database }: CommandDeps, userId: string) {
  const rows = await database.prisma.externalIdentity.findMany({ where: { userId }, orderBy: { createdAt: 'desc' } });
  return rows.map((row) => ({ provider: row.provider, email: row.emailAtLinkMasked, linkedAt: row.createdAt, lastUsedAt: row.lastUsedAt }));
}

async function passkeysOf({ database }: CommandDeps, userId: string) {
  const rows = await database.prisma.passkey.findMany({ where: { userId }, orderBy: { createdAt: 'desc' } });
  return rows.map(({ name, createdAt, lastUsedAt }) => ({ name, createdAt, lastUsedAt }));
}

/** Attempts of 13 months, newest first, with where they came from. */
async function signInsOf({ database }: CommandDeps, userId: string) {
  const rows = await database.prisma.loginEvent.findMany({
    where: { userId },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: mostAttempts,
  });
  return rows.map((row) => ({
    at: row.at,
    method: row.method,
    outcome: row.outcome,
    ip: row.ip,
    place: fullPlaceName({ country: row.countryCode, city: row.city }),
    deviceLabel: row.deviceName,
    isNewDevice: row.isNewDevice,
  }));
}

/** What was done to the person's records, and by whom: staff by their role only. The values are in the records above. */
async function historyOf(deps: CommandDeps, userId: string) {
  const history: { at: string; by: string; what: string; outcome: string | null }[] = [];
  for await (const { at, by, what, outcome } of subjectAccessRows(deps, userId)) {
    if (history.length === mostAttempts) break;
    history.push({ at, by, what, outcome });
  }
  return history;
}

async function clientOf({ database, keyring }: CommandDeps, userId: string) {
  const account = await findAccount(database.prisma, { userId });
  const client = await database.prisma.client.findUnique({ where: { userId }, include: { addresses: true } });
  const dataKey = account && dataKeyOf(keyring, account);
  if (!account || !client || !dataKey) return null;
  return {
    ...clientView(keyring, account, client),
    addresses: client.addresses.map((row) => {
      const open = (column: string, box: Uint8Array | null) =>
        box && keyring.decryptField(dataKey, `client_address.${column}:${row.id}`, box);
      return {
        label: row.label,
        fullName: open('full_name_enc', row.fullNameEnc),
        phone: open('phone_enc', row.phoneEnc),
        street: open('street_enc', row.streetEnc),
        city: row.city,
        state: row.state,
        countryCode: row.countryCode,
        postalCode: row.postalCode,
        isDefault: row.isDefault,
      };
    }),
  };
}

/** With the tax id in clear; of bank accounts what their owner is shown. */
async function vendorOf(deps: CommandDeps, userId: string) {
  const { database, keyring } = deps;
  const account = await findAccount(database.prisma, { userId });
  const row = await database.prisma.vendor.findUnique({ where: { userId }, include: { bankAccounts: true, settings: true } });
  const dataKey = account && dataKeyOf(keyring, account);
  if (!row || !dataKey) return null;
  return {
    ...(await readVendorProfile(deps, userId)),
    taxId: row.taxIdEnc && keyring.decryptField(dataKey, taxIdBox(row.id), row.taxIdEnc),
    subscriptionTier: row.subscriptionTier,
    commissionBps: row.commissionBps,
    bankAccounts: row.bankAccounts.map(({ id, bankName, accountNameEnc, accountLast4, status, isDefault, createdAt }) => {
      const accountName = keyring.decryptField(dataKey, bankBox('account_name_enc', id), accountNameEnc);
      return { bankName, accountName, accountLast4, status, isDefault, createdAt };
    }),
    settings: row.settings && {
      orderMode: row.settings.orderMode,
      notifyOrders: row.settings.notifyOrders,
      notifyReviews: row.settings.notifyReviews,
      holidayFrom: row.settings.holidayFrom,
      holidayTo: row.settings.holidayTo,
      returnDays: row.settings.returnDays,
    },
  };
}
