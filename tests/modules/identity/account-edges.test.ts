import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { contactInClear, findAccount, requireContact, requireDataKey, signedInUserOf } from '../../../src/modules/identity/account.ts';
import {
  accountKind,
  commands,
  inviteFacts,
  queries,
  recipientOf,
  sendableCode,
  sessionFacts,
  staffCommands,
  systemCommands,
  userOfVendor,
} from '../../../src/modules/identity/index.ts';
import { openPending } from '../../../src/modules/identity/registration/pending-registration.ts';
import { staffActor, startTestApp } from '../../support/app.ts';
import {
  actorOf,
  addPasskey,
  arrange,
  caller,
  freshEmail,
  freshPhone,
  password,
  refusal,
  refusalCode,
  registerPerson,
  run,
  tokensOf,
} from './people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const operator = { actor: { kind: 'system', name: 'operator' } } as const;
const prisma = () => app.deps.database.prisma;
const elsewhere = (ip: string | null) => ({ request: { ip } });

async function registerByPhone() {
  const phone = freshPhone();
  const { flowId } = await run(app, commands.startRegistration, { phone, password, ...caller });
  const tokens = tokensOf(await run(app, commands.verifyRegistration, { flowId, code: app.deps.keyring.otpCode(flowId, 1), ...caller }));
  return { phone, tokens, actor: actorOf(tokens) };
}

async function accountOf(userId: string) {
  const account = await findAccount(prisma(), { userId });
  if (!account) throw new Error('There is no such account');
  return account;
}

describe('an account by phone', () => {
  it('shows its number and no address, and keeps marketing by SMS apart from marketing by mail', async () => {
    const { phone, actor } = await registerByPhone();
    expect(await queries.readAccount(app.deps, actor.id)).toMatchObject({
      email: null,
      phone,
      emailVerified: false,
      phoneVerified: true,
      marketingConsent: false,
    });
    await run(app, commands.updateAccount, { marketingConsent: true, bio: 'Tailor' }, { actor, request: { userAgent: null } });
    const rows = await prisma().consent.findMany({ where: { userId: actor.id, purpose: { in: ['marketing_email', 'marketing_sms'] } } });
    expect(rows).toMatchObject([{ purpose: 'marketing_sms', granted: true, userAgent: null }]);
    expect((await queries.readAccount(app.deps, actor.id)).marketingConsent).toBe(true);
    const [event] = await prisma().outboxEvent.findMany({ where: { aggregateId: actor.id, name: 'identity.user.profile_changed' } });
    expect(event?.payload).toMatchObject({ fields: ['bio', 'marketingConsent'] });
  });

  it('is told by its number where messages go', async () => {
    const { phone, actor } = await registerByPhone();
    await run(app, commands.updateAccount, { timezone: 'Africa/Accra' }, { actor });
    expect(await recipientOf(app.deps, { userId: actor.id })).toMatchObject({ channel: 'sms', address: phone, timezone: 'Africa/Accra' });
  });
});

describe('the profile', () => {
  it('returns to the home time zone, and takes UTC', async () => {
    const { actor } = await registerPerson(app);
    const change = (timezone: string | null) => run(app, commands.updateAccount, { timezone }, { actor });
    await change('UTC');
    expect((await queries.readAccount(app.deps, actor.id)).timezone).toBe('UTC');
    await change(null);
    expect((await queries.readAccount(app.deps, actor.id)).timezone).toBe('Africa/Lagos');
  });

  it('names the version of the terms that the person agreed to', async () => {
    const email = freshEmail();
    const { termsVersion } = app.deps.config;
    const { flowId } = await run(app, commands.startRegistration, {
      email,
      password,
      termsVersion,
      ...caller,
    });
    const tokens = tokensOf(await run(app, commands.verifyRegistration, { flowId, code: app.deps.keyring.otpCode(flowId, 1), ...caller }));
    expect((await queries.readAccount(app.deps, tokens.user.id)).termsVersion).toBe(termsVersion);
  });
});

describe('whose key was destroyed', () => {
  it('has no contact left, is no recipient, and no command works on it', async () => {
    const { actor } = await registerPerson(app);
    const account = await accountOf(actor.id);
    const shredded = { ...account, wrappedKey: null };
    const { keyring } = app.deps;
    expect(contactInClear(keyring, shredded)).toBeNull();
    expect(contactInClear(keyring, { ...account, emailEnc: null })).toBeNull();
    expect(signedInUserOf(keyring, shredded).identifier).toBe('');
    expect(() => requireDataKey(keyring, shredded)).toThrow('No such path or object');
    expect(() => requireContact(keyring, shredded)).toThrow('No such path or object');
  });
});

describe('where somebody lands after signing in', () => {
  it('is the dashboard, except for a vendor who still has to finish', async () => {
    const { actor } = await registerPerson(app, 'vendor');
    const account = await accountOf(actor.id);
    const entry = (vendorStatus: typeof account.vendorStatus) =>
      signedInUserOf(app.deps.keyring, { ...account, vendorStatus }).dashboardEntrypoint;
    expect([entry('draft'), entry('changes_requested'), entry('submitted'), entry('approved')]).toEqual([
      '/onboarding',
      '/onboarding',
      '/dashboard/vendor',
      '/dashboard/vendor',
    ]);
  });
});

describe('nobody', () => {
  it('has an account, factors, a store or messages', async () => {
    const id = newId();
    expect(await refusalCode(queries.readMfa(app.deps, id))).toBe('session_revoked');
    expect(await userOfVendor(prisma(), id)).toBeNull();
    expect(await accountKind(app.deps, id)).toBeNull();
    for (const ref of [{ userId: id }, { flowId: id }, { inviteId: id }]) expect(await recipientOf(app.deps, ref)).toBeNull();
    expect(await sendableCode(app.deps, id, 1)).toBeNull();
    expect(await sessionFacts(app.deps, id)).toBeNull();
    expect(await inviteFacts(app.deps, id)).toBeNull();
  });
});

describe('who a message is for', () => {
  it('is the one who registers, until the claim is gone, and never the owner of a decoy', async () => {
    const { email } = await registerPerson(app);
    const fresh = freshEmail();
    const start = (to: string) => run(app, commands.startRegistration, { email: to, password, firstName: 'Ada', ...caller });
    const { flowId } = await start(fresh);
    expect(await recipientOf(app.deps, { flowId })).toMatchObject({ userId: null, address: fresh, firstName: 'Ada', kind: 'client' });
    const decoy = await start(email);
    expect(await recipientOf(app.deps, { flowId: decoy.flowId })).toBeNull();
    const claim = await prisma().pendingRegistration.findUniqueOrThrow({ where: { flowId } });
    expect(openPending(app.deps, { ...claim, wrappedRowKey: null })).toBeNull();
    await arrange(app, (db) => db.pendingRegistration.deleteMany({ where: { flowId } }));
    expect(await recipientOf(app.deps, { flowId })).toBeNull();
    expect(await refusalCode(run(app, commands.verifyRegistration, { flowId, code: app.deps.keyring.otpCode(flowId, 1), ...caller }))).toBe(
      'flow_expired',
    );
  });

  it('is the address of an open invitation only, with the roles it gives', async () => {
    const email = freshEmail();
    const actor = staffActor({ role: 'admin', isLead: false }, app.clock.now());
    const envelope = { reason: { code: 'other', text: 'The team grows by one' } };
    const roles = [{ role: 'support', isLead: true }, { role: 'reviewer' }];
    const { inviteId } = await run(app, staffCommands.inviteStaff, { email, roles }, { actor, envelope });
    expect(await recipientOf(app.deps, { inviteId })).toMatchObject({ address: email, kind: 'staff', channel: 'email' });
    expect((await inviteFacts(app.deps, inviteId))?.roles).toEqual(['support', 'reviewer']);
    await run(app, staffCommands.inviteStaff, { email, roles }, { actor, envelope });
    expect(await recipientOf(app.deps, { inviteId })).toBeNull();
    expect(await inviteFacts(app.deps, inviteId)).toBeNull();
  });

  it('names a session by device and place, and unknown ones as unknown', async () => {
    const { actor } = await registerPerson(app);
    const set = (data: object) => arrange(app, (db) => db.session.updateMany({ where: { id: actor.sessionId }, data }));
    await set({ city: 'Jos', countryCode: 'NG' });
    expect(await sessionFacts(app.deps, actor.sessionId)).toEqual({ device: 'Chrome on Linux', place: 'Jos, Nigeria' });
    await set({ city: null, countryCode: null, deviceName: null });
    expect(await sessionFacts(app.deps, actor.sessionId)).toEqual({ device: 'Unknown device', place: 'unknown place' });
  });

  it('gets the code of the current sending only', async () => {
    const { email } = await registerPerson(app);
    const { flowId } = await run(app, commands.sendLoginCode, { email, ...caller });
    expect(await sendableCode(app.deps, flowId, 1)).toEqual({
      purpose: 'login',
      code: app.deps.keyring.otpCode(flowId, 1),
      linkToken: null,
    });
    expect(await sendableCode(app.deps, flowId, 2)).toBeNull();
    app.clock.advance(app.deps.config.otpEmailTtlSeconds);
    expect(await sendableCode(app.deps, flowId, 1)).toBeNull();
  });
});

describe('passkeys of an account', () => {
  it('keep its recovery codes when the authenticator goes', async () => {
    const { actor } = await registerPerson(app);
    await run(app, systemCommands.enrolTotpFor, { userId: actor.id }, operator);
    await addPasskey(app, actor.id);
    const proved = { ...actor, acr: 'aal2', authTime: app.clock.now() } as const;
    await run(app, commands.removeTotp, {}, { actor: proved });
    expect(await queries.readMfa(app.deps, actor.id)).toMatchObject({
      totp: { enabled: false },
      passkeys: 1,
      recoveryCodesLeft: 10,
      methods: ['passkey', 'recovery_code'],
    });
  });
});

describe('proof of the own routes', () => {
  it('is asked of a vendor by password, and by code of an account that has none', async () => {
    const { actor } = await registerPerson(app, 'vendor');
    const stale = { ...actor, authTime: new Date(app.clock.now().getTime() - 400_000) };
    const methods = async () => (await refusal(run(app, commands.startTotp, {}, { actor: stale }))).details.extra;
    expect(await methods()).toEqual({ methods: ['password', 'otp'] });
    await arrange(app, (db) => db.credential.deleteMany({ where: { userId: actor.id } }));
    expect(await methods()).toEqual({ methods: ['otp'] });
  });

  it('by password counts on a known device apart, and is refused once the password is switched off', async () => {
    const { actor, deviceToken } = await registerPerson(app);
    const prove = (secret: string, from: object = {}) =>
      run(app, commands.reauthenticate, { method: 'password', password: secret, ...caller, ...from }, { actor, ...elsewhere(null) });
    const { session } = await prove(password, { device: { token: deviceToken } });
    expect(session.id).toBe(actor.sessionId);
    await arrange(app, (db) => db.user.updateMany({ where: { id: actor.id }, data: { passwordDisabled: true } }));
    const error = await refusal(prove(password));
    expect([error.code, error.details.extra]).toEqual(['password_disabled', { alternatives: ['otp', 'passkey', 'google', 'reset'] }]);
  });

  it('is refused for an account that is gone', async () => {
    const { actor } = await registerPerson(app);
    const ghost = { ...actor, id: newId() };
    expect(await refusalCode(run(app, commands.reauthenticate, { method: 'password', password, ...caller }, { actor: ghost }))).toBe(
      'session_revoked',
    );
    for (const method of ['otp', 'passkey']) {
      expect(await refusalCode(run(app, commands.startReauth, { method, ...caller }, { actor: ghost }))).toBe('session_revoked');
    }
  });
});
