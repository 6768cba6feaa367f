import type { SealState } from '../seal/seal-state.queries.ts';
import { lastVerifyOf } from './last-verify.ts';

const anchorLateMs = 15 * 60_000;
const sealLateSeconds = 60;

/** What somebody must know before relying on the history, in plain words, worst first; none when all is well. */
export function auditProblems(state: SealState, now: Date): readonly string[] {
  const verified = lastVerifyOf(state);
  const problems: string[] = [];
  if (verified && !verified.isValid) {
    problems.push(
      `The last verification found ${verified.faults === 1 ? '1 fault' : `${verified.faults} faults`}, the first: ${verified.firstFault}.`,
    );
  }
  if (state.isEpochRequired) problems.push('Sealing has stopped: this database was restored. An operator has to start the next epoch.');
  if (state.lagSeconds > sealLateSeconds) problems.push(`Rows have been waiting for their seal for ${state.lagSeconds} seconds.`);
  if (state.anchors.length === 0)
    problems.push('No anchor is configured: whoever holds the database and the key could rewrite the history.');
  if (state.sealedSize === 0) return problems;
  for (const { target, size, at } of state.anchors) {
    if (at === null || size === null) problems.push(`Nothing was anchored at ${target} yet.`);
    else if (now.getTime() - at.getTime() > anchorLateMs && size < state.sealedSize) {
      problems.push(`The anchor at ${target} is behind: sealed rows are not copied outside.`);
    }
  }
  if (verified === null) problems.push('The history was never verified yet.');
  return problems;
}
