import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../../src/foundation/access/roles.ts';
import { totpCode, totpStepAt } from '../../../src/foundation/crypto/totp.ts';
import { commands, staffIdentity, systemCommands } from '../../../src/modules/identity/index.ts';
import { startTestApp } from '../../support/app.ts';
import { caller, password as customerPassword, freshEmail, refusalCode, registerPerson, run, wrongCode } from './people.ts';

const operator = { actor: { kind: 'system', name: 'operator' } } as const;
const password = 'seven tailors sewed a sail';

let app: Awaited<ReturnType<typeof startTestApp>>;
let identity: ReturnType<typeof staffIdentity>;
beforeAll(async () => {
  app = await startTestApp();
  identity = staffIdentity(app.deps);
});
afterAll(() => app.stop());

async function hire(role: Role = 'support'): Promise<{ email: string; userId: string }> {
  const email = freshEmail();
  const input = { email, password, firstName: 'Amara', lastName: 'Okoye', grants: [{ role }] };
  return { email, userId: (await run(app, systemCommands.createStaffAccount, input, operator)).userId };
}

let addresses = 0;
const elsewhere = () => {
  addresses += 1;
  return { ip: `198.51.${Math.floor(addresses / 250)}.${(addresses % 250) + 1}`, userAgent: null };
};
const signIn = (email: string, secret: string, more: object = {}) =>
  identity.signInWithPassword({ email, password: secret, deviceToken: null, ...elsewhere(), ...more });
const codeNow = (secret: string) => totpCode(secret, totpStepAt(app.clock.now()));

describe('staff sign-in', () => {
  it('lets staff in by password, and nobody else', async () => {
    const { email, userId } = await hire();
    const customer = await registerPerson(app);
    expect(await signIn(email, password)).toMatchObject({ kind: 'ok', userId, needs: 'none' });
    expect(await signIn(email, 'wrong')).toEqual({ kind: 'refused' });
    expect(await signIn(freshEmail(), password)).toEqual({ kind: 'refused' });
    expect(await signIn('not an address', password)).toEqual({ kind: 'refused' });
    expect(await signIn(customer.email, customerPassword)).toEqual({ kind: 'refused' });
    expect(await refusalCode(run(app, commands.logIn, { email, password, ...caller }))).toBe('invalid_credentials');
  });

  it('treats registering a staff address like any taken one, and sends no code to it', async () => {
    const { email } = await hire();
    const { flowId } = await run(app, commands.startRegistration, { email, password: customerPassword, ...caller });
    expect(await refusalCode(run(app, commands.verifyRegistration, { flowId, code: app.deps.keyring.otpCode(flowId, 1), ...caller }))).toBe(
      'otp_invalid',
    );
    const login = await run(app, commands.sendLoginCode, { email, ...caller });
    expect(await app.deps.database.prisma.otpFlow.findUniqueOrThrow({ where: { id: login.flowId } })).toMatchObject({
      decoy: true,
      subjectId: null,
    });
  });

  it('has the limits of P9: per address and account, strangers together, a known device apart', async () => {
    const { email } = await hire();
    const first = await signIn(email, password);
    const deviceToken = first.kind === 'ok' ? first.deviceToken : undefined;
    const here = elsewhere();
    for (let tried = 0; tried < 5; tried += 1) expect(await signIn(email, 'wrong', here)).toEqual({ kind: 'refused' });
    expect(await signIn(email, password, here)).toEqual({ kind: 'limited', retryAfterSeconds: 900 });
    for (let tried = 0; tried < 5; tried += 1) expect(await signIn(email, 'wrong')).toEqual({ kind: 'refused' });
    expect(await signIn(email, password)).toEqual({ kind: 'limited', retryAfterSeconds: 60 });
    expect(await signIn(email, password, { deviceToken })).toMatchObject({ kind: 'ok' });
  });

  it('allows twenty attempts a minute from one address, whoever is tried', async () => {
    const here = elsewhere();
    for (let tried = 0; tried < 20; tried += 1) expect((await signIn(freshEmail(), 'wrong', here)).kind).toBe('refused');
    expect(await signIn((await hire()).email, password, here)).toMatchObject({ kind: 'limited' });
    app.clock.advance(61);
    expect((await signIn((await hire()).email, password, here)).kind).toBe('ok');
  });

  it('enrols an authenticator, then asks for it at every sign-in', async () => {
    const { email, userId } = await hire();
    const begun = await identity.beginTotpEnrolment(userId);
    expect(await identity.beginTotpEnrolment(userId)).toMatchObject({ secret: begun.secret });
    expect(await identity.confirmTotpEnrolment(userId, wrongCode(codeNow(begun.secret)))).toBeNull();
    const confirmed = await identity.confirmTotpEnrolment(userId, codeNow(begun.secret));
    expect(confirmed?.recoveryCodes).toHaveLength(10);
    expect(await identity.confirmTotpEnrolment(userId, codeNow(begun.secret))).toBeNull();
    expect(await identity.loadStaff(userId)).toMatchObject({ hasMfa: true, isDisabled: false, displayName: 'Amara Okoye' });
    expect((await identity.listFactors(userId)).map((factor) => factor.kind)).toEqual(['totp', 'recovery']);
    app.clock.advance(60);
    expect(await signIn(email, password)).toMatchObject({ kind: 'ok', needs: 'mfa' });
    expect(await identity.verifyFactor(userId, { code: wrongCode(codeNow(begun.secret)) }, elsewhere())).toEqual({ kind: 'refused' });
    expect(await identity.verifyFactor(userId, { code: codeNow(begun.secret) }, elsewhere())).toEqual({ kind: 'ok' });
    expect(await identity.verifyFactor(userId, { code: codeNow(begun.secret) }, elsewhere())).toEqual({ kind: 'refused' });
    expect(await identity.verifyFactor(userId, { recoveryCode: confirmed?.recoveryCodes[0] ?? '' }, elsewhere())).toEqual({ kind: 'ok' });
    expect(await identity.verifyFactor(userId, { password }, elsewhere())).toEqual({ kind: 'refused' });
    const events = await app.deps.database.prisma.loginEvent.findMany({ where: { userId }, orderBy: [{ at: 'asc' }, { id: 'asc' }] });
    expect(events.map((event) => event.outcome)).toEqual(['challenged', 'failed', 'success', 'failed', 'failed']);
  });

  it('lets demo staff without a factor step up by password, and locks factors after ten wrong answers', async () => {
    const { userId } = await hire();
    expect(await identity.verifyFactor(userId, { password }, elsewhere())).toEqual({ kind: 'ok' });
    for (let tried = 0; tried < 10; tried += 1)
      expect(await identity.verifyFactor(userId, { password: 'wrong' }, elsewhere())).toEqual({ kind: 'refused' });
    expect(await identity.verifyFactor(userId, { password }, elsewhere())).toEqual({ kind: 'limited', retryAfterSeconds: 3600 });
  });

  it('keeps the preferences of a member of staff', async () => {
    const { userId } = await hire();
    expect(await identity.loadStaff(userId)).toMatchObject({
      theme: 'system',
      density: 'comfortable',
      locale: 'en',
      timeZone: 'Africa/Lagos',
    });
    await identity.savePreferences(userId, { theme: 'dark', density: 'compact' });
    expect(await identity.loadStaff(userId)).toMatchObject({ theme: 'dark', density: 'compact' });
    const { actor } = await registerPerson(app);
    expect(await identity.loadStaff(actor.id)).toBeNull();
  });

  it('writes the sign-in as an action and a login event of the back office', async () => {
    const { email, userId } = await hire();
    await signIn(email, password);
    const [event] = await app.deps.database.prisma.loginEvent.findMany({ where: { userId } });
    expect(event).toMatchObject({ surface: 'admin', outcome: 'success', method: 'password' });
    const { rows } = await app.deps.database.pool.query(
      "SELECT outcome FROM audit.action WHERE action = 'sign-in-staff' AND $1 = ANY (record_ids)",
      [userId],
    );
    expect(rows).toEqual([{ outcome: 'ok' }]);
  });
});
