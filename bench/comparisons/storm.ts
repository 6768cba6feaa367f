import { setTimeout as pause } from 'node:timers/promises';
import { hash } from 'bcrypt';
import { withDatabase } from '../../prisma/runner/with-database.ts';
import { compare, type Variant } from '../compare.ts';
import { runSql } from '../ground.ts';
import { type Ask, expectStatus, json, openConnection } from '../load.ts';
import { makePeople, password, productionCost } from '../people.ts';
import { readUntil } from '../readers.ts';
import { type Server, startServer } from '../server.ts';
import type { Suite } from '../suite.ts';

const clients = 16;
const signIns = 32;
const cheap: Ask = { method: 'GET', path: '/api/v1/auth/config' };
const idleMs = 2_000;

/** Sixteen clients sign in without a pause while others read a cheap endpoint. */
export const storm: Suite = {
  name: 'storm',
  async run(ground) {
    const adminUrl = await ground.newDatabase();
    const people = await makePeople(ground, adminUrl, clients);
    const plainUrl = await plainDatabase(adminUrl);
    const product = await startServer(['src/main.ts', 'web'], ground.envOf(adminUrl));
    const plain = await startServer(['bench/peers/express-login.ts'], { DATABASE_URL: plainUrl });
    const logIn = (lane: number) => {
      const person = people[lane];
      return json('/api/v1/auth/login', { email: person?.email, password }, { 'X-Device-Token': person?.deviceToken ?? '' });
    };
    const shaped: Variant = {
      name: 'during the storm',
      run: async () => (await runStorm(product, logIn)).p99,
    };
    const idle: Variant = { name: 'idle', run: () => readUntil(pause(idleMs), product, cheap) };
    const rate: Variant = { name: 'product', run: async () => (await runStorm(product, logIn)).msPerSignIn };
    const unshaped: Variant = { name: 'unshaped Express', run: async () => (await runStorm(plain, logIn)).msPerSignIn };
    try {
      return [
        await compare({
          name: 'cheap endpoint in a sign-in storm, p99',
          unit: 'ms',
          kind: 'time',
          bar: 2,
          product: shaped,
          peer: idle,
          rounds: 5,
          warmUps: 1,
        }),
        await compare({
          name: 'sign-ins of 16 clients at once',
          unit: 'ms per sign-in',
          kind: 'rate',
          bar: 0.95,
          product: rate,
          peer: unshaped,
          rounds: 5,
          warmUps: 1,
        }),
      ];
    } finally {
      await Promise.all([product.stop(), plain.stop()]);
    }
  },
};

async function runStorm(server: Server, logIn: (lane: number) => Ask): Promise<{ p99: number; msPerSignIn: number }> {
  const began = performance.now();
  const crowd = signInAll(server.port, logIn);
  const p99 = await readUntil(crowd, server, cheap);
  await crowd;
  return { p99, msPerSignIn: (performance.now() - began) / signIns };
}

/** A client that is told to come back (503) does so; only completed sign-ins count. */
async function signInAll(port: number, logIn: (lane: number) => Ask): Promise<void> {
  let left = signIns;
  const work = async (lane: number): Promise<void> => {
    const line = await openConnection(port);
    while (left > 0) {
      left -= 1;
      for (;;) {
        const answer = await line.ask(logIn(lane));
        if (answer.status !== 503) {
          expectStatus(answer, 200);
          break;
        }
        await pause(250);
      }
    }
    line.close();
  };
  await Promise.all(Array.from({ length: clients }, (_, lane) => work(lane)));
}

/** What an ordinary server would have: one table of people with a bcrypt hash each. */
async function plainDatabase(adminUrl: string): Promise<string> {
  const name = 'bench_plain_login';
  await runSql(adminUrl, `CREATE DATABASE ${name}`);
  const url = withDatabase(adminUrl, name);
  await runSql(url, 'CREATE SCHEMA plain');
  await runSql(url, 'CREATE TABLE plain.person (email text PRIMARY KEY, hash text NOT NULL)');
  await runSql(
    url,
    'CREATE TABLE plain.session (id uuid PRIMARY KEY, email text NOT NULL, token text NOT NULL, at timestamptz NOT NULL DEFAULT now())',
  );
  const stored = await hash(password, productionCost);
  await runSql(url, `INSERT INTO plain.person SELECT 'person-' || n || '@example.com', $1 FROM generate_series(0, ${clients - 1}) AS n`, [
    stored,
  ]);
  return url;
}
