import { withDatabase } from '../../prisma/runner/with-database.ts';
import { compare, type Variant } from '../compare.ts';
import { runSql } from '../ground.ts';
import { type Ask, drive, expectStatus, json, openConnection } from '../load.ts';
import { makePeople, type Person, password } from '../people.ts';
import { type Server, startServer } from '../server.ts';
import type { Suite } from '../suite.ts';

const atOnce = 2;
const perRound = 8;
const readsPerRound = 400;
const perPerson = { peers: 8 };

/** Of an answer that hashes, this much must be hashing: the bar that platform.md sets against raw bcrypt. */
const hashingBar = 0.95;

/**
 * The product beside better-auth, both hashing by bcrypt at one cost. The specification names no bar for it. Their work differs:
 * the product writes audit, session family, login event and outbox at each sign-in.
 */
export const betterAuth: Suite = {
  name: 'better-auth',
  async run(ground) {
    const adminUrl = await ground.newDatabase();
    const people = await makePeople(ground, adminUrl, perPerson.peers);
    await runSql(adminUrl, 'CREATE DATABASE bench_better_auth');
    const product = await startServer(['src/main.ts', 'web'], ground.envOf(adminUrl));
    const peer = await startServer(['bench/peers/better-auth.ts'], { DATABASE_URL: withDatabase(adminUrl, 'bench_better_auth') });
    try {
      const cookies = await signUpPeers(peer);
      const pairs = { product, peer, people, cookies };
      return [await signUps(pairs), await signIns(pairs), await sessionChecks(pairs)];
    } finally {
      await Promise.all([product.stop(), peer.stop()]);
    }
  },
};

type Pairs = { product: Server; peer: Server; people: readonly Person[]; cookies: readonly string[] };

const addressOf = (n: number) => `peer-${n}@example.com`;
/** Their check of Origin is on in production. */
const fromItself = (server: Server) => ({ Origin: `http://127.0.0.1:${server.port}` });

async function signUpPeers(peer: Server): Promise<string[]> {
  const line = await openConnection(peer.port);
  const cookies: string[] = [];
  for (let n = 0; n < perPerson.peers; n += 1) {
    const answer = await line.ask(json('/api/auth/sign-up/email', { email: addressOf(n), password, name: 'Ada Obi' }, fromItself(peer)));
    expectStatus(answer, 200);
    cookies.push(/set-cookie: *([^;\r\n]+)/i.exec(answer.head)?.[1] ?? '');
  }
  line.close();
  return cookies;
}

/** Whole process, threads included. */
function processorTime(name: string, server: Server, ask: (n: number) => Ask, status: number): Variant {
  return {
    name,
    async run() {
      const before = await server.usage();
      await drive({ port: server.port, connections: atOnce, requests: perRound, ask, status });
      return ((await server.usage()).cpuMs - before.cpuMs) / perRound;
    },
  };
}

function signUps({ product, peer }: Pairs) {
  let count = 0;
  const next = () => `new-${count++}@example.com`;
  return compare({
    name: 'sign-up, processor time per answer',
    unit: 'CPU ms',
    kind: 'rate',
    bar: hashingBar,
    product: processorTime('product', product, () => json('/api/v1/auth/register', { email: next(), password, role: 'client' }), 202),
    peer: processorTime(
      'better-auth',
      peer,
      () => json('/api/auth/sign-up/email', { email: next(), password, name: 'Ada Obi' }, fromItself(peer)),
      200,
    ),
    rounds: 7,
    warmUps: 2,
  });
}

function signIns({ product, peer, people }: Pairs) {
  const ours = (n: number) => {
    const person = people[n % people.length];
    return json('/api/v1/auth/login', { email: person?.email, password }, { 'X-Device-Token': person?.deviceToken ?? '' });
  };
  return compare({
    name: 'password sign-in, processor time per answer',
    unit: 'CPU ms',
    kind: 'rate',
    bar: hashingBar,
    product: processorTime('product', product, ours, 200),
    peer: processorTime(
      'better-auth',
      peer,
      (n) => json('/api/auth/sign-in/email', { email: addressOf(n), password }, fromItself(peer)),
      200,
    ),
    rounds: 7,
    warmUps: 2,
  });
}

/** "Who is this?" with a session that lives: a read of the session row on both sides. */
function sessionChecks({ product, peer, people, cookies }: Pairs) {
  const variant = (name: string, server: Server, ask: (n: number) => Ask): Variant => ({
    name,
    run: async () => (await drive({ port: server.port, connections: atOnce, requests: readsPerRound, ask, status: 200 })) / readsPerRound,
  });
  return compare({
    name: 'session check',
    unit: 'ms per answer',
    kind: 'rate',
    bar: 1,
    product: variant('product', product, (n) => ({
      method: 'GET',
      path: '/api/v1/account/mfa',
      headers: { Authorization: `Bearer ${people[n % people.length]?.tokens.accessToken}` },
    })),
    peer: variant('better-auth', peer, (n) => ({
      method: 'GET',
      path: '/api/auth/get-session',
      headers: { Cookie: cookies[n % cookies.length] ?? '' },
    })),
    rounds: 9,
    warmUps: 2,
  });
}
