import { z } from 'zod';
import type { AttemptDecision } from '../../../foundation/runtime/attempt-bucket.ts';

/** What the score of a sign-in is made from. Counts, times and yes or no; no address, no name. */
const riskInputs = z.object({
  isNewCountry: z.boolean(),
  isNewDevice: z.boolean(),
  /** Country of the last success, and how far and how long ago it is. */
  lastCountry: z.string().nullable(),
  travelKm: z.number().nullable(),
  travelMinutes: z.number().nullable(),
  /** Whether the attempt proved what it was asked: a success, or a first factor with a second one to come. */
  isThrough: z.boolean(),
  recentFailures: z.number(),
  /** Hour of the person's own day, and how many of their earlier sign-ins were at night. */
  localHour: z.number().nullable(),
  timezone: z.string().nullable(),
  earlier: z.number(),
  earlierAtNight: z.number(),
});

export type RiskInputs = z.infer<typeof riskInputs>;

const step = z.object({
  rule: z.string(),
  isPassed: z.boolean(),
  used: z.number().exactOptional(),
  limit: z.number().exactOptional(),
  level: z.number().exactOptional(),
  /** ISO 8601; when the wait that follows ends. */
  until: z.string().exactOptional(),
  /** What a rule of the risk score added. */
  points: z.number().exactOptional(),
  /** On the step `risk` only: all that its score was made from. */
  inputs: riskInputs.exactOptional(),
});

/** One rule that a sign-in attempt met, as kept in login_event.rule_trace and explained to support. No personal data. */
export type RuleStep = z.infer<typeof step>;

const storedTrace = z.array(step);

/** The steps of a stored row; none for what is not a trace. */
export function parseTrace(stored: unknown): readonly RuleStep[] {
  const trace = storedTrace.safeParse(stored);
  return trace.success ? trace.data : [];
}

export function stepOf(rule: string, decision: AttemptDecision): RuleStep {
  return {
    rule,
    isPassed: decision.isAllowed,
    used: decision.used,
    limit: decision.limit,
    ...(decision.level > 0 ? { level: decision.level } : {}),
    ...(decision.lockedUntil ? { until: decision.lockedUntil.toISOString() } : {}),
  };
}

export const passed = (rule: string): RuleStep => ({ rule, isPassed: true });
export const refused = (rule: string): RuleStep => ({ rule, isPassed: false });
