import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/foundation/errors/app-error.ts';
import { commands } from '../../../src/modules/identity/index.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { arrange, caller, freshEmail, password, refusal, refusalCode, registerPerson, run, tokensOf } from './people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const fresh = 'Indigo-harvest-64-thread';
const nobody = '01a200ac-623e-7708-95a3-0712e68ea52e';

/** The same application with another step of its hasher. */
const withHasher = (change: Partial<TestApp['deps']['hasher']>): TestApp => ({
  ...app,
  deps: { ...app.deps, hasher: { ...app.deps.hasher, ...change } },
});
const busy = () => withHasher({ verify: () => Promise.reject(new AppError('overloaded', { retryAfterSeconds: 1 })) });

describe('a password that is given within a session', () => {
  it('gives its attempt back when the hashing queue is full', async () => {
    const { actor } = await registerPerson(app);
    const change = { currentPassword: password, newPassword: fresh, ...caller };
    for (let tried = 0; tried < 8; tried += 1)
      expect(await refusalCode(run(busy(), commands.changePassword, change, { actor }))).toBe('overloaded');
    await run(app, commands.changePassword, change, { actor });
  });

  it('is nothing to an account that is gone', async () => {
    const { actor } = await registerPerson(app);
    const gone = { actor: { ...actor, id: nobody } };
    const change = { currentPassword: password, newPassword: fresh, ...caller };
    expect(await refusalCode(run(app, commands.changePassword, change, gone))).toBe('session_revoked');
    expect(await refusalCode(run(app, commands.setFirstPassword, { password: fresh }, gone))).toBe('session_revoked');
  });
});

describe('a reset', () => {
  it('opens nothing for an account that is closed while the new password is hashed', async () => {
    const { email, actor } = await registerPerson(app);
    const { flowId } = await run(app, commands.requestPasswordReset, { email, ...caller });
    const { resetToken } = await run(app, commands.verifyResetCode, { flowId, code: app.deps.keyring.otpCode(flowId, 1) });
    const closing = withHasher({
      hash: async (secret) => {
        await arrange(app, (db) => db.user.updateMany({ where: { id: actor.id }, data: { status: 'closed' } }));
        return app.deps.hasher.hash(secret);
      },
    });
    const error = await refusal(run(closing, commands.resetPassword, { resetToken, password: fresh }));
    expect([error.code, error.status]).toEqual(['token_expired', 410]);
  });

  it('keeps no token, code or password in the database, its queue or its history', async () => {
    const { email } = await registerPerson(app);
    const { flowId } = await run(app, commands.requestPasswordReset, { email, ...caller });
    const code = app.deps.keyring.otpCode(flowId, 1);
    const { resetToken } = await run(app, commands.verifyResetCode, { flowId, code });
    await run(app, commands.resetPassword, { resetToken, password: fresh });
    const rows = await Promise.all([
      app.deps.database.pool.query('SELECT payload::text AS text FROM platform.outbox_event'),
      app.deps.database.pool.query('SELECT to_jsonb(f)::text AS text FROM identity.otp_flow f WHERE id = $1', [flowId]),
    ]);
    const text = JSON.stringify(rows.map((result) => result.rows));
    for (const secret of [resetToken, app.deps.keyring.linkToken(flowId, 1), fresh, email]) expect(text).not.toContain(secret);
  });
});

describe('P9 a hundred failures in a row', () => {
  const failed = (count: number) =>
    app.deps.database.pool.query("UPDATE platform.rate_bucket SET consecutive = $1 WHERE key LIKE 'login-strangers:%'", [count]);
  const elsewhere = (n: number) => ({ request: { ip: `192.0.2.${n}` } });

  it('close the password way to the right one alone, of accounts and of registrations that wait; a reset opens it', async () => {
    const { email } = await registerPerson(app);
    const waiting = freshEmail();
    await run(app, commands.startRegistration, { email: waiting, password, ...caller });
    const logIn = (address: string, secret: string, n: number) =>
      run(app, commands.logIn, { email: address, password: secret, ...caller }, elsewhere(n));
    for (const address of [email, waiting]) {
      expect(await refusalCode(logIn(address, 'wrong', 1))).toBe('invalid_credentials');
      await failed(100);
      const closed = await refusal(logIn(address, password, 2));
      expect([closed.code, closed.details.extra]).toEqual(['password_disabled', { alternatives: ['otp', 'passkey', 'google', 'reset'] }]);
      expect(await refusalCode(logIn(address, 'wrong', 3))).toBe('invalid_credentials');
    }
    const { flowId } = await run(app, commands.requestPasswordReset, { email, ...caller });
    await run(app, commands.resetPassword, { resetToken: app.deps.keyring.linkToken(flowId, 1), password: fresh });
    tokensOf(await logIn(email, fresh, 4));
  });
});

describe('codes of a target over its caps', () => {
  it('open nothing, also of those who are known: they reached nobody', async () => {
    const { email } = await registerPerson(app);
    const flows = [];
    for (let asked = 0; asked < 6; asked += 1) flows.push(await run(app, commands.requestPasswordReset, { email, ...caller }));
    const [unsent = '', sent = ''] = [flows[5]?.flowId, flows[4]?.flowId];
    const verify = (flowId: string) => run(app, commands.verifyResetCode, { flowId, code: app.deps.keyring.otpCode(flowId, 1) });
    expect(await refusalCode(verify(unsent))).toBe('otp_invalid');
    expect((await verify(sent)).resetToken).toHaveLength(43);
  });
});
