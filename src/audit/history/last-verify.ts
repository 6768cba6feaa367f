import { z } from 'zod';
import type { SealState } from '../seal/seal-state.queries.ts';

/** What a run of the verifier left as its control row; all strings. */
const note = z.object({
  scope: z.string(),
  outcome: z.string(),
  from: z.coerce.number(),
  to: z.coerce.number(),
  faults: z.coerce.number(),
  firstFault: z.string(),
  warnings: z.string(),
});

/** The last verification: which rows it went through and what it found. Null before the first. */
export type LastVerify = {
  at: Date;
  from: number;
  to: number;
  isValid: boolean;
  faults: number;
  firstFault: string;
  warnings: string;
} | null;

export function lastVerifyOf({ lastVerify }: Pick<SealState, 'lastVerify'>): LastVerify {
  if (!lastVerify) return null;
  const read = note.safeParse(JSON.parse(lastVerify.body));
  if (!read.success) return null;
  const { from, to, outcome, faults, firstFault, warnings } = read.data;
  return { at: lastVerify.at, from, to, isValid: outcome === 'valid', faults, firstFault, warnings };
}
