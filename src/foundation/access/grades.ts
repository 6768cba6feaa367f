import type { Actor } from '../runtime/actor.ts';
import { type Grade, gradeOf, type RoleGrant, rankOfGrade } from './roles.ts';

/** A grant counts until the instant it expires. */
export function isActive(grant: RoleGrant, now: Date): boolean {
  return !grant.expiresAt || grant.expiresAt.getTime() > now.getTime();
}

/**
 * The columns of the matrix a person acts from. Several grants add up, but auditor combines with nothing: whoever holds it
 * acts as auditor only (product.md 5.1 rule 2). Empty for everyone who is not staff.
 */
export function gradesOf(actor: Actor, now: Date): readonly Grade[] {
  if (actor.kind !== 'staff') return [];
  const held = new Set(actor.grants.filter((grant) => isActive(grant, now)).map(gradeOf));
  return held.has('auditor') ? ['auditor'] : [...held];
}

/** Highest rank among the active grants, 0 without any. All grants count here, so that no grant makes a person easier to reach. */
export function rankOf(grants: readonly RoleGrant[], now: Date): number {
  return Math.max(0, ...grants.filter((grant) => isActive(grant, now)).map((grant) => rankOfGrade[gradeOf(grant)]));
}
