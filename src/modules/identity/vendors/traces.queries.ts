import { sha256 } from '../../../foundation/crypto/digest.ts';
import type { Tx } from '../../../foundation/runtime/database.ts';

/** What a person leaves behind that another one could share: blind indexes and hashes, never clear values. */
export type PersonTraces = Readonly<{
  userId: string;
  contacts: ReadonlySet<string>;
  bankAccounts: ReadonlySet<string>;
  devices: ReadonlySet<string>;
  referredBy: string | null;
}>;

type Reader = Pick<Tx, 'user' | 'otpFlow' | 'vendorBankAccount' | 'knownDevice' | 'session'>;

/**
 * The traces of people, for the conflict of interest of a reviewer (F88) and the signals of a store: contacts they have or answered
 * codes at, payout accounts, also removed ones, and devices they signed in on. Ids that are nobody's have empty sets. Five statements,
 * whatever the number of people. An address book is a shopper's; neither a store's owner nor a colleague has one.
 */
export async function tracesOf(reader: Reader, userIds: readonly string[]): Promise<ReadonlyMap<string, PersonTraces>> {
  const ids = [...new Set(userIds)];
  const own = { userId: { in: ids } };
  const users = await reader.user.findMany({
    where: { id: { in: ids } },
    select: { id: true, emailBidx: true, phoneBidx: true, referredById: true },
  });
  const flows = await reader.otpFlow.findMany({
    where: { subjectType: 'user', subjectId: { in: ids }, targetBidx: { not: null } },
    select: { subjectId: true, targetBidx: true },
  });
  const accounts = await reader.vendorBankAccount.findMany({
    where: { vendor: own },
    select: { accountNumberBidx: true, ownerUserId: true },
  });
  const devices = await reader.knownDevice.findMany({ where: own, select: { userId: true, deviceHash: true } });
  const sessions = await reader.session.findMany({
    where: { ...own, deviceId: { not: null } },
    select: { userId: true, deviceId: true },
    distinct: ['userId', 'deviceId'],
  });
  const traces = new Map(ids.map((userId) => [userId, emptyTraces(userId)]));
  for (const { id, emailBidx, phoneBidx, referredById } of users) {
    const trace = traces.get(id);
    if (trace) trace.referredBy = referredById;
    add(trace?.contacts, emailBidx);
    add(trace?.contacts, phoneBidx);
  }
  for (const { subjectId, targetBidx } of flows) add(traces.get(subjectId ?? '')?.contacts, targetBidx);
  for (const { ownerUserId, accountNumberBidx } of accounts) add(traces.get(ownerUserId ?? '')?.bankAccounts, accountNumberBidx);
  for (const { userId, deviceHash } of devices) add(traces.get(userId)?.devices, deviceHash);
  for (const { userId, deviceId } of sessions) add(traces.get(userId)?.devices, deviceId ? sha256(deviceId) : null);
  return traces;
}

type OpenTraces = {
  userId: string;
  contacts: Set<string>;
  bankAccounts: Set<string>;
  devices: Set<string>;
  referredBy: string | null;
};

function emptyTraces(userId: string): OpenTraces {
  return { userId, contacts: new Set(), bankAccounts: new Set(), devices: new Set(), referredBy: null };
}

function add(set: Set<string> | undefined, bytes: Uint8Array | null): void {
  if (bytes) set?.add(Buffer.from(bytes).toString('base64url'));
}
