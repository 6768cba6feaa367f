import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { loadConfig } from '../../../src/foundation/config/config.ts';
import { environment } from '../../../src/foundation/config/environment.ts';
import { demoGrantReason, systemCommands } from '../../../src/modules/identity/index.ts';
import { startTestApp } from '../../support/app.ts';
import { freshEmail, refusalCode, run } from './people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const operator = { actor: { kind: 'system', name: 'operator' } } as const;
const person = () => ({ email: freshEmail(), firstName: 'Ngozi', lastName: 'Bello', password: 'seven quiet looms at dawn' });

/** Runs the command as an operator would, with the password on standard input. */
function bootstrap(args: readonly string[], password: string): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'scripts/bootstrap.ts', ...args], {
      env: { ...environment(), NODE_ENV: 'test', DATA_DIR: app.deps.config.dataDir, DATABASE_URL: app.database.adminUrl, BCRYPT_COST: '4' },
    });
    const parts: string[] = [];
    child.stdout.on('data', (part) => parts.push(String(part)));
    child.stderr.on('data', (part) => parts.push(String(part)));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, said: parts.join('') }));
    child.stdin.end(password === '' ? '' : `${password}\n`);
  });
}

const named = (email: string) => ['--email', email, '--first-name', 'Ngozi', '--last-name', 'Bello'];

describe('the first super admin', { timeout: 90_000 }, () => {
  it('is refused with a usage line, a weak password or none, and nothing is made', async () => {
    expect(await bootstrap([], 'x')).toMatchObject({ code: 1, said: expect.stringContaining('Usage: npm run bootstrap') });
    expect(await bootstrap(['--email'], 'x')).toMatchObject({ code: 1, said: expect.stringContaining('Usage: npm run bootstrap') });
    expect(await bootstrap(named(freshEmail()), 'short')).toMatchObject({ code: 1, said: expect.stringContaining('password_too_short') });
    expect(await bootstrap(named(freshEmail()), '')).toMatchObject({ code: 1, said: expect.stringContaining('No password came') });
    expect(await app.deps.database.prisma.staffRoleGrant.count()).toBe(0);
  });

  it('is made once by the operator, with an action row, and a second one is refused', async () => {
    const { email, password } = person();
    const made = await bootstrap(named(email), password);
    expect(made).toMatchObject({ code: 0, said: expect.stringContaining(`${email} is the first super admin`) });
    expect(made.said).not.toContain(password);
    const grants = await app.deps.database.prisma.staffRoleGrant.findMany();
    expect(grants).toMatchObject([{ role: 'super_admin', isLead: false, revokedAt: null }]);
    const { rows } = await app.deps.database.pool.query(
      `SELECT outcome, door, actor_type FROM audit.action WHERE action = 'create-first-admin' AND outcome = 'ok'`,
    );
    expect(rows).toEqual([{ outcome: 'ok', door: 'cli', actor_type: 'system:operator' }]);
    const second = person();
    expect(await bootstrap(named(second.email), second.password)).toMatchObject({
      code: 1,
      said: expect.stringContaining('granted by two people'),
    });
  });

  it('is one when twenty operators try at the same time', async () => {
    await app.as(operator.actor, () =>
      app.deps.database.prisma.staffRoleGrant.updateMany({ data: { revokedAt: app.clock.now(), revokeReason: 'left the company' } }),
    );
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => run(app, systemCommands.createFirstAdmin, person(), operator)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await app.deps.database.prisma.staffRoleGrant.count({ where: { role: 'super_admin', revokedAt: null } })).toBe(1);
  });

  it('cannot be made by a signed-in person or by somebody anonymous', async () => {
    expect(await refusalCode(run(app, systemCommands.createFirstAdmin, person()))).toBe('forbidden');
  });
});

describe('production', () => {
  it('does not start on a database with demo staff', async () => {
    const input = { ...person(), grants: [{ role: 'support', isLead: false }], reason: demoGrantReason };
    await run(app, systemCommands.createStaffAccount, input, operator);
    const demo = loadConfig({ NODE_ENV: 'test', DATA_DIR: app.deps.config.dataDir, DATABASE_URL: app.database.adminUrl });
    await expect(createApp({ config: { ...demo, mode: 'production' } })).rejects.toThrow('holds demo accounts');
  });
});
