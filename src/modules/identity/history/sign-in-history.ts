import type { CommandScope } from '../../../foundation/command/command.ts';
import { sha256 } from '../../../foundation/crypto/digest.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { kilometresBetween } from './country-distance.ts';
import { placeOf } from './place.ts';
import type { RiskInputs } from './rule-trace.ts';
import { isNight } from './sign-in-risk.ts';

/** What earlier sign-ins say of a person, and what is known of the device that tries now. */
export type SignInHistory = {
  /** Null when the person never signed in on it, or none was presented. */
  firstSeenAt: Date | null;
  mfaTrustedUntil: Date | null;
  /** Whether any device is known; without one a first device is no news. */
  hasDevices: boolean;
  /** Countries of earlier successes; none when there were none. */
  countries: readonly string[];
  lastCountry: string | null;
  lastAt: Date | null;
  /** Of up to 200 earlier successes. */
  successTimes: readonly Date[];
  /** Refused since the last success and within a day; at most 50 are counted. */
  recentFailures: number;
  timezone: string | null;
};

/** A row that no person has: an unknown identifier asks the same question as a known one, and takes the same time. */
const nobody = '00000000-0000-0000-0000-000000000000';
/** Half a year: who comes back after it is new again, and no sign-in looks through more than seven months of events. */
const remembered = 183 * 86_400;
const day = 86_400;

/**
 * One statement, however much history there is: of half a year the last 200 successes, and at most 50 failures, both by index. Also
 * what decides whether a device is known, so that a sign-in that succeeds asks nothing twice.
 */
export async function readSignInHistory(scope: CommandScope, userId: string | null, deviceId: string | null): Promise<SignInHistory> {
  const { now } = scope;
  const person = userId ?? nobody;
  const [row] = await scope.tx.$queryRaw<SignInHistory[]>`
    WITH good AS (
      SELECT e.at, e.country_code::text AS country FROM identity.login_event e
       WHERE e.user_id = ${person}::uuid AND e.outcome = 'success' AND e.at > ${addSeconds(now, -remembered)}::timestamptz AND e.at <= ${now}::timestamptz
       ORDER BY e.at DESC LIMIT 200
    ), latest AS (SELECT max(at) AS at FROM good)
    SELECT d.first_seen_at AS "firstSeenAt", d.mfa_trusted_until AS "mfaTrustedUntil",
           EXISTS (SELECT FROM identity.known_device k WHERE k.user_id = ${person}::uuid) AS "hasDevices",
           ARRAY(SELECT DISTINCT g.country FROM good g WHERE g.country IS NOT NULL) AS countries,
           last.country AS "lastCountry", last.at AS "lastAt",
           ARRAY(SELECT g.at FROM good g) AS "successTimes",
           (SELECT count(*)::int FROM (
              SELECT FROM identity.login_event f
               WHERE f.user_id = ${person}::uuid AND f.outcome = 'failed' AND f.method <> 'refresh' AND f.at <= ${now}::timestamptz
                 AND f.at > GREATEST(${addSeconds(now, -day)}::timestamptz, (SELECT at FROM latest)) LIMIT 50) c) AS "recentFailures",
           u.timezone
      FROM (SELECT 1) one
      LEFT JOIN identity."user" u ON u.id = ${person}::uuid
      LEFT JOIN identity.known_device d ON d.user_id = ${person}::uuid AND d.device_hash = ${deviceId === null ? null : sha256(deviceId)}
      LEFT JOIN LATERAL (SELECT g.country, g.at FROM good g WHERE g.country IS NOT NULL ORDER BY g.at DESC LIMIT 1) last ON true`;
  if (!row) throw new Error('A statement over one row gave none');
  return row;
}

export type Asked = {
  history: SignInHistory;
  /** As decided by whoever makes the session; otherwise by the history. */
  isNewDevice: boolean | undefined;
  /** A sign-up: its country and device are no news. */
  isFirst: boolean;
  isThrough: boolean;
};

/** The inputs of the risk score of the attempt that this transaction is about. */
export function riskInputsOf(scope: CommandScope, { history, isNewDevice, isFirst, isThrough }: Asked): RiskInputs {
  const { now, context, deps } = scope;
  const { country } = placeOf(deps.config, context.ip);
  const { lastCountry, lastAt, countries, timezone } = history;
  const localHour = timezone === null ? null : hourIn(timezone, now);
  const travelled = country !== null && lastCountry !== null && lastAt !== null;
  return {
    isNewCountry: !isFirst && country !== null && countries.length > 0 && !countries.includes(country),
    isNewDevice: !isFirst && (isNewDevice ?? (history.hasDevices && history.firstSeenAt === null)),
    lastCountry,
    travelKm: travelled ? kilometresBetween(lastCountry, country) : null,
    travelMinutes: travelled ? Math.floor((now.getTime() - lastAt.getTime()) / 60_000) : null,
    isThrough,
    recentFailures: history.recentFailures,
    localHour,
    timezone,
    earlier: history.successTimes.length,
    // Only a sign-in at night asks how usual that is.
    earlierAtNight: timezone !== null && isNight(localHour) ? history.successTimes.filter((at) => isNight(hourIn(timezone, at))).length : 0,
  };
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** 0 to 23 in a time zone; UTC where the name is none. */
function hourIn(timezone: string, at: Date): number {
  const clock = clocks.get(timezone) ?? newClock(timezone);
  return Number(clock.format(at)) % 24;
}

function newClock(timezone: string): Intl.DateTimeFormat {
  const made = hourClock(timezone) ?? new Intl.DateTimeFormat('en-GB', { hour: '2-digit', timeZone: 'UTC' });
  clocks.set(timezone, made);
  return made;
}

function hourClock(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', timeZone });
  } catch {
    return null;
  }
}
