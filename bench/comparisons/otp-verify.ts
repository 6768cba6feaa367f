import { createHmac } from 'node:crypto';
import { roleUrls } from '../../prisma/runner/roles.ts';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/foundation/config/config.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { compare } from '../compare.ts';
import { type Ground, runSql } from '../ground.ts';
import { drive, json } from '../load.ts';
import { makePeople, type Person } from '../people.ts';
import { startServer } from '../server.ts';
import type { Suite } from '../suite.ts';

const connections = 4;
const perRound = 60;
const rounds = 9;
const warmUps = 2;
/** Enough that nobody reaches the limit of sessions. */
const crowd = 64;

/** Signing in with a code over HTTP against the same statements sent by hand-written code. */
export const otpVerify: Suite = {
  name: 'otp-verify',
  async run(ground) {
    const adminUrl = await ground.newDatabase();
    const people = await makePeople(ground, adminUrl, crowd);
    const codes = await makeCodes(ground, adminUrl, people);
    const product = await startServer(['src/main.ts', 'web'], ground.envOf(adminUrl));
    const peer = await startServer(['bench/peers/express-otp.ts'], { DATABASE_URL: roleUrls(adminUrl).webUrl });
    const verify = async (port: number, waiting: Code[]) => {
      const ms = await drive({
        port,
        connections,
        requests: perRound,
        status: 200,
        ask: () => json('/api/v1/auth/otp/verify', waiting.pop()),
      });
      return ms / perRound;
    };
    try {
      return [
        await compare({
          name: 'sign-in with a code',
          unit: 'ms per answer',
          kind: 'rate',
          bar: 0.9,
          product: { name: 'product', run: () => verify(product.port, codes.product) },
          peer: { name: 'Express + pg', run: () => verify(peer.port, codes.peer) },
          rounds,
          warmUps,
        }),
      ];
    } finally {
      await Promise.all([product.stop(), peer.stop()]);
    }
  },
};

type Code = { flowId: string; code: string };

/** Open login flows of both sides, written as the product writes them, since asking for each would wait for cool-downs. */
async function makeCodes(ground: Ground, adminUrl: string, people: readonly Person[]): Promise<{ product: Code[]; peer: Code[] }> {
  const app = await createApp({ config: loadConfig({ ...ground.envOf(adminUrl), NODE_ENV: 'production', LOG_LEVEL: 'silent' }) });
  const { keyring } = app.deps;
  const each = perRound * (rounds + warmUps);
  const made = Array.from({ length: each * 2 }, (_, n) => {
    const flowId = newId();
    const code = keyring.otpCode(flowId, 1);
    const words = `${flowId}|${code}`;
    const isPeer = n >= each;
    const hash = isPeer ? createHmac('sha256', 'peer').update(words).digest() : keyring.keyedHash('otp/login/email', words);
    return { flowId, code, isPeer, hash: Buffer.from(hash).toString('hex'), userId: people[n % people.length]?.id };
  });
  await app.stop();
  await runSql(
    adminUrl,
    `INSERT INTO identity.otp_flow (id, purpose, channel, subject_type, subject_id, target_bidx, destination, client_id, code_hash, expires_at,
            flow_expires_at, next_send_at)
     SELECT (f->>'flowId')::uuid, 'login', 'email', 'user', u.id, u.email_bidx, 'p***@example.com', 'public', decode(f->>'hash', 'hex'),
            now() + interval '1 hour', now() + interval '1 hour', now() + interval '1 hour'
       FROM jsonb_array_elements($1::jsonb) f JOIN identity."user" u ON u.id = (f->>'userId')::uuid`,
    [JSON.stringify(made)],
  );
  const codesOf = (isPeer: boolean) => made.filter((code) => code.isPeer === isPeer).map(({ flowId, code }) => ({ flowId, code }));
  return { product: codesOf(false), peer: codesOf(true) };
}
