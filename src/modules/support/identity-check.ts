import { z } from 'zod';

/** What an agent can ask a caller to prove who they are (product.md 6.1). Kept: which items passed, never an answer. */
export const checkItems = ['member_id', 'name', 'last_order_month', 'country', 'recent_device'] as const;

/** Two different items at least. */
export const passedChecks = z
  .array(z.enum(checkItems))
  .transform((items) => [...new Set(items)])
  .pipe(z.array(z.enum(checkItems)).min(2));
