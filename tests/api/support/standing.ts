import { pending, tokenSet } from '../../../src/api/shapes.ts';
import { runCommand } from '../../../src/foundation/command/run-command.ts';
import { systemCommands } from '../../../src/modules/identity/index.ts';
import { arrange } from '../../modules/identity/people.ts';
import { type Api, codeOf, freshEmail, goodPassword, newClient, shaped } from './api.ts';

/** Every standing that an identifier can have, seen from outside. */
export type Standing = 'unknown' | 'known' | 'pending' | 'suspended' | 'closed' | 'google' | 'staff';
export const standings: readonly Standing[] = ['unknown', 'known', 'pending', 'suspended', 'closed', 'google', 'staff'];

const system = { kind: 'system', name: 'test' } as const;

/** A row that the back office would write. */
export function setUser(api: Api, id: string, data: { status: 'suspended' | 'closed' }): Promise<unknown> {
  return arrange(api.app, (prisma) => prisma.user.updateMany({ where: { id }, data }));
}

/** As an account made by Google stands: it has no password. */
export async function withoutPassword(api: Api, userId: string): Promise<void> {
  await arrange(api.app, (prisma) => prisma.credential.updateMany({ where: { userId }, data: { passwordHash: null } }));
}

/** An authenticator, enrolled; its secret in base32. */
export async function withTotp(api: Api, userId: string): Promise<string> {
  const { output } = await api.app.as(system, () => runCommand(api.app.deps, systemCommands.enrolTotpFor, { input: { userId } }));
  return output.secret;
}

/** An address of that standing. */
export async function someone(api: Api, standing: Standing): Promise<string> {
  const email = freshEmail();
  switch (standing) {
    case 'unknown':
      return email;
    case 'pending':
      await api.post('/auth/register', { email, password: goodPassword });
      return email;
    case 'staff': {
      const input = { email, password: 'a quiet lantern over Lagos', firstName: 'Uche', lastName: 'Eze', grants: [{ role: 'support' }] };
      await api.app.as(system, () => runCommand(api.app.deps, systemCommands.createStaffAccount, { input }));
      return email;
    }
    case 'known':
    case 'suspended':
    case 'closed':
    case 'google': {
      const { tokens } = await newClient(api, { email });
      if (standing === 'google') await withoutPassword(api, tokens.user.id);
      else if (standing !== 'known') await setUser(api, tokens.user.id, { status: standing });
      return email;
    }
    default:
      return standing satisfies never;
  }
}

/** Registers and verifies a number. */
export async function phoneClient(api: Api, phone: string) {
  const started = shaped(pending, await api.post('/auth/register', { phone, password: goodPassword }));
  const verified = await api.post('/auth/register/verify', { flowId: started.flowId, code: codeOf(api, started.flowId) });
  return { phone, password: goodPassword, tokens: shaped(tokenSet, verified) };
}
