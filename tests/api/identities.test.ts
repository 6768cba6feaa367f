import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { identity, mfaState, session } from '../../src/api/shapes.ts';
import { arrange } from '../modules/identity/people.ts';
import { bearer, browserHeaders, fieldsOf, newClient, problemOf, refusal, shaped } from './support/api.ts';
import {
  asStorefront,
  type GoogleApi,
  googlePerson,
  handoffOf,
  newToken,
  pkce,
  signedIn,
  signIn,
  startGoogleApi,
} from './support/google.ts';
import { addPasskey } from './support/passkeys.ts';
import { phoneClient, withTotp } from './support/standing.ts';
import { totpCode } from './support/totp.ts';

let at: GoogleApi & { stop(): Promise<void> };
beforeAll(async () => {
  at = await startGoogleApi();
});
afterAll(() => at.stop());

const root = '/api/v1/account/identities';
const items = async (token: string) => shaped(z.strictObject({ items: z.array(identity) }), await at.api.get(root, bearer(token))).items;
const link = (token: string, body: object, headers: Record<string, string> = {}) =>
  at.api.post('/account/identities/google', body, { ...bearer(token), ...headers });
const unlink = (token: string, id: string) => at.api.call('DELETE', `${root}/${id}`, { headers: bearer(token) });
const reauth = (token: string, body: object, headers: Record<string, string> = {}) =>
  at.api.post('/account/reauth', { method: 'google', ...body }, { ...bearer(token), ...headers });
const eventsOf = (userId: string, name: string) =>
  arrange(at.api.app, (prisma) => prisma.outboxEvent.findMany({ where: { aggregateId: userId, name } }));

/** Nonces of a client that names itself in no way, as a plain Bearer call. */
const anyone = {};

async function googleOnly() {
  const person = googlePerson();
  const { accessToken, user, session: made } = signedIn(await signIn(at, person));
  return { person, accessToken, user, session: made };
}

describe('F119 linking to the own account', () => {
  test('by ID token: listed masked, announced, and from then on a way to sign in', async () => {
    const { tokens } = await newClient(at.api);
    const person = googlePerson();
    const linked = shaped(identity, await link(tokens.accessToken, await newToken(at, person, anyone)));
    expect(linked).toMatchObject({ provider: 'google', email: expect.stringMatching(/^s\*\*\*@example\.com$/) });
    expect(await items(tokens.accessToken)).toEqual([linked]);
    expect(await eventsOf(tokens.user.id, 'identity.identity.linked')).toMatchObject([
      { payload: { userId: tokens.user.id, provider: 'google' } },
    ]);
    at.api.app.clock.advance(5);
    expect(signedIn(await signIn(at, person))).toMatchObject({ created: false, user: { id: tokens.user.id, authMethod: 'email' } });
    const [used] = await items(tokens.accessToken);
    expect(used?.linkedAt).toBe(linked.linkedAt);
    expect(used?.lastUsedAt).not.toBe(linked.lastUsedAt);
  });

  test('by redirect with intent link, for the client of the call or of the session', async () => {
    const { tokens } = await newClient(at.api, { headers: asStorefront });
    const given = await handoffOf(at, googlePerson(), { intent: 'link' });
    expect(refusal(await link(tokens.accessToken, { ...given, codeVerifier: pkce().codeVerifier }))).toBe('400 handoff_invalid');
    expect((await link(tokens.accessToken, given)).status).toBe(201);
    expect(refusal(await link(tokens.accessToken, given))).toBe('400 handoff_invalid');
    const page = await newClient(at.api);
    const ofBrowser = await handoffOf(at, googlePerson(), { intent: 'link', clientId: 'browser' });
    expect(refusal(await link(page.tokens.accessToken, ofBrowser))).toBe('400 handoff_invalid');
    expect((await link(page.tokens.accessToken, ofBrowser, browserHeaders)).status).toBe(201);
  });

  test.each(['login', 'reauth'])('a handoff of intent %s links nothing', async (intent) => {
    const { tokens } = await newClient(at.api, { headers: asStorefront });
    const given = await handoffOf(at, googlePerson(), { intent });
    expect(refusal(await link(tokens.accessToken, given))).toBe('400 handoff_invalid');
    expect(await items(tokens.accessToken)).toEqual([]);
  });

  test('a number gets Google as its first way besides the password', async () => {
    const { tokens } = await phoneClient(at.api, '+2347000008123');
    const person = googlePerson();
    expect((await link(tokens.accessToken, await newToken(at, person, anyone))).status).toBe(201);
    expect(signedIn(await signIn(at, person)).user.id).toBe(tokens.user.id);
  });

  test('U28 two accounts never hold one identity', async () => {
    const { person } = await googleOnly();
    const { tokens } = await newClient(at.api);
    expect(refusal(await link(tokens.accessToken, await newToken(at, person, anyone)))).toBe('409 identity_in_use');
    const own = googlePerson();
    expect((await link(tokens.accessToken, await newToken(at, own, anyone))).status).toBe(201);
    expect(refusal(await link(tokens.accessToken, await newToken(at, own, anyone)))).toBe('409 identity_exists');
    expect(await items(tokens.accessToken)).toHaveLength(1);
  });

  test('P17 ten accounts race for one identity: one gets it', async () => {
    const person = googlePerson();
    const people = await Promise.all(Array.from({ length: 6 }, () => newClient(at.api)));
    const tokens = await Promise.all(people.map(() => newToken(at, person, anyone)));
    const answers = await Promise.all(people.map(({ tokens: { accessToken } }, index) => link(accessToken, tokens[index] ?? {})));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });

  test('needs a proof of the last five minutes, whatever is shown', async () => {
    const { tokens } = await newClient(at.api);
    at.api.app.clock.advance(301);
    const answer = await link(tokens.accessToken, { idToken: 'a.b.c', nonce: 'n' });
    expect(refusal(answer)).toBe('403 reauth_required');
    expect(problemOf(answer).methods).toEqual(['password', 'otp']);
    expect(refusal(await at.api.post('/account/identities/google', {}))).toBe('401 token_missing');
  });

  test('refuses what is not right, and says what is missing', async () => {
    const { tokens } = await newClient(at.api);
    const of = (body: object) => link(tokens.accessToken, body);
    const token = await newToken(at, googlePerson(), anyone);
    expect(refusal(await of({ ...token, nonce: 'another' }))).toBe('401 idtoken_invalid');
    expect(refusal(await of(await newToken(at, { ...googlePerson(), email_verified: false }, anyone)))).toBe(
      '403 provider_email_unverified',
    );
    expect((await of(token)).status).toBe(201);
    expect(refusal(await of(token))).toBe('401 idtoken_replayed');
    expect(fieldsOf(await of({}))).toEqual(['idToken: required', 'nonce: required']);
    expect(fieldsOf(await of({ idToken: 'a' }))).toEqual(['nonce: required']);
    expect(fieldsOf(await of({ codeVerifier: 'a' }))).toEqual(['handoff: required']);
    expect(fieldsOf(await of({ handoff: 'a' }))).toEqual(['codeVerifier: required']);
    expect(fieldsOf(await of({ ...token, handoff: 'a' }))).toEqual(['handoff: invalid_value']);
    expect(fieldsOf(await of({ ...token, codeVerifier: 'a' }))).toEqual(['codeVerifier: invalid_value']);
    expect(refusal(await of({ role: 'admin' }))).toBe('422 unknown_field');
  });

  test('ends the trust of devices, as every change of credentials', async () => {
    const { tokens } = await newClient(at.api);
    const trustedUntil = new Date(at.api.app.clock.now().getTime() + 86_400_000);
    const where = { userId: tokens.user.id };
    await arrange(at.api.app, (prisma) => prisma.knownDevice.updateMany({ where, data: { mfaTrustedUntil: trustedUntil } }));
    await link(tokens.accessToken, await newToken(at, googlePerson(), anyone));
    expect(await arrange(at.api.app, (prisma) => prisma.knownDevice.findMany({ where }))).toMatchObject([{ mfaTrustedUntil: null }]);
  });
});

describe('unlinking', () => {
  test('P18 the last way to sign in stays', async () => {
    const { accessToken } = await googleOnly();
    const [only] = await items(accessToken);
    expect(refusal(await unlink(accessToken, only?.id ?? ''))).toBe('409 last_credential');
    const second = shaped(identity, await link(accessToken, await newToken(at, googlePerson(), anyone)));
    expect((await unlink(accessToken, only?.id ?? '')).status).toBe(204);
    expect(refusal(await unlink(accessToken, second.id))).toBe('409 last_credential');
    expect(await items(accessToken)).toHaveLength(1);
  });

  test('with a password it goes, announced, and signs in no more', async () => {
    const { tokens } = await newClient(at.api);
    const person = googlePerson();
    const { id } = shaped(identity, await link(tokens.accessToken, await newToken(at, person, anyone)));
    expect((await unlink(tokens.accessToken, id)).status).toBe(204);
    expect(await items(tokens.accessToken)).toEqual([]);
    expect(await eventsOf(tokens.user.id, 'identity.identity.unlinked')).toHaveLength(1);
    expect(refusal(await unlink(tokens.accessToken, id))).toBe('404 not_found');
    expect(signedIn(await signIn(at, person))).toMatchObject({ created: true });
  });

  test('the owner sees the events', async () => {
    const { accessToken } = await googleOnly();
    const { id } = shaped(identity, await link(accessToken, await newToken(at, googlePerson(), anyone)));
    await unlink(accessToken, id);
    const page = z.looseObject({ items: z.array(z.looseObject({ type: z.string() })) });
    const { items: events } = shaped(page, await at.api.get('/api/v1/account/security-events', bearer(accessToken)));
    expect(events.map((event) => event.type).reverse()).toEqual(['registered', 'sign_in', 'identity_linked', 'identity_unlinked']);
  });

  test("another person's is 404, and so is what is no id", async () => {
    const { accessToken } = await googleOnly();
    const [theirs] = await items(accessToken);
    const { tokens } = await newClient(at.api);
    expect(refusal(await unlink(tokens.accessToken, theirs?.id ?? ''))).toBe('404 not_found');
    expect(refusal(await unlink(tokens.accessToken, 'nothing'))).toBe('404 not_found');
    expect(await items(accessToken)).toHaveLength(1);
  });

  test('needs a proof of the last five minutes', async () => {
    const { accessToken } = await googleOnly();
    const [only] = await items(accessToken);
    at.api.app.clock.advance(301);
    const answer = await unlink(accessToken, only?.id ?? '');
    expect([refusal(answer), problemOf(answer).methods]).toEqual(['403 reauth_required', ['google', 'otp']]);
  });
});

describe('U10 re-authentication by Google', () => {
  const proved = z.strictObject({
    message: z.string(),
    accessToken: z.string(),
    tokenType: z.literal('Bearer'),
    expiresIn: z.literal(600),
    session,
  });

  test('by ID token, and then an authenticator is enrolled without a password', async () => {
    const { person, accessToken, session: before } = await googleOnly();
    at.api.app.clock.advance(400);
    expect(refusal(await at.api.post('/account/mfa/totp', {}, bearer(accessToken)))).toBe('403 reauth_required');
    const fresh = shaped(proved, await reauth(accessToken, await newToken(at, person, anyone)));
    expect(fresh.session).toMatchObject({ id: before.id, acr: 'aal1', amr: ['fed'] });
    expect(Date.parse(fresh.session.authTime)).toBeGreaterThan(Date.parse(before.authTime));
    const { enrolId, secret } = shaped(
      z.looseObject({ enrolId: z.string(), secret: z.string() }),
      await at.api.post('/account/mfa/totp', {}, bearer(fresh.accessToken)),
    );
    const code = totpCode(secret, at.api.app.clock.now());
    expect((await at.api.post('/account/mfa/totp/confirm', { enrolId, code }, bearer(fresh.accessToken))).status).toBe(200);
    expect(shaped(mfaState, await at.api.get('/api/v1/account/mfa', bearer(fresh.accessToken))).totp.enabled).toBe(true);
  });

  test('by redirect with intent reauth, once, and with no other intent', async () => {
    const { person, accessToken } = await googleOnly();
    for (const intent of ['login', 'link']) {
      expect(refusal(await reauth(accessToken, await handoffOf(at, person, { intent })))).toBe('400 handoff_invalid');
    }
    const given = await handoffOf(at, person, { intent: 'reauth' });
    shaped(proved, await reauth(accessToken, given));
    expect(refusal(await reauth(accessToken, given))).toBe('400 handoff_invalid');
  });

  test('only with an identity of this very account', async () => {
    const { person, accessToken } = await googleOnly();
    const other = await googleOnly();
    expect(refusal(await reauth(accessToken, await newToken(at, other.person, anyone)))).toBe('401 idtoken_invalid');
    expect(refusal(await reauth(accessToken, await newToken(at, googlePerson(), anyone)))).toBe('401 idtoken_invalid');
    expect(refusal(await reauth(accessToken, await newToken(at, googlePerson(person.email), anyone)))).toBe('401 idtoken_invalid');
    const given = await handoffOf(at, other.person, { intent: 'reauth' });
    expect(refusal(await reauth(accessToken, given))).toBe('401 idtoken_invalid');
    const { email, tokens } = await newClient(at.api);
    expect(refusal(await reauth(tokens.accessToken, await newToken(at, googlePerson(email), anyone)))).toBe('401 idtoken_invalid');
  });

  test('U26 a token or nonce that was used proves nothing', async () => {
    const { person, accessToken } = await googleOnly();
    const token = await newToken(at, person, anyone);
    shaped(proved, await reauth(accessToken, token));
    expect(refusal(await reauth(accessToken, token))).toBe('401 idtoken_replayed');
    const answers = await Promise.all(
      (await Promise.all([1, 2, 3, 4].map(() => at.issuer.idToken({ ...person, nonce: token.nonce })))).map((idToken) =>
        reauth(accessToken, { idToken, nonce: token.nonce }),
      ),
    );
    expect(answers.map(refusal)).toEqual(Array.from({ length: 4 }, () => expect.stringMatching(/^401 idtoken_(invalid|replayed)$/)));
    expect(fieldsOf(await reauth(accessToken, {}))).toEqual(['idToken: required', 'nonce: required']);
  });

  test('does not stand for a second factor', async () => {
    const { person, accessToken, user } = await googleOnly();
    await withTotp(at.api, user.id);
    const fresh = shaped(proved, await reauth(accessToken, await newToken(at, person, anyone)));
    expect(fresh.session.acr).toBe('aal1');
    const answer = await at.api.post('/account/passkeys/options', {}, bearer(fresh.accessToken));
    expect([refusal(answer), problemOf(answer).methods]).toEqual(['403 reauth_required', ['totp']]);
  });

  test('a passkey keeps the account open when Google goes', async () => {
    const { accessToken } = await googleOnly();
    await addPasskey(at.api, accessToken);
    const [only] = await items(accessToken);
    expect(refusal(await unlink(accessToken, only?.id ?? ''))).toBe('403 reauth_required');
  });
});
