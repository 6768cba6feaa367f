import type { CommandDeps } from '../../src/foundation/command/command.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { addSeconds } from '../../src/foundation/runtime/clock.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { runInContext } from '../../src/foundation/runtime/request-context.ts';
import { staffCommands } from '../../src/modules/identity/index.ts';
import { demoActor } from './demo-actor.ts';
import { browsers, places } from './people.ts';
import { quietly } from './request-scene.ts';

type Cast = { staff: readonly { role: string; email: string; userId?: string | undefined }[] };

/** Who leads whom, a role that ends soon and two invitations: what the screens about staff are looked at with. */
export async function seedTeams(deps: CommandDeps, { staff }: Cast): Promise<void> {
  const admin = demoActor(deps, staff, 'admin');
  if (!admin) return;
  const reason = { code: 'policy', text: 'Agreed with the heads of the teams' };
  // A seed that was interrupted meets what it did before.
  const asAdmin = (work: () => Promise<unknown>) =>
    quietly(() =>
      runInContext(
        {
          requestId: newId(),
          door: 'admin',
          ip: places[0].ip,
          userAgent: browsers[2],
          path: null,
          clientId: null,
          actor: admin,
          action: null,
        },
        work,
      ),
    );
  for (const [lead, roles] of teams) {
    const managerUserId = staff.find((person) => person.role === lead)?.userId;
    const led = staff.filter((person) => roles.some((role) => role === person.role)).map((person) => person.userId);
    for (const id of led) await asAdmin(() => runCommand(deps, staffCommands.editStaff, { input: { id, managerUserId }, reason }));
  }
  // Somebody whose own role may all of it anyway: what a role may is looked at with these people.
  const helper = staff.find((person) => person.email === 'support2@example.com')?.userId;
  const expiresAt = addSeconds(deps.clock.now(), 10 * 86_400).toISOString();
  await asAdmin(() => runCommand(deps, staffCommands.grantRole, { input: { id: helper, role: 'assistant', expiresAt }, reason }));
  for (const invited of invitations) await asAdmin(() => runCommand(deps, staffCommands.inviteStaff, { input: invited, reason }));
}

const teams = [
  ['support_lead', ['support', 'assistant']],
  ['reviewer_lead', ['reviewer', 'enhancer']],
] as const satisfies readonly (readonly [string, readonly string[]])[];

const invitations = [
  { email: 'newcomer1@example.com', roles: [{ role: 'support' }], jobTitle: 'Customer support' },
  { email: 'newcomer2@example.com', roles: [{ role: 'finance' }], jobTitle: 'Payouts' },
];
