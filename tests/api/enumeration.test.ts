import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pending } from '../../src/api/shapes.ts';
import { type Answer, type Api, codeOf, goodPassword as password, refusal, shaped, startApi, wrongCodeFor } from './support/api.ts';
import { type Standing, someone, standings } from './support/standing.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
});
afterAll(() => api.stop());

const changing = new Set(['date', 'ratelimit', 'etag']);
const headers = { 'X-Request-Id': 'one-request-id' };
const post = (path: string, body: object) => api.post(path, body, headers);

/** All of an answer that may not differ: status, headers with their values, body; flow ids and what the caller typed taken out. */
function outside(answer: Answer): unknown {
  const kept = Object.entries(answer.headers).filter(([name]) => !changing.has(name));
  const body = answer.text.replace(/"flowId":"[^"]*"/, '"flowId":"?"').replace(/"destination":"[^"]*"/, '"destination":"?"');
  return { status: answer.status, names: Object.keys(answer.headers), kept, body, length: answer.text.length };
}

/** What one caller sees of a code flow that they may not finish: wrong codes to the end, and sending again. */
async function throughFlow(started: Answer, verifyPath: string): Promise<unknown[]> {
  const { flowId } = shaped(pending, started);
  const wrong = { flowId, code: wrongCodeFor(codeOf(api, flowId)) };
  const seen = [outside(started), outside(await post('/auth/otp/resend', { flowId }))];
  for (let tried = 0; tried < 6; tried += 1) seen.push(outside(await post(verifyPath, wrong)));
  return seen;
}

/** Each route with the steps that follow it. */
const stories: Readonly<Record<string, (email: string) => Promise<unknown[]>>> = {
  'register, resend and register/verify': async (email) =>
    throughFlow(await post('/auth/register', { email, password }), '/auth/register/verify'),
  'otp/send, resend and otp/verify': async (email) => [
    ...(await throughFlow(await post('/auth/otp/send', { email }), '/auth/otp/verify')),
    outside(await post('/auth/otp/send', { email })),
  ],
  'password/forgot, resend and reset/verify': async (email) =>
    throughFlow(await post('/auth/password/forgot', { email }), '/auth/password/reset/verify'),
  'login, until it is refused unlooked at': async (email) => {
    const seen = [];
    for (let tried = 0; tried < 7; tried += 1) seen.push(outside(await post('/auth/login', { email, password: `wrong-${tried}` })));
    return seen;
  },
  'a reset with what is no token': async () => [outside(await post('/auth/password/reset', { resetToken: 'nonsense', password }))],
};

describe('P1 nobody is told from outside whether an identifier is known', () => {
  it.each(Object.keys(stories))('by %s: bytes, header names and values, and the count at which it is refused', async (name) => {
    const seen = new Map<Standing, unknown[]>();
    const story = stories[name];
    // The clock stands still within a story, so that waits are the same to the second.
    for (const standing of standings) {
      const email = await someone(api, standing);
      api.app.clock.advance(3601);
      seen.set(standing, (await story?.(email)) ?? []);
    }
    const unknown = seen.get('unknown');
    expect(unknown?.length).toBeGreaterThan(0);
    for (const standing of standings) expect(seen.get(standing), standing).toEqual(unknown);
  });

  it('U16 by otp/send: the same 202 and the same work, of which only a known one has an effect', async () => {
    const { prisma } = api.app.deps.database;
    const [known, unknown] = [await someone(api, 'known'), await someone(api, 'unknown')];
    const rows = async (email: string) => {
      const { flowId } = shaped(pending, await post('/auth/otp/send', { email }));
      const flow = await prisma.otpFlow.findUniqueOrThrow({ where: { id: flowId } });
      return {
        decoy: flow.decoy,
        hasCode: flow.codeHash?.length,
        events: await prisma.outboxEvent.count({ where: { aggregateId: flowId } }),
      };
    };
    expect(await rows(known)).toEqual({ decoy: false, hasCode: 32, events: 1 });
    expect(await rows(unknown)).toEqual({ decoy: true, hasCode: 32, events: 1 });
  });

  it('P2 by hashing: a taken identifier costs a registration one hash, like a free one', async () => {
    const { hasher } = api.app.deps;
    const { hash } = hasher;
    let hashed = 0;
    hasher.hash = (secret) => {
      hashed += 1;
      return hash(secret);
    };
    try {
      for (const standing of standings) {
        const email = await someone(api, standing);
        hashed = 0;
        expect((await post('/auth/register', { email, password })).status).toBe(202);
        expect(hashed).toBe(1);
      }
      hashed = 0;
      expect(refusal(await post('/auth/password/reset', { resetToken: 'A'.repeat(43), password }))).toBe('410 token_expired');
      expect(hashed).toBe(0);
    } finally {
      hasher.hash = hash;
    }
  });
});
