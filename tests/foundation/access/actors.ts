import { type Grade, gradeOf, type RoleGrant, roles } from '../../../src/foundation/access/roles.ts';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';

export const now = new Date('2026-03-01T12:00:00Z');
export const actorId = '01900000-0000-7000-8000-000000000001';
export const otherId = '01900000-0000-7000-8000-000000000002';

/** The one grant that gives a grade. */
export function grantFor(grade: Grade): RoleGrant {
  const found = roles.flatMap((role) => [false, true].map((isLead) => ({ role, isLead }))).find((grant) => gradeOf(grant) === grade);
  if (!found) throw new Error(`No grant gives ${grade}`);
  return found;
}

export function staffWith(...grants: readonly RoleGrant[]): StaffActor {
  return { kind: 'staff', id: actorId, displayName: 'Ada', grants, sessionHash: Buffer.alloc(32), hasMfa: true, factorAt: now };
}

export function staff(...grades: readonly Grade[]): StaffActor {
  return staffWith(...grades.map(grantFor));
}
