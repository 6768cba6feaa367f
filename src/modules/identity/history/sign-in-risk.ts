import type { RiskInputs, RuleStep } from './rule-trace.ts';

/**
 * The rules of audit.md section 14 that concern sign-ins. Each looks only at the inputs, which are kept beside the score: whoever
 * has the row can make the same score again. Nothing is refused by a score.
 */
const rules: readonly { rule: string; points: number; isMet(inputs: RiskInputs): boolean }[] = [
  { rule: 'new_country', points: 30, isMet: ({ isNewCountry }) => isNewCountry },
  { rule: 'new_device', points: 15, isMet: ({ isNewDevice }) => isNewDevice },
  { rule: 'impossible_travel', points: 40, isMet: isImpossible },
  {
    rule: 'failures_then_success',
    points: 35,
    isMet: ({ isThrough, recentFailures }) => isThrough && recentFailures >= manyFailures,
  },
  { rule: 'night_hours', points: 10, isMet: isUnusualNight },
];

/** Wrong tries within a day and since the last success. */
const manyFailures = 5;
/** An airliner; the distance is the least there is between the two countries. */
const fastestKmh = 900;
/** Nearer countries are crossed by road, and their addresses are told apart badly. */
const leastKm = 500;
/** Local time: from midnight up to here is night. */
const nightEndsAt = 5;
/** Before so many sign-ins nobody knows a person's hours. */
const leastHistory = 5;
/** Who signs in at night at least every tenth time is used to it. */
const usualShare = 0.1;

function isImpossible({ travelKm, travelMinutes }: RiskInputs): boolean {
  if (travelKm === null || travelMinutes === null || travelKm < leastKm) return false;
  return (travelKm * 60) / Math.max(1, travelMinutes) > fastestKmh;
}

function isUnusualNight({ localHour, earlier, earlierAtNight }: RiskInputs): boolean {
  return isNight(localHour) && earlier >= leastHistory && earlierAtNight < earlier * usualShare;
}

export function isNight(localHour: number | null): boolean {
  return localHour !== null && localHour < nightEndsAt;
}

export type Risk = { score: number; steps: readonly RuleStep[] };

/** Score 0 to 100, the inputs it was made from, and each rule that was met with its points. */
export function riskOf(inputs: RiskInputs): Risk {
  const met = rules.filter((one) => one.isMet(inputs));
  const score = Math.min(
    100,
    met.reduce((sum, { points }) => sum + points, 0),
  );
  return { score, steps: [{ rule: 'risk', isPassed: true, inputs }, ...met.map(({ rule, points }) => ({ rule, points, isPassed: true }))] };
}
