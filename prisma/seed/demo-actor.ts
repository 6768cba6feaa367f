import { roles } from '../../src/foundation/access/roles.ts';
import type { CommandDeps } from '../../src/foundation/command/command.ts';
import { sha256 } from '../../src/foundation/crypto/digest.ts';
import type { StaffActor } from '../../src/foundation/runtime/actor.ts';

/** The first demo colleague of a role (`support_lead` for a lead), as the back office knows them after sign-in and a fresh factor. */
export function demoActor(
  deps: CommandDeps,
  staff: readonly { role: string; email: string; userId?: string | undefined }[],
  role: string,
): StaffActor | null {
  const person = staff.find((each) => each.role === role);
  const held = roles.find((each) => each === role.replace(/_lead$/, ''));
  if (!person?.userId || !held) return null;
  return {
    kind: 'staff',
    id: person.userId,
    displayName: person.email,
    grants: [{ role: held, isLead: held !== role }],
    sessionHash: sha256(person.userId),
    hasMfa: false,
    factorAt: deps.clock.now(),
  };
}
