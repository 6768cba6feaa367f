import type { RoleGrant } from '../../../src/foundation/access/roles.ts';
import type { Actor } from '../../../src/foundation/runtime/actor.ts';
import { systemCommands } from '../../../src/modules/identity/index.ts';
import { freshEmail, run } from '../../modules/identity/people.ts';
import type { TestApp } from '../../support/app.ts';

/** A job or tool, as the executor of approvals is. */
export const system: Actor = { kind: 'system', name: 'test' };

/** A member of staff with rows behind them; resolves with the id. */
export async function addStaff(app: TestApp, role: RoleGrant['role'], isLead = false): Promise<string> {
  const input = {
    email: freshEmail(),
    password: 'a long staff phrase nobody guesses',
    firstName: 'Ada',
    lastName: 'Eze',
    grants: [{ role, isLead }],
  };
  return (await run(app, systemCommands.createStaffAccount, input, { actor: system })).userId;
}
