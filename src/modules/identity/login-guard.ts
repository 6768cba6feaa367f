import type { CommandDeps, CommandScope } from '../../foundation/command/command.ts';
import type { DeviceIdentity } from '../../foundation/crypto/device-token.ts';
import { sha256 } from '../../foundation/crypto/digest.ts';
import type { UsedUpLimit } from '../../foundation/errors/app-error.ts';
import {
  type AttemptBucket,
  type AttemptDecision,
  clearAttempts,
  noteShare,
  returnAttempt,
  settleShare,
  takeAttempt,
} from '../../foundation/runtime/attempt-bucket.ts';
import { type RuleStep, stepOf } from './history/rule-trace.ts';

/** Who tries a password, as far as it is known before hashing. The same for identifiers that exist and that do not. */
export type LoginTry = {
  /** IPv4 address or IPv6 /64; null outside a request. */
  ip: string | null;
  /** Stands for the mailbox or number; a keyed hash, never the contact. Spellings of one mailbox share it. */
  identifierKey: string;
  /** The identifier itself, to the letter: its success forgives its own failures, never those of another spelling. */
  identifierBidx: Uint8Array | null;
  userId: string | null;
  device: DeviceIdentity | null;
};

/** What the counters said before the password was looked at. A reservation is settled exactly once. */
export type LoginReservation =
  | {
      isAllowed: true;
      bucket: 'strangers' | 'known_device';
      /** 100 consecutive failures in the caller's bucket: even the right password no longer opens it. */
      isPasswordDisabled: boolean;
      buckets: readonly AttemptBucket[];
      /** Whose failures in these buckets a success takes back. */
      who: string;
      own: AttemptDecision;
      trace: readonly RuleStep[];
    }
  | {
      isAllowed: false;
      bucket: 'strangers' | 'known_device';
      retryAfterSeconds: number;
      /** Which count was used up. */
      limit: UsedUpLimit;
      own: AttemptDecision | null;
      trace: readonly RuleStep[];
    };

const disabledAfter = 100;
const day = 86_400;

/** 5 failures in 15 minutes for one address and identifier (auth-api.md P9). */
const perAddress = (input: Pick<LoginTry, 'ip' | 'identifierKey'>): AttemptBucket => ({
  name: 'login-address',
  key: `${input.ip ?? '-'}|${input.identifierKey}`,
  limit: 5,
  windowSeconds: 900,
  waits: [],
});

/** All unknown devices together: 10 failures an hour, then waits of 1, 2, 4, 8, 15 minutes. */
export const strangersBucket = (identifierKey: string): AttemptBucket => ({
  name: 'login-strangers',
  key: identifierKey,
  limit: 10,
  windowSeconds: 3600,
  waits: [60, 120, 240, 480, 900],
  memorySeconds: 180 * day,
});

/** A device that signed in before: 10 failures in 15 minutes, whatever strangers do. Named by the hash that known_device keeps. */
const deviceBucket = (identifierKey: string, deviceHash: Uint8Array): AttemptBucket => ({
  name: 'login-device',
  key: `${Buffer.from(deviceHash).toString('base64url')}|${identifierKey}`,
  limit: 10,
  windowSeconds: 900,
  waits: [],
  memorySeconds: 180 * day,
});

/**
 * Takes the attempt from the address bucket and from the caller's own bucket before any hashing, so that of 200 parallel
 * tries at most the limit reach the hasher. A refused attempt counts nowhere.
 * @throws AppError `unavailable` when the database cannot count
 */
export async function reserveLogin(deps: CommandDeps, input: LoginTry): Promise<LoginReservation> {
  const { pool } = deps.database;
  const now = deps.clock.now();
  const isKnown = input.device !== null && input.userId !== null && input.device.userIds.includes(input.userId);
  const bucket = isKnown ? 'known_device' : 'strangers';
  const address = perAddress(input);
  const own =
    isKnown && input.device ? deviceBucket(input.identifierKey, sha256(input.device.deviceId)) : strangersBucket(input.identifierKey);

  const addressDecision = await takeAttempt(pool, address, now);
  const addressStep = stepOf('address_and_identifier', addressDecision);
  if (!addressDecision.isAllowed) {
    return {
      isAllowed: false,
      bucket,
      retryAfterSeconds: addressDecision.retryAfterSeconds,
      limit: addressDecision,
      own: null,
      trace: [addressStep],
    };
  }
  const ownDecision = await takeAttempt(pool, own, now);
  const trace = [addressStep, stepOf(bucket, ownDecision)];
  if (!ownDecision.isAllowed) {
    await returnAttempt(pool, address);
    return { isAllowed: false, bucket, retryAfterSeconds: ownDecision.retryAfterSeconds, limit: ownDecision, own: ownDecision, trace };
  }
  return {
    isAllowed: true,
    bucket,
    isPasswordDisabled: ownDecision.consecutive > disabledAfter,
    buckets: [address, own],
    who: input.identifierBidx ? Buffer.from(input.identifierBidx).toString('base64url') : '-',
    own: ownDecision,
    trace,
  };
}

/**
 * The password was right: the identifier's own failures are forgotten; the counter of the address alone stays as it is. What was
 * tried on other spellings of the mailbox stays as well: anybody can register `victim+x@…`, and must not buy new tries by it.
 */
export async function settleSuccess(deps: CommandDeps, reservation: LoginReservation & { isAllowed: true }): Promise<void> {
  const { buckets, who } = reservation;
  await settleShare(deps.database.pool, buckets, { who, now: deps.clock.now() });
}

/** The password was wrong: the reserved attempt stays counted, on the name of its identifier. */
export function settleFailure({ tx }: CommandScope, { buckets, who }: LoginReservation & { isAllowed: true }): Promise<void> {
  return noteShare(tx, buckets, who);
}

/** The attempt was never made (hashing queue full, database away) or must not count either way. */
export async function settleUnmade(deps: CommandDeps, reservation: LoginReservation & { isAllowed: true }): Promise<void> {
  for (const bucket of reservation.buckets) await returnAttempt(deps.database.pool, bucket);
}

/** What a staff unlock does: strangers may try again at once. */
export async function clearStrangers({ tx }: CommandScope, identifierKey: string): Promise<void> {
  await clearAttempts(tx, strangersBucket(identifierKey));
}

/** What a completed reset does: strangers, every device of the person and the caller's own address may try again at once. */
export async function clearAllTries(
  { tx }: CommandScope,
  of: { identifierKey: string; ip: string | null; deviceHashes: readonly Uint8Array[] },
): Promise<void> {
  const { identifierKey, ip, deviceHashes } = of;
  const devices = deviceHashes.map((hash) => deviceBucket(identifierKey, hash));
  await clearAttempts(tx, strangersBucket(identifierKey), perAddress({ ip, identifierKey }), ...devices);
}
