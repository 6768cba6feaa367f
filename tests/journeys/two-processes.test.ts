import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outcomeOf, textAt } from '../../scripts/attack/case.ts';
import { api, type Ground, openGround } from '../../scripts/attack/ground.ts';
import { type Answer, openTarget } from '../../scripts/attack/target.ts';
import { type Lab, startLab } from '../support/lab.ts';

let lab: Lab;
let other: Awaited<ReturnType<Lab['startAnother']>>;
/** The same product behind two addresses; everything they agree on, they agree on through the database. */
let both: readonly [Ground, Ground];
beforeAll(async () => {
  lab = await startLab(async () => undefined);
  other = await lab.startAnother();
  const options = { clientId: 'storefront-bff', forwardingSecret: 'dev-forwarding-secret' };
  both = [openGround(openTarget(lab.origin), options), openGround(openTarget(other.origin), options)];
}, 240_000);
afterAll(async () => {
  await other?.stop();
  await lab?.stop();
});

/** The n-th call goes to the n-th process, in turn, all at once. */
const spread = (count: number, call: (ground: Ground, n: number) => Promise<Answer>) =>
  Promise.all(Array.from({ length: count }, (_, n) => call(both[n % 2 === 0 ? 0 : 1], n)));
const password = 'Adire-lantern-29-cloth';

async function pendingFlow(): Promise<{ email: string; flowId: string; code: string }> {
  const email = both[0].newEmail();
  const started = await both[0].post('/auth/register', { email, password });
  const { code } = await both[1].message(email, 'otp_register');
  return { email, flowId: textAt(started, 'flowId'), code: code ?? '' };
}

describe('two web processes on one database', () => {
  it('count one limit', async () => {
    const ip = both[0].newAddress();
    const answers = await spread(30, (ground, n) =>
      ground.shop('POST', `${api}/auth/login`, { body: { email: `nobody-${n}@example.com`, password: 'wrong' }, ip }),
    );
    expect(answers.filter((answer) => answer.status !== 429)).toHaveLength(20);
  });

  it('share the cool-down of a code', async () => {
    const ip = both[0].newAddress();
    const body = { email: both[0].newEmail() };
    const answers = await spread(6, (ground) => ground.shop('POST', `${api}/auth/otp/send`, { body, ip }));
    expect(answers.map(outcomeOf).toSorted()).toEqual(['202', ...Array.from({ length: 5 }, () => '429 otp_cooldown')]);
  });

  it('count the tries of one code together, and take a right one once', async () => {
    const guessed = await pendingFlow();
    const wrong = guessed.code === '000000' ? '000001' : '000000';
    const guesses = await spread(30, (ground) => ground.post('/auth/register/verify', { flowId: guessed.flowId, code: wrong }));
    expect(guesses.filter((answer) => outcomeOf(answer) === '401 otp_invalid')).toHaveLength(5);
    expect(outcomeOf(await both[1].post('/auth/register/verify', { flowId: guessed.flowId, code: guessed.code }))).toBe(
      '401 otp_exhausted',
    );

    const { flowId, code } = await pendingFlow();
    const right = await spread(10, (ground) => ground.post('/auth/register/verify', { flowId, code }));
    expect(right.filter((answer) => answer.status === 201)).toHaveLength(1);
  });

  it('run one Idempotency-Key once', async () => {
    const email = both[0].newEmail();
    const headers = { 'Idempotency-Key': 'two-processes-1' };
    const ip = both[0].newAddress();
    const answers = await spread(8, (ground) => ground.shop('POST', `${api}/auth/register`, { body: { email, password }, headers, ip }));
    const done = answers.filter((answer) => answer.status === 202);
    expect(new Set(done.map((answer) => textAt(answer, 'flowId'))).size).toBe(1);
    for (const answer of answers) expect(['202', '409 idempotency_in_progress']).toContain(outcomeOf(answer));
    await both[0].message(email, 'otp_register');
    expect((await both[1].messages(email)).filter(({ template }) => template === 'otp_register')).toHaveLength(1);
  });

  it('rotate a refresh token to one successor, and both see the family end', async () => {
    const person = await both[0].newPerson();
    const first = await spread(20, (ground) => ground.post('/auth/token/refresh', { refreshToken: person.refreshToken }));
    expect(first.map((answer) => answer.status)).toEqual(Array.from({ length: 20 }, () => 200));
    const [child = ''] = new Set(first.map((answer) => textAt(answer, 'refreshToken')));
    expect(new Set(first.map((answer) => textAt(answer, 'refreshToken'))).size).toBe(1);
    expect((await both[1].post('/auth/token/refresh', { refreshToken: child })).status).toBe(200);
    expect(outcomeOf(await both[0].post('/auth/token/refresh', { refreshToken: person.refreshToken }))).toBe('401 refresh_token_reused');
    for (const ground of both)
      expect(outcomeOf(await ground.shop('GET', `${api}/account`, { accessToken: person.accessToken }))).toBe('401 session_revoked');
  });

  it('take each other’s access tokens, and refuse them at once after a sign-out at the other', async () => {
    const { accessToken } = await both[0].newPerson();
    const account = (ground: Ground) => ground.shop('GET', `${api}/account`, { accessToken });
    for (const ground of [both[0], both[1], both[0], both[1]]) expect((await account(ground)).status).toBe(200);
    expect((await both[0].post('/auth/logout', {}, accessToken)).status).toBe(204);
    expect(outcomeOf(await account(both[1]))).toBe('401 session_revoked');
    const sets = await Promise.all(both.map((ground) => ground.target.ask('GET', '/.well-known/jwks.json')));
    expect(sets[0]?.text).toBe(sets[1]?.text);
  });
});
