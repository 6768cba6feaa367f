import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../../src/modules/identity/index.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { caller, freshEmail, password, refusal, refusalCode, registerPerson, run, tokensOf, wrongCode } from './people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const codeOf = (on: TestApp, flowId: string, sendNo = 1) => on.deps.keyring.otpCode(flowId, sendNo);
const start = (email: string, more: object = {}) => run(app, commands.startRegistration, { email, password, ...caller, ...more });
const verify = (flowId: string, code: string) => run(app, commands.verifyRegistration, { flowId, code, ...caller });

describe('registration', () => {
  it('makes no account before the code is given back', async () => {
    const email = freshEmail();
    const before = await app.deps.database.prisma.user.count();
    const pending = await start(email);
    expect(pending).toMatchObject({ channel: 'email', expiresIn: 600, resendIn: 60 });
    expect(pending.destination).toBe(`${email[0]}***@example.com`);
    expect(await app.deps.database.prisma.user.count()).toBe(before);
  });

  it('turns a verified claim into user, key, credential, client and consent in one transaction', async () => {
    const email = freshEmail();
    const { flowId } = await start(email, { termsVersion: '2026-01', marketingConsent: true, countryCode: null });
    const tokens = tokensOf(await verify(flowId, codeOf(app, flowId)));
    expect(tokens.user).toMatchObject({
      role: 'client',
      authMethod: 'email',
      dashboardEntrypoint: '/dashboard/client',
      vendorStatus: null,
    });
    expect(tokens.user.memberId).toMatch(/^FASTAR\d{6,}$/);
    expect(tokens.session).toMatchObject({ acr: 'aal1', amr: ['otp'] });
    const { prisma } = app.deps.database;
    const where = { userId: tokens.user.id };
    expect(await prisma.client.count({ where })).toBe(1);
    expect(await prisma.vendor.count({ where })).toBe(0);
    expect((await prisma.consent.findMany({ where })).map((row) => row.purpose).toSorted()).toEqual(['marketing_email', 'terms']);
    const user = await prisma.user.findUniqueOrThrow({ where: { id: tokens.user.id } });
    expect(Buffer.from(user.emailEnc ?? []).toString('latin1')).not.toContain(email);
  });

  it('gives a vendor a draft store with setup and settings', async () => {
    const { tokens } = await registerPerson(app, 'vendor');
    expect(tokens.user).toMatchObject({ role: 'vendor', vendorStatus: 'draft', dashboardEntrypoint: '/onboarding' });
    const vendor = await app.deps.database.prisma.vendor.findUniqueOrThrow({
      where: { userId: tokens.user.id },
      include: { setup: true, settings: true },
    });
    expect(vendor.setup).not.toBeNull();
    expect(vendor.settings).not.toBeNull();
  });

  it('answers for a taken identifier what it answers for a free one, and leaves the account alone', async () => {
    const person = await registerPerson(app);
    const { prisma } = app.deps.database;
    const before = await prisma.user.findUniqueOrThrow({ where: { id: person.tokens.user.id } });
    const taken = await start(person.email);
    const free = await start(freshEmail());
    expect(Object.keys(taken)).toEqual(Object.keys(free));
    expect({ ...taken, flowId: '', destination: '' }).toEqual({ ...free, flowId: '', destination: '' });
    expect(await refusalCode(verify(taken.flowId, codeOf(app, taken.flowId)))).toBe('otp_invalid');
    expect(await prisma.user.findUniqueOrThrow({ where: { id: person.tokens.user.id } })).toEqual(before);
    const events = await prisma.outboxEvent.findMany({
      where: { aggregateId: person.tokens.user.id, name: 'identity.registration.duplicate_attempted' },
    });
    expect(events).toHaveLength(1);
    expect(JSON.stringify(events[0]?.payload)).not.toContain(person.email);
  });

  it('refuses roles, names, countries and terms that are not on the list', async () => {
    const error = await refusal(start(freshEmail(), { role: 'admin', firstName: '<b>', countryCode: 'XX', termsVersion: '1999' }));
    expect(error.code).toBe('validation_failed');
    expect(error.details.errors?.map((entry) => entry.code).toSorted()).toEqual([
      'country_unknown',
      'name_invalid',
      'role_not_allowed',
      'terms_version_unknown',
    ]);
    expect(await refusalCode(run(app, commands.startRegistration, { password, ...caller }))).toBe('identifier_exactly_one');
    expect(await refusalCode(start(freshEmail(), { password: 'short' }))).toBe('password_too_short');
  });

  it('counts wrong codes: five are invalid, then even the right one is exhausted', async () => {
    const { flowId } = await start(freshEmail());
    const right = codeOf(app, flowId);
    for (let tried = 0; tried < 5; tried += 1) expect(await refusalCode(verify(flowId, wrongCode(right)))).toBe('otp_invalid');
    expect(await refusalCode(verify(flowId, right))).toBe('otp_exhausted');
  });

  it('uses five tries for fifty parallel wrong codes', async () => {
    const { flowId } = await start(freshEmail());
    const wrong = wrongCode(codeOf(app, flowId));
    const codes = await Promise.all(Array.from({ length: 50 }, () => refusalCode(verify(flowId, wrong))));
    expect(codes.filter((code) => code === 'otp_invalid')).toHaveLength(5);
    // A busy machine may turn some away before they are looked at: that uses no try either.
    expect(codes.every((code) => ['otp_invalid', 'otp_exhausted', 'unavailable'].includes(code))).toBe(true);
  });

  it('lets a code die before its flow, and the flow after 30 minutes', async () => {
    const { flowId } = await start(freshEmail());
    app.clock.advance(601);
    expect(await refusalCode(verify(flowId, codeOf(app, flowId)))).toBe('otp_expired');
    app.clock.advance(1800);
    expect(await refusalCode(verify(flowId, codeOf(app, flowId)))).toBe('flow_expired');
    expect(await refusalCode(verify('nonsense', '123456'))).toBe('flow_expired');
    expect(await refusalCode(verify(flowId, '12345'))).toBe('otp_malformed');
  });

  it('P4 U29 makes one account of a hundred parallel verifications of one address', async () => {
    const email = freshEmail();
    const contact = app.deps.keyring.blindIndex('email', email);
    const flows: { flowId: string }[] = [];
    // So many get a code within the hour; the code of a later one would be no code at all.
    for (let made = 0; made < 5; made += 1) flows.push(await start(email));
    const tries = Array.from({ length: 100 }, (_, index) => flows[index % flows.length]).filter((flow) => flow !== undefined);
    const outcomes = await Promise.allSettled(tries.map(({ flowId }) => verify(flowId, codeOf(app, flowId))));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason.code)] : []));
    expect(refusals.filter((code) => code !== 'flow_expired' && code !== 'unavailable')).toEqual([]);
    expect(await app.deps.database.prisma.user.count({ where: { emailBidx: new Uint8Array(contact) } })).toBe(1);
  }, 60_000);

  it('P3 U5 lets nothing of the losing claim live once the owner has verified', async () => {
    const email = freshEmail();
    const attacker = await run(app, commands.startRegistration, { email, password: 'attackers chosen phrase', ...caller });
    const owner = await start(email);
    tokensOf(await verify(owner.flowId, codeOf(app, owner.flowId)));
    expect(await refusalCode(verify(attacker.flowId, codeOf(app, attacker.flowId)))).toBe('flow_expired');
    expect(await refusalCode(run(app, commands.logIn, { email, password: 'attackers chosen phrase', ...caller }))).toBe(
      'invalid_credentials',
    );
    expect(tokensOf(await run(app, commands.logIn, { email, password, ...caller })).session.amr).toEqual(['pwd']);
  });

  it('P3 opens a link only with the password of its own registration', async () => {
    const { flowId } = await start(freshEmail());
    const token = app.deps.keyring.linkToken(flowId, 1);
    const withLink = (secret: string) => run(app, commands.verifyRegistration, { token, password: secret, ...caller });
    expect(await refusalCode(withLink('somebody elses phrase'))).toBe('invalid_credentials');
    expect(tokensOf(await withLink(password)).session.amr).toEqual(['otp']);
    expect(await refusalCode(withLink(password))).toBe('flow_expired');
    expect(await refusalCode(run(app, commands.verifyRegistration, { token: 'unknown', password, ...caller }))).toBe('flow_expired');
  });

  it('sends a new code after the cool-down, which doubles, and kills the earlier one', async () => {
    const { flowId } = await start(freshEmail());
    const resend = () => run(app, commands.resendCode, { flowId });
    const early = await refusal(resend());
    expect(early.code).toBe('otp_cooldown');
    expect(early.details.retryAfterSeconds).toBeGreaterThan(0);
    app.clock.advance(60);
    expect(await resend()).toMatchObject({ flowId, resendIn: 120 });
    expect(await refusalCode(verify(flowId, codeOf(app, flowId, 1)))).toBe('otp_invalid');
    app.clock.advance(61);
    expect(await refusalCode(resend())).toBe('otp_cooldown');
    tokensOf(await verify(flowId, codeOf(app, flowId, 2)));
    expect(await refusalCode(resend())).toBe('flow_expired');
  });

  it('U18 answers 202 beyond five messages an hour and sends nothing', async () => {
    const email = freshEmail();
    for (let sent = 0; sent < 7; sent += 1) await start(email);
    const bidx = new Uint8Array(app.deps.keyring.blindIndex('email', email));
    const flows = await app.deps.database.prisma.otpFlow.findMany({ where: { targetBidx: bidx } });
    const events = await app.deps.database.prisma.outboxEvent.count({ where: { aggregateId: { in: flows.map((flow) => flow.id) } } });
    expect(flows).toHaveLength(7);
    expect(events).toBe(5);
  });
});
