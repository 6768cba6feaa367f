import type { CommandDeps } from '../../foundation/command/command.ts';
import type { NewEvent } from '../../foundation/outbox/append.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';
import type { Tx } from '../../foundation/runtime/database.ts';
import { newId } from '../../foundation/runtime/new-id.ts';
import { scaledLimit } from '../../foundation/runtime/rate-bucket.ts';
import { type SmsRoute, smsRouteOf, verifiedFlows } from '../identity/index.ts';

/** What holds an SMS back (auth-api.md P20). */
export type SmsRule = 'country_budget' | 'prefix_rate' | 'prefix_paused';

export type SmsDecision = { blockedBy: SmsRule | null; alarm: NewEvent | null };

export type SmsRequest = { address: string; template: string; flowId: string | null };

const perPrefix = 20;
const prefixWindowSeconds = 600;
const pauseFrom = 50;
/** Of the codes sent within an hour, so many in a hundred must have been given back. */
const verifiedPercent = 20;
const hour = 3600;

/** A rule in force was told of once; until then it only counts. */
export const smsLimitReached = 'notifications.sms.limit_reached';

/**
 * Decides and counts one SMS, in the transaction that queues it: over instances and restarts one message at a time per country is
 * decided, so no parallel burst passes a limit. Strangers can only ask for codes and for the two answers to a taken or a Google
 * contact: those are held back. Notices of the account are counted and always go out, or a stranger could silence them.
 */
export async function decideSms(tx: Tx, deps: CommandDeps, { address, template, flowId }: SmsRequest): Promise<SmsDecision> {
  const now = deps.clock.now();
  const route = smsRouteOf(address);
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`sms:${route.country}`}, 0))`;
  const tripped = isAskedByStrangers(template) ? await trippedRule(tx, deps, route, now) : null;
  await tx.smsAttempt.createMany({
    data: {
      id: newId(),
      at: now,
      country: route.country,
      prefix: route.prefix,
      template,
      flowId,
      blockedBy: tripped?.rule ?? null,
      costMicros: ofCountry(deps.config.smsCountryPrice, route.country),
    },
  });
  return { blockedBy: tripped?.rule ?? null, alarm: tripped ? await raiseAlarm(tx, tripped, now) : null };
}

/** `account_locked` too: wrong passwords are all it takes, once an hour and person. */
const causedByStrangers: ReadonlySet<string> = new Set(['already_have_account', 'reset_use_google', 'account_locked']);

function isAskedByStrangers(template: string): boolean {
  return template.startsWith('otp_') || causedByStrangers.has(template);
}

function ofCountry(numbers: ReadonlyMap<string, number>, country: string): number {
  return numbers.get(country) ?? numbers.get('*') ?? 0;
}

type Tripped = { rule: SmsRule; scope: string; until: Date; sent: number; verified: number | null };

async function trippedRule(tx: Tx, deps: CommandDeps, route: SmsRoute, now: Date): Promise<Tripped | null> {
  const { rateLimitScale, smsCountryDailyBudget } = deps.config;
  const { country, prefix } = route;
  const dayStart = new Date(`${now.toISOString().slice(0, 10)}T00:00:00Z`);
  const today = await tx.smsAttempt.count({ where: { country, at: { gte: dayStart }, blockedBy: null } });
  const budget = ofCountry(smsCountryDailyBudget, country);
  if (budget === 0 || today >= scaledLimit(budget, rateLimitScale)) {
    return { rule: 'country_budget', scope: country, until: addSeconds(dayStart, 86_400), sent: today, verified: null };
  }
  // Demo numbers are captured, never sent, and share one prefix (auth-api.md 1.9).
  if (route.isDemo) return null;
  const paused = await pauseOf(tx, { prefix, now, threshold: scaledLimit(pauseFrom, rateLimitScale) });
  if (paused) return paused;
  const since = addSeconds(now, -prefixWindowSeconds);
  const recent = await tx.smsAttempt.count({ where: { prefix, at: { gt: since }, blockedBy: null } });
  if (recent < scaledLimit(perPrefix, rateLimitScale)) return null;
  return { rule: 'prefix_rate', scope: prefix, until: addSeconds(now, prefixWindowSeconds), sent: recent, verified: null };
}

/** A pause holds for an hour from when it was found: without messages there would soon be nothing to judge by. */
async function pauseOf(tx: Tx, { prefix, now, threshold }: { prefix: string; now: Date; threshold: number }): Promise<Tripped | null> {
  const standing = await tx.smsAlarm.findFirst({ where: { rule: 'prefix_paused', scope: prefix, until: { gt: now } } });
  if (standing) return { rule: 'prefix_paused', scope: prefix, until: standing.until, sent: standing.sent, verified: standing.verified };
  const codes = await tx.smsAttempt.findMany({
    where: { prefix, at: { gt: addSeconds(now, -hour) }, blockedBy: null, template: { startsWith: 'otp_' } },
    select: { flowId: true },
  });
  if (codes.length < threshold) return null;
  const flowIds = codes.flatMap(({ flowId }) => (flowId ? [flowId] : []));
  const done = await verifiedFlows(tx, flowIds);
  const verified = flowIds.filter((id) => done.has(id)).length;
  if (verified * 100 >= codes.length * verifiedPercent) return null;
  return { rule: 'prefix_paused', scope: prefix, until: addSeconds(now, hour), sent: codes.length, verified };
}

/** Null while the operators know already. */
async function raiseAlarm(tx: Tx, { rule, scope, until, sent, verified }: Tripped, now: Date): Promise<NewEvent | null> {
  if (await tx.smsAlarm.findFirst({ where: { rule, scope, until: { gt: now } }, select: { id: true } })) return null;
  const id = newId();
  await tx.smsAlarm.createMany({ data: { id, rule, scope, startedAt: now, until, sent, verified } });
  const payload = { alarmId: id, rule, scope, until: until.toISOString(), sent, verified };
  return { name: smsLimitReached, aggregateId: id, payload };
}
