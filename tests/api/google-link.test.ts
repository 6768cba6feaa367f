import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pending } from '../../src/api/shapes.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { arrange } from '../modules/identity/people.ts';
import { usePasskey } from '../support/authenticator.ts';
import {
  type Answer,
  codeOf,
  fieldsOf,
  freshEmail,
  goodPassword,
  newClient,
  problemOf,
  refusal,
  shaped,
  wrongCodeFor,
} from './support/api.ts';
import {
  asStorefront,
  type GoogleApi,
  googlePerson,
  handoffOf,
  linkNeeded,
  mfaNeeded,
  signedIn,
  signIn,
  startGoogleApi,
} from './support/google.ts';
import { clientWithPasskey, signInOptions } from './support/passkeys.ts';
import { setUser, someone, withTotp } from './support/standing.ts';
import { totpCode } from './support/totp.ts';

let at: GoogleApi & { stop(): Promise<void> };
beforeAll(async () => {
  at = await startGoogleApi();
});
afterAll(() => at.stop());

const complete = (flowId: string, proof: object, headers: Record<string, string> = asStorefront) =>
  at.api.post('/auth/link/complete', { flowId, proof }, headers);
const withPassword = (flowId: string, password = goodPassword) => complete(flowId, { method: 'password', password });
const withCode = (flowId: string, code: string) => complete(flowId, { method: 'otp', code });
const linksOf = (userId: string) => arrange(at.api.app, (prisma) => prisma.externalIdentity.count({ where: { userId } }));
const eventsOf = (aggregateId: string, name: string) =>
  arrange(at.api.app, (prisma) => prisma.outboxEvent.findMany({ where: { aggregateId, name } }));

/** A client with a password, and a Google account of the same address that asks to be linked. */
async function claimed() {
  const { email, tokens } = await newClient(at.api);
  const person = googlePerson(email);
  const link = linkNeeded(await signIn(at, person));
  return { email, person, userId: tokens.user.id, tokens, ...link };
}

/** The first code of a link flow, sent on request. */
async function sentCode(flowId: string): Promise<string> {
  const answer = await at.api.post('/auth/otp/resend', { flowId });
  shaped(pending, answer);
  return codeOf(at.api, flowId, 1);
}

describe('U7 LinkRequired', () => {
  test('holds no token and no cookie, and sends no message by itself', async () => {
    const { email, tokens } = await newClient(at.api);
    const given = await handoffOf(at, googlePerson(email));
    const answer = await at.api.post('/auth/handoff', given, asStorefront);
    const { flowId } = linkNeeded(answer);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(await eventsOf(flowId, 'identity.otp.requested')).toEqual([]);
    expect(await linksOf(tokens.user.id)).toBe(0);
  });

  test('the password signs in and links; from then on Google signs in by itself', async () => {
    const { flowId, person, userId, methods } = await claimed();
    expect(methods).toEqual(['password', 'otp']);
    const { user, session, created } = signedIn(await withPassword(flowId));
    expect([user.id, user.authMethod, session.amr, created]).toEqual([userId, 'email', ['pwd', 'fed'], undefined]);
    expect(signedIn(await signIn(at, person))).toMatchObject({ created: false, user: { id: userId } });
    expect(await eventsOf(userId, 'identity.identity.linked')).toMatchObject([{ payload: { userId, provider: 'google' } }]);
  });

  test('a code to the own address, the first one on request, signs in and links', async () => {
    const { flowId, userId } = await claimed();
    expect(refusal(await withCode(flowId, '123456'))).toBe('401 otp_invalid');
    const code = await sentCode(flowId);
    expect(await eventsOf(flowId, 'identity.otp.requested')).toMatchObject([{ payload: { purpose: 'link', channel: 'email', sendNo: 1 } }]);
    expect(refusal(await at.api.post('/auth/otp/resend', { flowId }))).toBe('429 otp_cooldown');
    const { session } = signedIn(await withCode(flowId, code));
    expect(session.amr).toEqual(['otp', 'fed']);
    expect(await linksOf(userId)).toBe(1);
    expect(refusal(await withCode(flowId, code))).toBe('410 flow_expired');
  });

  test('a passkey signs in at aal2 and links', async () => {
    const { email, passkey, tokens } = await clientWithPasskey(at.api);
    const { flowId, methods } = linkNeeded(await signIn(at, googlePerson(email)));
    expect(methods).toEqual(['password', 'otp', 'passkey']);
    const { challengeId, options } = await signInOptions(at.api, asStorefront);
    const proof = { method: 'passkey', challengeId, response: usePasskey(passkey, options) };
    const { session } = signedIn(await complete(flowId, proof));
    expect(session).toMatchObject({ acr: 'aal2', amr: ['hwk', 'user', 'fed'] });
    expect(await linksOf(tokens.user.id)).toBe(1);
    expect(refusal(await complete(flowId, proof))).toBe('410 challenge_expired');
  });

  test("another person's passkey proves nothing", async () => {
    const { flowId } = await claimed();
    const { passkey } = await clientWithPasskey(at.api);
    const { challengeId, options } = await signInOptions(at.api, asStorefront);
    const proof = { method: 'passkey', challengeId, response: usePasskey(passkey, options) };
    expect(refusal(await complete(flowId, proof))).toBe('401 passkey_invalid');
    const again = await signInOptions(at.api, asStorefront);
    expect(refusal(await complete(flowId, { ...proof, challengeId: again.challengeId }))).toBe('401 passkey_invalid');
    signedIn(await withPassword(flowId));
  });
});

describe('five tries a flow', () => {
  test('1 to 5 wrong, then exhausted, whatever the way and whatever is right', async () => {
    const { flowId, userId } = await claimed();
    const code = await sentCode(flowId);
    const wrong = wrongCodeFor(code);
    const answers = [await withPassword(flowId, 'wrong'), await withCode(flowId, wrong), await withPassword(flowId, '')];
    answers.push(await withCode(flowId, wrong), await withPassword(flowId, 'wrong again'));
    expect(answers.map(refusal)).toEqual([
      '401 invalid_credentials',
      '401 otp_invalid',
      '401 invalid_credentials',
      '401 otp_invalid',
      '401 invalid_credentials',
    ]);
    expect(refusal(await withCode(flowId, code))).toBe('401 otp_exhausted');
    expect(refusal(await withPassword(flowId))).toBe('401 otp_exhausted');
    expect(await linksOf(userId)).toBe(0);
  });

  test('50 parallel wrong passwords use five, and the right one links once of ten', async () => {
    const { flowId } = await claimed();
    const wrong = await Promise.all(Array.from({ length: 20 }, () => withPassword(flowId, 'wrong')));
    const codes = wrong.map(refusal);
    expect(codes.filter((code) => code === '401 invalid_credentials')).toHaveLength(5);
    const other = await claimed();
    const right = await Promise.all(Array.from({ length: 10 }, () => withPassword(other.flowId)));
    expect(right.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(await linksOf(other.userId)).toBe(1);
  });

  test('a malformed code uses no try; an unknown flow is over; another purpose is otp_invalid', async () => {
    const { flowId } = await claimed();
    for (let count = 0; count < 6; count += 1) {
      const answer = await withCode(flowId, '12');
      expect([refusal(answer), ...fieldsOf(answer)]).toEqual(['422 otp_malformed', 'proof.code: otp_malformed']);
    }
    for (const id of ['019aa000-0000-7000-8000-000000000000', 'nothing']) {
      expect(refusal(await withCode(id, '123456'))).toBe('410 flow_expired');
      expect(refusal(await withPassword(id))).toBe('410 flow_expired');
    }
    const register = shaped(pending, await at.api.post('/auth/register', { email: freshEmail(), password: goodPassword }));
    expect(refusal(await withCode(register.flowId, codeOf(at.api, register.flowId)))).toBe('401 otp_invalid');
    expect(refusal(await withPassword(register.flowId))).toBe('401 otp_invalid');
    expect(refusal(await at.api.post('/auth/otp/verify', { flowId, code: '123456' }))).toBe('401 otp_invalid');
    expect(refusal(await complete(flowId, { method: 'sms' }))).toBe('422 invalid_value');
    signedIn(await withPassword(flowId));
  });

  test('the flow is over after ten minutes', async () => {
    const { flowId } = await claimed();
    at.api.app.clock.advance(599);
    expect(refusal(await withPassword(flowId, 'wrong'))).toBe('401 invalid_credentials');
    at.api.app.clock.advance(2);
    expect(refusal(await withPassword(flowId))).toBe('410 flow_expired');
  });

  test('P9 new flows are no way around the limits of passwords', async () => {
    const { email } = await newClient(at.api);
    const person = googlePerson(email);
    for (let flow = 0; flow < 10; flow += 1) {
      const { flowId } = linkNeeded(await signIn(at, person));
      const late = flow < 9 ? 2 : 0;
      const answers = await Promise.all(Array.from({ length: 5 + late }, () => withPassword(flowId, 'wrong')));
      const expected = [
        ...Array.from({ length: 5 }, () => '401 invalid_credentials'),
        ...Array.from({ length: late }, () => '401 otp_exhausted'),
      ];
      expect(answers.map(refusal).sort()).toEqual(expected);
    }
    const { flowId } = linkNeeded(await signIn(at, person));
    const answer = await withPassword(flowId);
    expect(refusal(answer)).toBe('429 rate_limited');
    expect(problemOf(answer).alternatives).toEqual(['otp', 'passkey', 'google', 'reset']);
    signedIn(await withCode(flowId, await sentCode(flowId)));
  });
});

describe('U8 with a second factor', () => {
  async function withFactor() {
    const { email, tokens } = await newClient(at.api);
    const secret = await withTotp(at.api, tokens.user.id);
    return { email, userId: tokens.user.id, secret, person: googlePerson(email) };
  }
  const answer = (challengeId: string, secret: string) =>
    at.api.post('/auth/mfa/verify', { challengeId, method: 'totp', code: totpCode(secret, at.api.app.clock.now()) }, asStorefront);
  const isBare = (reply: Answer) => {
    expect(reply.headers['set-cookie']).toBeUndefined();
    expect(reply.text).not.toMatch(/accessToken|refreshToken|deviceToken/);
  };

  test('link/complete asks for it; the link is stored only with it', async () => {
    const { person, userId, secret } = await withFactor();
    const { flowId } = linkNeeded(await signIn(at, person));
    const reply = await withPassword(flowId);
    isBare(reply);
    const { challengeId } = mfaNeeded(reply);
    expect(await linksOf(userId)).toBe(0);
    expect(refusal(await withPassword(flowId))).toBe('410 flow_expired');
    const { session } = signedIn(await answer(challengeId, secret));
    expect(session).toMatchObject({ acr: 'aal2', amr: ['pwd', 'fed', 'otp', 'mfa'] });
    expect(await linksOf(userId)).toBe(1);
    expect(await eventsOf(userId, 'identity.identity.linked')).toHaveLength(1);
  });

  test('Google by redirect and by ID token ask for it', async () => {
    const { person, secret } = await withFactor();
    const { flowId } = linkNeeded(await signIn(at, person));
    signedIn(await answer(mfaNeeded(await withPassword(flowId)).challengeId, secret));
    at.api.app.clock.advance(60);
    const byToken = await signIn(at, person);
    const byRedirect = await at.api.post('/auth/handoff', await handoffOf(at, person), asStorefront);
    for (const reply of [byToken, byRedirect]) {
      isBare(reply);
      expect(mfaNeeded(reply).methods).toEqual(['totp', 'recovery_code']);
    }
    const { session } = signedIn(await answer(mfaNeeded(byToken).challengeId, secret));
    expect(session.amr).toEqual(['fed', 'otp', 'mfa']);
  });

  test('a link that somebody else got meanwhile is not stored, and the proved sign-in stands', async () => {
    const { person, userId, secret } = await withFactor();
    const { flowId } = linkNeeded(await signIn(at, person));
    const { challengeId } = mfaNeeded(await withPassword(flowId));
    await signIn(at, { ...person, email: freshEmail() });
    signedIn(await answer(challengeId, secret));
    expect(await linksOf(userId)).toBe(0);
  });
});

describe('accounts that may not sign in', () => {
  test('P1 a staff address answers as a taken one: a flow that nothing opens', async () => {
    const email = await someone(at.api, 'staff');
    const reply = await signIn(at, googlePerson(email));
    const { flowId, ...link } = linkNeeded(reply);
    const {
      flowId: _other,
      email: _email,
      person: _person,
      userId: _userId,
      tokens: _tokens,
      destination: _destination,
      ...usual
    } = await claimed();
    expect({ ...link, destination: '' }).toEqual({ ...usual, destination: '' });
    const code = await sentCode(flowId);
    expect(refusal(await withCode(flowId, code))).toBe('401 otp_invalid');
    for (let count = 0; count < 4; count += 1)
      expect(refusal(await withPassword(flowId, 'a quiet lantern over Lagos'))).toBe('401 invalid_credentials');
    expect(refusal(await withPassword(flowId))).toBe('401 otp_exhausted');
  });

  test('a closed account too', async () => {
    const { flowId, methods } = linkNeeded(await signIn(at, googlePerson(await someone(at.api, 'closed'))));
    expect(methods).toEqual(['password', 'otp']);
    expect(refusal(await withPassword(flowId))).toBe('401 invalid_credentials');
  });

  test('a suspended one is told after its proof only', async () => {
    const { flowId } = linkNeeded(await signIn(at, googlePerson(await someone(at.api, 'suspended'))));
    expect(refusal(await withPassword(flowId, 'wrong'))).toBe('401 invalid_credentials');
    expect(refusal(await withPassword(flowId))).toBe('403 account_suspended');
    expect(refusal(await withPassword(flowId))).toBe('410 flow_expired');
  });

  test('one that was closed since the flow began is over', async () => {
    const { flowId, userId } = await claimed();
    await setUser(at.api, userId, { status: 'closed' });
    expect(refusal(await withPassword(flowId))).toBe('410 flow_expired');
  });

  test('a password that was switched off proves nothing, and is not offered', async () => {
    const { email, flowId, userId } = await claimed();
    await arrange(at.api.app, (prisma) => prisma.user.updateMany({ where: { id: userId }, data: { passwordDisabled: true } }));
    expect(refusal(await withPassword(flowId))).toBe('403 password_disabled');
    expect(refusal(await withPassword(flowId, 'wrong'))).toBe('401 invalid_credentials');
    expect(linkNeeded(await signIn(at, googlePerson(email))).methods).toEqual(['otp']);
  });
});

test('an account that is frozen after a report takes no new way in', async () => {
  const { flowId, userId } = await claimed();
  const frozenUntil = new Date(at.api.app.clock.now().getTime() + 3_600_000);
  await arrange(at.api.app, (prisma) => prisma.user.updateMany({ where: { id: userId }, data: { frozenUntil } }));
  expect(refusal(await withPassword(flowId))).toBe('403 account_frozen');
  expect(await linksOf(userId)).toBe(0);
});

describe('one identity, one account', () => {
  test('an identity that went elsewhere meanwhile is 409, and nothing is linked', async () => {
    const { flowId, person, userId } = await claimed();
    signedIn(await signIn(at, { ...person, email: freshEmail() }));
    expect(refusal(await withPassword(flowId))).toBe('409 identity_in_use');
    expect(await linksOf(userId)).toBe(0);
  });

  test('two flows of one identity and account: both sign in, one link', async () => {
    const { flowId, person, userId } = await claimed();
    const { flowId: second } = linkNeeded(await signIn(at, person));
    signedIn(await withPassword(flowId));
    signedIn(await withPassword(second));
    expect(await linksOf(userId)).toBe(1);
    expect(await eventsOf(userId, 'identity.identity.linked')).toHaveLength(1);
  });

  test('erasure forgets the identity: it can sign up anew', async () => {
    const person = googlePerson();
    const { user } = signedIn(await signIn(at, person));
    await at.api.app.as({ kind: 'system', name: 'test' }, () =>
      runCommand(at.api.app.deps, systemCommands.repeatErasure, { input: { id: user.id } }),
    );
    const anew = signedIn(await signIn(at, person));
    expect(anew.created).toBe(true);
    expect(anew.user.id).not.toBe(user.id);
  });
});
