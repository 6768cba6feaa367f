import type { Prisma, ReviewCase } from '@prisma/client';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { slaSeconds, slaState } from '../case-rules.ts';
import type { CaseKind } from '../checklists.ts';
import type { CaseClock } from './case-shapes.ts';

/** A quality sample is nobody's waiting: it is asked for within three days. */
const sampleSeconds = 3 * 24 * 3600;
const riskShare = 0.8;

type Clock = Pick<ReviewCase, 'slaDueAt' | 'slaRiskAt'>;

/** When a case that is opened now is at risk, and when it is due. */
export function newClock(now: Date, kind: CaseKind, isSample = false): { slaDueAt: Date; slaRiskAt: Date } {
  const total = isSample ? sampleSeconds : slaSeconds[kind];
  return { slaDueAt: addSeconds(now, total), slaRiskAt: addSeconds(now, Math.round(total * riskShare)) };
}

/** The clock after a time of standing still: what was left is left again. Nothing where it was not standing. */
export function resumed(
  now: Date,
  reviewCase: Clock & Pick<ReviewCase, 'pausedAt' | 'slaPausedS'>,
): Prisma.ReviewCaseUncheckedUpdateManyInput {
  const { pausedAt, slaPausedS, slaDueAt, slaRiskAt } = reviewCase;
  if (!pausedAt) return {};
  const seconds = Math.max(0, Math.round((now.getTime() - pausedAt.getTime()) / 1000));
  return {
    pausedAt: null,
    slaPausedS: slaPausedS + seconds,
    slaDueAt: addSeconds(slaDueAt, seconds),
    slaRiskAt: slaRiskAt && addSeconds(slaRiskAt, seconds),
  };
}

type Clocked = Pick<ReviewCase, 'createdAt' | 'slaDueAt' | 'slaPausedS' | 'pausedAt' | 'status' | 'decidedAt'>;

/** What a ring beside a case shows. */
export function clockOf(reviewCase: Clocked, now: Date): CaseClock {
  const { createdAt, slaDueAt, slaPausedS, pausedAt, status, decidedAt } = reviewCase;
  const isOpen = status === 'queued' || status === 'claimed' || status === 'pending_second';
  const at = pausedAt ?? (isOpen ? now : (decidedAt ?? now));
  const total = slaDueAt.getTime() - createdAt.getTime() - slaPausedS * 1000;
  const used = total > 0 ? Math.max(0, 1 - (slaDueAt.getTime() - at.getTime()) / total) : 1;
  const state = pausedAt ? 'paused' : isOpen ? slaState(reviewCase, now) : 'done';
  return { state, dueAt: slaDueAt, used, pausedAt };
}
