import { z } from 'zod';
import type { CommandScope } from '../../foundation/command/command.ts';
import { checkItems, openCallerCheck } from '../identity/index.ts';

/** Two different items at least. */
export const passedChecks = z
  .array(z.enum(checkItems))
  .transform((items) => [...new Set(items)])
  .pipe(z.array(z.enum(checkItems)).min(2));

/**
 * The items a caller passed: those that were named, else those of the check this colleague recorded for the call.
 * @returns null where there is neither
 */
export async function checksOfCall(scope: CommandScope, userId: string, named: readonly string[] | undefined): Promise<string[] | null> {
  if (named) return [...named];
  const check = await openCallerCheck(scope, userId);
  return check && [...check.items];
}
