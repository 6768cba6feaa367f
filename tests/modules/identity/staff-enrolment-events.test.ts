import { afterAll, beforeAll, expect, it } from 'vitest';
import { totpCode, totpStepAt } from '../../../src/foundation/crypto/totp.ts';
import { staffIdentity, systemCommands } from '../../../src/modules/identity/index.ts';
import { startTestApp } from '../../support/app.ts';
import { freshEmail, run, wrongCode } from './people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const origin = { ip: '105.112.0.1', userAgent: null };
const password = 'seven tailors sewed a sail';
const codeNow = (secret: string) => totpCode(secret, totpStepAt(app.clock.now()));

it('a sign-in that an enrolment completes is an event like any other, and so are its wrong codes', async () => {
  // Strict production, where staff without a second factor must set one up before they get in.
  const deps = { ...app.deps, config: { ...app.deps.config, mode: 'production' as const } };
  const identity = staffIdentity(deps);
  const email = freshEmail();
  const input = { email, password, firstName: 'Amara', lastName: 'Okoye', grants: [{ role: 'support' }] };
  const { userId } = await run(app, systemCommands.createStaffAccount, input, { actor: { kind: 'system', name: 'operator' } });
  expect(await identity.signInWithPassword({ email, password, deviceToken: null, ...origin })).toMatchObject({ needs: 'enrol' });
  const { secret } = await identity.beginTotpEnrolment(userId);
  expect(await identity.confirmTotpEnrolment(userId, wrongCode(codeNow(secret)))).toBeNull();
  expect((await identity.confirmTotpEnrolment(userId, codeNow(secret)))?.recoveryCodes).toHaveLength(10);
  // A second authenticator is refused, and with the sign-in complete that is no attempt to sign in.
  expect(await identity.confirmTotpEnrolment(userId, codeNow(secret))).toBeNull();
  const events = await app.deps.database.prisma.loginEvent.findMany({ where: { userId }, orderBy: [{ at: 'asc' }, { id: 'asc' }] });
  expect(events.map((event) => [event.outcome, event.reasonCode])).toEqual([
    ['challenged', 'enrolment_required'],
    ['failed', 'mfa_invalid'],
    ['success', null],
  ]);
  expect(await app.deps.database.prisma.user.findUnique({ where: { id: userId }, select: { loginCount: true } })).toEqual({
    loginCount: 1,
  });
});

it('ten wrong codes of an enrolment block it, which is an event too', async () => {
  const deps = { ...app.deps, config: { ...app.deps.config, mode: 'production' as const } };
  const identity = staffIdentity(deps);
  const email = freshEmail();
  const input = { email, password, firstName: 'Amara', lastName: 'Okoye', grants: [{ role: 'support' }] };
  const { userId } = await run(app, systemCommands.createStaffAccount, input, { actor: { kind: 'system', name: 'operator' } });
  await identity.signInWithPassword({ email, password, deviceToken: null, ...origin });
  const { secret } = await identity.beginTotpEnrolment(userId);
  for (let tried = 0; tried < 10; tried += 1) await identity.confirmTotpEnrolment(userId, wrongCode(codeNow(secret)));
  await expect(identity.confirmTotpEnrolment(userId, codeNow(secret))).resolves.toBeNull();
  const [latest] = await app.deps.database.prisma.loginEvent.findMany({
    where: { userId },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: 1,
  });
  expect(latest).toMatchObject({ outcome: 'blocked', reasonCode: 'mfa_locked' });
});
