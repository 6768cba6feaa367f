import type { StaffActor } from '../foundation/runtime/actor.ts';
import type { StaffProfile } from './sign-in/port.ts';

/** All that page state knows of the person (back-office.md section 1): nothing of the session. */
export type CurrentAdmin = {
  id: string;
  displayName: string;
  roles: readonly string[];
  lead: boolean;
  locale: string;
  theme: string;
  density: string;
};

const actors = new WeakMap<object, StaffActor>();

export function currentAdminOf(staff: StaffActor, profile: StaffProfile): CurrentAdmin {
  const currentAdmin: CurrentAdmin = {
    id: staff.id,
    displayName: profile.displayName,
    roles: profile.grants.map((grant) => grant.role),
    lead: profile.grants.some((grant) => grant.isLead),
    locale: profile.locale,
    theme: profile.theme,
    density: profile.density,
  };
  actors.set(currentAdmin, staff);
  return currentAdmin;
}

/** The actor behind AdminJS's `currentAdmin`; null for anything the session stage did not make. */
export function staffBehind(currentAdmin: unknown): StaffActor | null {
  return typeof currentAdmin === 'object' && currentAdmin !== null ? (actors.get(currentAdmin) ?? null) : null;
}
