import type { QuotaKind } from '../access/matrix-row.ts';
import type { NewEvent } from '../outbox/append.ts';

/** Somebody has used four fifths of a quota of the day. Payload: staffUserId, kind, used, limit. */
export const quotaNearlyUsed = 'platform.quota.nearly_used';

/** Somebody wanted more than a quota of the day allows, and was refused (F112). Payload: staffUserId, kind, used, limit. */
export const quotaExceeded = 'platform.quota.exceeded';

export type QuotaUse = { staffUserId: string; kind: QuotaKind; used: number; limit: number };

/** The event of the one use that reaches four fifths; null for every other, so that it is told once. */
export function nearlyUsed(use: QuotaUse): NewEvent | null {
  return use.used === Math.ceil(use.limit * 0.8) ? { name: quotaNearlyUsed, aggregateId: use.staffUserId, payload: { ...use } } : null;
}

export function exceeded(use: QuotaUse): NewEvent {
  return { name: quotaExceeded, aggregateId: use.staffUserId, payload: { ...use } };
}
