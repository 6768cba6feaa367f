import type { Actor } from '../runtime/actor.ts';
import { gradesOf } from './grades.ts';
import type { QuotaKind } from './matrix-row.ts';
import type { Grade } from './roles.ts';

/** Daily quotas by grade. */
export type QuotaTable = Readonly<Record<Grade, Readonly<Record<QuotaKind, number>>>>;

/**
 * Product.md section 5.4, per staff member and day. The table leaves out enhancers, who open no people; moderators, who get
 * the finance figure of the same rank; and auditors, who get that of the administrators and reveal nothing.
 */
export const quotas: QuotaTable = {
  assistant: { people: 200, reveals: 0 },
  support: { people: 300, reveals: 30 },
  support_lead: { people: 400, reveals: 60 },
  reviewer: { people: 150, reveals: 40 },
  reviewer_lead: { people: 150, reveals: 40 },
  enhancer: { people: 0, reveals: 0 },
  moderator: { people: 200, reveals: 0 },
  finance: { people: 200, reveals: 30 },
  auditor: { people: 500, reveals: 0 },
  admin: { people: 500, reveals: 100 },
  super_admin: { people: 500, reveals: 100 },
};

/** The highest of the active grants; 0 for everyone who is not staff. `table` is what is in force where staff changed the numbers. */
export function quotaOf(actor: Actor, kind: QuotaKind, now: Date, table: QuotaTable = quotas): number {
  return Math.max(0, ...gradesOf(actor, now).map((grade) => table[grade][kind]));
}

/** Rows at most in one list export (product.md section 5.3, "list export"). */
export const exportRowCaps: Readonly<Partial<Record<Grade, number>>> = {
  support_lead: 500,
  reviewer_lead: 500,
  finance: 5_000,
  auditor: 50_000,
  admin: 50_000,
  super_admin: 50_000,
};

/** The highest cap of the active grants; 0 means no export. */
export function exportRowCapOf(actor: Actor, now: Date): number {
  return Math.max(0, ...gradesOf(actor, now).map((grade) => exportRowCaps[grade] ?? 0));
}
