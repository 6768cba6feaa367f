import { createApp } from '../src/app.ts';
import { runCommand } from '../src/foundation/command/run-command.ts';
import { loadConfig } from '../src/foundation/config/config.ts';
import { createPasswordHasher } from '../src/foundation/crypto/password-hasher.ts';
import { newId } from '../src/foundation/runtime/new-id.ts';
import { type RequestContext, runInContext, systemContext } from '../src/foundation/runtime/request-context.ts';
import { commands, type IssuedTokens, systemCommands } from '../src/modules/identity/index.ts';
import { type Ground, runSql } from './ground.ts';

export type Person = { id: string; email: string; tokens: IssuedTokens; deviceToken: string };

export const password = 'blue okra sings late';
export const productionCost = 12;

const caller = { client: { clientId: 'public', mode: 'body' as const }, device: { token: null } };

/**
 * Signed-in customers of that database, made by the product's own commands. All get one hash of one password at
 * production cost, since hashing each for real would take longer than the comparison that needs them.
 */
export async function makePeople(ground: Ground, adminUrl: string, count: number): Promise<Person[]> {
  const config = loadConfig({ ...ground.envOf(adminUrl), NODE_ENV: 'production', LOG_LEVEL: 'silent', BCRYPT_COST: '4' });
  const app = await createApp({ config });
  const { deps } = app;
  const people: Person[] = [];
  for (let n = 0; n < count; n += 1) {
    const email = `person-${n}@example.com`;
    const run = <T>(work: () => Promise<T>) => runInContext(anonymousContext(), work);
    const started = await run(() =>
      runCommand(deps, commands.startRegistration, { input: { email, password, role: 'client', ...caller } }),
    );
    const { flowId } = started.output;
    const code = deps.keyring.otpCode(flowId, 1);
    const { output } = await run(() => runCommand(deps, commands.verifyRegistration, { input: { flowId, code, ...caller } }));
    if (output.kind !== 'tokens') throw new Error('A new person was asked for a second factor');
    people.push({ id: output.tokens.user.id, email, tokens: output.tokens, deviceToken: output.tokens.deviceToken ?? '' });
  }
  await runSql(adminUrl, 'UPDATE identity.credential SET password_hash = $1', [await hashOf(config.secrets.passwordPeppers)]);
  await app.stop();
  return people;
}

export type Staff = { email: string; password: string; totpSecret: string };

/** Administrators with an authenticator, as production demands it. */
export async function makeStaff(ground: Ground, adminUrl: string, count: number): Promise<Staff[]> {
  const app = await createApp({
    config: loadConfig({ ...ground.envOf(adminUrl), NODE_ENV: 'production', LOG_LEVEL: 'silent', BCRYPT_COST: '4' }),
  });
  const made = await runInContext(systemContext('bench', 'cli'), async () => {
    const staff: Staff[] = [];
    for (let n = 0; n < count; n += 1) {
      const email = `admin-${n}@example.com`;
      const input = { email, password, firstName: 'Kemi', lastName: 'Balogun', grants: [{ role: 'admin', isLead: false }] };
      const { output } = await runCommand(app.deps, systemCommands.createStaffAccount, { input });
      const totp = await runCommand(app.deps, systemCommands.enrolTotpFor, { input: { userId: output.userId } });
      staff.push({ email, password, totpSecret: totp.output.secret });
    }
    return staff;
  });
  await app.stop();
  return made;
}

async function hashOf(peppers: Parameters<typeof createPasswordHasher>[0]['peppers']): Promise<string> {
  const hasher = createPasswordHasher({ cost: productionCost, peppers, concurrency: 1, queue: 1, waitMs: 60_000 });
  try {
    return await hasher.hash(password);
  } finally {
    await hasher.close();
  }
}

export function anonymousContext(): RequestContext {
  return {
    requestId: newId(),
    door: 'api',
    ip: '102.89.23.17',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36',
    path: null,
    clientId: 'public',
    actor: { kind: 'anonymous' },
    action: null,
  };
}
