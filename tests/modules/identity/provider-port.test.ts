import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../src/foundation/command/command.ts';
import { runCommand } from '../../../src/foundation/command/run-command.ts';
import { AppError } from '../../../src/foundation/errors/app-error.ts';
import { contactOf } from '../../../src/modules/identity/contact.ts';
import { googleOf } from '../../../src/modules/identity/google/google-provider.ts';
import type { ProviderPort, VouchedPerson } from '../../../src/modules/identity/google/provider.ts';
import { type ProviderOutcome, signInWithProvider } from '../../../src/modules/identity/google/provider-sign-in.ts';
import { commands, queries } from '../../../src/modules/identity/index.ts';
import { anonymous, startTestApp, type TestApp } from '../../support/app.ts';
import { createTestClock } from '../../support/clock.ts';
import { type OidcIssuer, startIssuer } from '../../support/oidc-issuer.ts';
import { arrange, caller, freshEmail, password, refusalCode, registerPerson, run, tokensOf } from './people.ts';

let app: TestApp & { stop(): Promise<void> };
let issuer: OidcIssuer;
beforeAll(async () => {
  const clock = createTestClock();
  issuer = await startIssuer(clock);
  app = await startTestApp(issuer.env);
});
afterAll(async () => {
  await app.stop();
  await issuer.stop();
});

const person = { sub: 'contract-1', email: 'Contract@Example.com', email_verified: true, given_name: 'Ada', nonce: 'n' };

/** A second provider of the simplest kind: its tokens are JSON with a word in front. */
const fake = (): ProviderPort => ({
  name: 'facebook',
  isEnabled: true,
  issuer: 'https://www.facebook.example',
  async readIdToken(idToken) {
    if (!idToken.startsWith('signed:')) return null;
    const { sub, email, email_verified: isVerified, given_name: firstName, nonce } = JSON.parse(idToken.slice(7));
    const contact = isVerified === true ? contactOf(app.deps, { kind: 'email', value: String(email).toLowerCase() }) : null;
    return { provider: 'facebook', issuer: this.issuer, subject: sub, email: contact, firstName, lastName: null, nonce };
  },
});

const ports: [string, () => ProviderPort, (claims: object) => Promise<string>][] = [
  ['google', () => googleOf(app.deps), (claims) => issuer.idToken({ ...claims })],
  ['a second provider', fake, async (claims) => `signed:${JSON.stringify(claims)}`],
];

describe.each(ports)('F25 the contract of %s', (_name, port, token) => {
  test('tells who it is: account key, verified address in its stored form, names, nonce', async () => {
    const { name, issuer: key } = port();
    expect(await port().readIdToken(await token(person), 'handed_in')).toMatchObject({
      provider: name,
      issuer: key,
      subject: 'contract-1',
      email: { value: 'contract@example.com' },
      firstName: 'Ada',
      lastName: null,
      nonce: 'n',
    });
  });

  test('an address that is not verified is none', async () => {
    expect(await port().readIdToken(await token({ ...person, email_verified: false }), 'redirect')).toMatchObject({ email: null });
  });

  test('what is not right is null, not an error', async () => {
    expect(await port().readIdToken('x.y.z', 'redirect')).toBeNull();
  });

  test('reading uses nothing up', async () => {
    const given = await token(person);
    expect(await port().readIdToken(given, 'redirect')).toEqual(await port().readIdToken(given, 'redirect'));
  });
});

const signIn = (given: VouchedPerson) =>
  run(
    app,
    defineCommand<object, ProviderOutcome>({
      name: 'sign-in-by-test',
      resource: 'auth',
      access: 'public',
      input: z.object({}),
      run: (scope) =>
        signInWithProvider(scope, { person: given, role: 'client', termsVersion: null, ...caller, closedCode: 'idtoken_invalid' }),
    }),
    {},
  );

const vouchedFor = (provider: 'google' | 'facebook', subject: string, email = freshEmail()): VouchedPerson => ({
  provider,
  issuer: `https://${provider}.example`,
  subject,
  email: contactOf(app.deps, { kind: 'email', value: email }),
  firstName: null,
  lastName: null,
});

describe('everything behind the port', () => {
  const userOf = ({ outcome }: ProviderOutcome) => {
    if (outcome.kind === 'link') throw new Error('A link was asked for');
    return tokensOf(outcome).user;
  };

  test('one subject at two issuers is two people', async () => {
    const google = userOf(await signIn(vouchedFor('google', 'same')));
    const facebook = userOf(await signIn(vouchedFor('facebook', 'same')));
    expect(google.id).not.toBe(facebook.id);
    expect(await queries.listIdentities(app.deps, facebook.id)).toMatchObject([{ provider: 'facebook' }]);
    expect(userOf(await signIn(vouchedFor('facebook', 'same'))).id).toBe(facebook.id);
  });

  test('an address of an account of another provider asks for its proof', async () => {
    const first = vouchedFor('google', 'first');
    userOf(await signIn(first));
    expect(await signIn(vouchedFor('facebook', 'second', first.email.value))).toMatchObject({
      created: false,
      outcome: { kind: 'link', methods: ['otp'] },
    });
  });
});

describe('races that no call over the wire can be made to lose', () => {
  const linkOf = async (deps: CommandDeps) => {
    const { email } = await registerPerson(app);
    const { outcome } = await signIn(vouchedFor('google', `race-${email}`, email));
    if (outcome.kind !== 'link') throw new Error('No link was asked for');
    const input = { flowId: outcome.flowId, proof: { method: 'password', password }, ...caller };
    return { email, complete: () => app.as(anonymous, () => runCommand(deps, commands.completeLink, { input })) };
  };

  test('a password that was changed between comparison and lock proves nothing', async () => {
    const changed = { email: '' };
    const verify: CommandDeps['hasher']['verify'] = async (...given) => {
      const check = await app.deps.hasher.verify(...given);
      const passwordHash = await app.deps.hasher.hash('quite another password');
      const emailBidx = new Uint8Array(app.deps.keyring.blindIndex('email', changed.email));
      await arrange(app, (prisma) => prisma.credential.updateMany({ where: { user: { emailBidx } }, data: { passwordHash } }));
      return check;
    };
    const { email, complete } = await linkOf({ ...app.deps, hasher: { ...app.deps.hasher, verify } });
    changed.email = email;
    expect(await refusalCode(complete())).toBe('invalid_credentials');
  });

  test('a full hashing queue is 503 and uses no try', async () => {
    const verify = () => Promise.reject(new AppError('overloaded', { retryAfterSeconds: 1 }));
    const { complete } = await linkOf({ ...app.deps, hasher: { ...app.deps.hasher, verify } });
    for (let count = 0; count < 20; count += 1) expect(await refusalCode(complete())).toBe('overloaded');
  });

  test('an ID token of the redirect leg makes one handoff', async () => {
    const input = {
      idToken: await issuer.idToken({ ...person, sub: 'once' }),
      ...{ nonce: 'n', clientId: 'browser', intent: 'login', codeChallenge: 'c', role: 'client', termsVersion: null },
    };
    expect((await run(app, commands.finishOauth, input)).handoff).toHaveLength(43);
    expect(await refusalCode(run(app, commands.finishOauth, input))).toBe('idtoken_replayed');
  });
});

describe('GET /account/identities', () => {
  test('of an account that is gone is refused', async () => {
    await expect(queries.listIdentities(app.deps, '019aa000-0000-7000-8000-000000000000')).rejects.toThrow('Session has ended');
  });
});
