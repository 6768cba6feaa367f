import { shownIp } from '../../../foundation/command/action-row.ts';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { AppError, fail } from '../../../foundation/errors/app-error.ts';
import { factorsOf, findAccount } from '../account.ts';
import { readContact } from '../contact.ts';
import { newest } from '../history/login-event.queries.ts';
import { itemOf, type LoginEventItem } from '../history/login-event-item.ts';
import { placeName } from '../history/place.ts';
import { type SignInTrace, traceOf } from '../history/sign-in-trace.ts';
import { authenticatorName } from '../passkeys/authenticator-names.ts';
import type { QueryDeps } from '../query-deps.ts';
import type { FactorMethod } from '../sign-in-shapes.ts';
import { type CallerCheck, checkItemsOf } from './caller-check.ts';
import { customerParts } from './customer-parts.queries.ts';
import type { CustomerRow } from './customer-shapes.ts';

/** Sessions of one person as staff see them: live and lately ended, last used first. Never a token. */
export type StaffSessionItem = {
  id: string;
  surface: 'api' | 'admin';
  clientId: string;
  device: string;
  place: string;
  network: string | null;
  acr: string;
  isLive: boolean;
  createdAt: Date;
  lastUsedAt: Date;
  endsAt: Date;
  revokedAt: Date | null;
  revokedReason: string | null;
};

export async function sessionsOf(deps: QueryDeps, userId: string, limit = 50): Promise<StaffSessionItem[]> {
  const now = deps.clock.now();
  const rows = await deps.database.prisma.session.findMany({
    where: { userId },
    orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }],
    take: Math.min(Math.max(1, limit), 100),
  });
  return rows.map((row) => ({
    id: row.id,
    surface: row.surface,
    clientId: row.clientId,
    device: row.deviceName ?? 'Unknown device',
    place: placeName(row.countryCode),
    network: shownIp(row.lastIp ?? row.ip, 'truncated'),
    acr: row.acr,
    isLive: row.revokedAt === null && row.idleExpiresAt > now && row.absoluteExpiresAt > now,
    createdAt: row.createdAt,
    lastUsedAt: row.lastUsedAt,
    endsAt: row.idleExpiresAt,
    revokedAt: row.revokedAt,
    revokedReason: row.revokedReason,
  }));
}

export type PasskeyItem = { id: string; name: string; kept: string | null; createdAt: Date; lastUsedAt: Date | null };
export type DeviceItem = { id: string; label: string; place: string; lastSeenAt: Date; trustedUntil: Date | null };

/** Everything of one customer that a page of the back office shows, contacts masked. */
export type CustomerPage = Omit<CustomerRow['person'], 'kind'> & {
  kind: 'client' | 'vendor';
  security: Omit<CustomerRow['lock'], 'hasTotp'> & { factors: readonly FactorMethod[]; passkeys: number };
  holds: CustomerRow['holds'];
  /** Purposes the person objected to. */
  objectedPurposes: readonly string[];
  client: CustomerRow['client'];
  addresses: CustomerRow['addresses'];
  vendor: CustomerRow['vendor'];
  passkeys: readonly PasskeyItem[];
  devices: readonly DeviceItem[];
  /** What the caller passed with the colleague who looks, while it stands. */
  callerCheck: CallerCheck | null;
  sessions: readonly StaffSessionItem[];
  logins: readonly LoginEventItem[];
  trace: SignInTrace;
  consents: CustomerRow['consents'];
};

/** Three statements. Staff accounts are not customers. @throws AppError 404 `not_found` */
export async function customerPage(deps: QueryDeps, userId: string, staffId: string | null = null): Promise<CustomerPage> {
  const [row, sessions, logins] = await Promise.all([
    customerParts(deps, userId, staffId),
    sessionsOf(deps, userId, 20),
    newest(deps, userId, 10),
  ]);
  if (!row || row.person.kind === 'staff') return fail('not_found');
  const { person, holds, objectedPurposes, client, addresses, vendor, consents, check } = row;
  const { kind } = row.person;
  const security = securityOf(row);
  const devices = devicesOf(row);
  const facts = { ...person, ...security, passwordDisabled: security.isPasswordDisabled, isRestricted: holds.isProcessingRestricted };
  return {
    ...person,
    ...{ kind, security, holds, objectedPurposes, client, addresses, vendor, consents, devices, sessions },
    passkeys: row.passkeys.map(({ aaguid, ...passkey }) => ({ ...passkey, kept: authenticatorName(aaguid) })),
    callerCheck: check && { items: checkItemsOf(check.items), until: check.until },
    logins: logins.map(itemOf),
    trace: traceOf({ ...facts, devices, tries: row.tries }, logins, deps.clock.now()),
  };
}

function securityOf({ lock, passkeys }: CustomerRow): CustomerPage['security'] {
  const { hasTotp, ...rest } = lock;
  const factors = factorsOf({ hasTotp, passkeys: passkeys.length, recoveryCodesLeft: rest.recoveryCodesLeft });
  return { ...rest, factors, passkeys: passkeys.length };
}

function devicesOf({ devices }: CustomerRow): DeviceItem[] {
  return devices.map(({ country, label, ...device }) => ({ ...device, label: label ?? 'Unknown device', place: placeName(country) }));
}

/**
 * The customer behind a whole email or number as people say it (0803… too), by blind index. Null for anything that is not one,
 * for nobody, and for staff.
 */
export async function findUserByContact(deps: CommandDeps, text: string): Promise<{ id: string; kind: 'client' | 'vendor' } | null> {
  const typed = text.trim();
  const contact = contactOrNull(deps, typed.includes('@') ? { email: typed } : { phone: typed });
  const account = contact ? await findAccount(deps.database.prisma, { kind: contact.kind, bidx: contact.bidx }) : null;
  return account && account.kind !== 'staff' ? { id: account.id, kind: account.kind } : null;
}

function contactOrNull(deps: CommandDeps, typed: { email: string } | { phone: string }) {
  try {
    return readContact(deps, typed);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
