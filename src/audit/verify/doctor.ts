import type { PinnedKey } from '../proof/pinned-keys.ts';
import { checkFunctionGrants, checkFunctions } from './check-functions.ts';
import { checkGrants, checkPartitions } from './check-grants.ts';
import { checkActions, checkDeadLetters, checkLag, checkVerification } from './check-health.ts';
import { checkPolicies, type Exemption, readExemptions } from './check-policies.ts';
import { checkCaptures, checkTriggers } from './check-triggers.ts';
import { checkUnaudited } from './check-unaudited.ts';
import type { Problem, Rows } from './doctor-problems.ts';

export type DoctorOptions = {
  rows: Rows;
  keys: readonly PinnedKey[];
  now: Date;
  /** How many days back events must have their action. */
  eventDays: number;
  /** Also compares live rows with their history, which reads every audited table. */
  isThorough: boolean;
};

export type DoctorReport = {
  problems: readonly Problem[];
  exemptions: readonly Exemption[];
  /** Checks that were made. */
  checked: readonly string[];
  /** Checks that this login may not make. */
  notChecked: readonly string[];
};

/**
 * Looks whether everything that makes the history complete is in place: policies, triggers, guards, grants, months, functions,
 * seal, index, anchors, keys. Reads only. Throws where it cannot run at all; what a login may not see is told as not checked.
 */
export async function runDoctor(options: DoctorOptions): Promise<DoctorReport> {
  const { rows } = options;
  const checks: Readonly<Record<string, () => Promise<Problem[]>>> = {
    policies: () => checkPolicies(rows),
    triggers: () => checkTriggers(rows),
    captures: () => checkCaptures(rows),
    grants: () => checkGrants(rows),
    functions: () => checkFunctions(rows),
    'function grants': () => checkFunctionGrants(rows),
    partitions: () => checkPartitions(rows),
    lag: () => checkLag(rows),
    actions: () => checkActions(rows, options.eventDays),
    'dead letters': () => checkDeadLetters(rows),
    verification: () => checkVerification(rows, options.keys, options.now),
    ...(options.isThorough ? { 'live rows': () => checkUnaudited(rows) } : {}),
  };
  const problems: Problem[] = [];
  const checked: string[] = [];
  const notChecked: string[] = [];
  for (const [name, check] of Object.entries(checks)) {
    try {
      problems.push(...(await check()));
      checked.push(name);
    } catch (error) {
      if (!isForbidden(error)) throw error;
      notChecked.push(name);
    }
  }
  return { problems, exemptions: await readExemptions(rows), checked, notChecked };
}

const isForbidden = (error: unknown) => error instanceof Error && 'code' in error && error.code === '42501';

/** The report for people: exemptions, then HEALTHY or a line for each problem. */
export function renderReport(report: DoctorReport): string {
  const lines = [
    ...report.exemptions.map(({ table, why }) => `exempt      ${table}: ${why}`),
    `checked     ${report.checked.join(', ')}`,
    ...(report.notChecked.length > 0 ? [`not checked ${report.notChecked.join(', ')} (this login may not)`] : []),
    ...report.problems.map(({ kind, subject, detail }) => `PROBLEM ${kind} ${subject}: ${detail}`),
  ];
  if (report.problems.length === 0) lines.push('HEALTHY');
  return `${lines.join('\n')}\n`;
}
