import { z } from 'zod';
import type { SeqRange } from './progress.ts';

const seq = z.int().nonnegative();

/** A range that the sealer has just added, or nothing: then everything that is left. */
export const followPayload = z.strictObject({ from: seq.optional(), to: seq.optional() });
export type FollowPayload = z.infer<typeof followPayload>;

/** Null for the tick that catches up. */
export function rangeIn({ from, to }: FollowPayload): SeqRange | null {
  return from === undefined || to === undefined ? null : { from, to };
}
