import type { AttemptDecision } from '../../foundation/runtime/attempt-bucket.ts';

/** One rule that a sign-in attempt met, as kept in login_event.rule_trace and explained to support. No personal data. */
export type RuleStep = {
  rule: string;
  isPassed: boolean;
  used?: number;
  limit?: number;
  level?: number;
  /** ISO 8601; when the wait that follows ends. */
  until?: string;
};

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
