import { setTimeout as pause } from 'node:timers/promises';
import { compare, type Variant } from '../compare.ts';
import { type Ask, expectStatus, json, openConnection } from '../load.ts';
import { makePeople } from '../people.ts';
import { readUntil } from '../readers.ts';
import { type Server, startServer } from '../server.ts';
import type { Suite } from '../suite.ts';

const guessers = 64;
const stormMs = 6_000;
const idleMs = 3_000;
/** auth-api.md P21. */
const longestRefusalMs = 2_500;
/** What 64 waiting guesses may hold beside what the server holds anyway. */
const mostGrowthMb = 150;

/** Sixty-four clients guess passwords without a pause while others read their account. */
export const guessStorm: Suite = {
  name: 'guess-storm',
  async run(ground) {
    const adminUrl = await ground.newDatabase();
    const [person] = await makePeople(ground, adminUrl, 1);
    const server = await startServer(['src/main.ts', 'web'], ground.envOf(adminUrl));
    const account: Ask = {
      method: 'GET',
      path: '/api/v1/account',
      headers: { Authorization: `Bearer ${person?.tokens.accessToken ?? ''}` },
    };
    const stormy: Variant = { name: 'during the storm', run: () => readUntil(guessFor(server, stormMs), server, account) };
    const idle: Variant = { name: 'idle', run: () => readUntil(pause(idleMs), server, account) };
    const before = (await server.usage()).rssMb;
    try {
      const result = await compare({
        name: 'reading /account while 64 clients guess passwords, p99',
        unit: 'ms',
        kind: 'time',
        bar: 2,
        product: stormy,
        peer: idle,
        rounds: 5,
        warmUps: 1,
      });
      const growth = (await server.usage()).rssMb - before;
      if (growth > mostGrowthMb) throw new Error(`The storm left ${Math.round(growth)} MB behind`);
      return [result];
    } finally {
      await server.stop();
    }
  },
};

let serial = 0;

/** Each guess names somebody else, so that each reaches the hash: limits by identifier would end the storm at once. */
async function guessFor(server: Server, ms: number): Promise<void> {
  const end = performance.now() + ms;
  const guess = async (): Promise<void> => {
    const line = await openConnection(server.port);
    while (performance.now() < end) {
      serial += 1;
      const answer = await line.ask(json('/api/v1/auth/login', { email: `guessed-${serial}@example.com`, password: 'Wrong-lantern-29' }));
      if (answer.status !== 503) expectStatus(answer, 401);
      else if (answer.ms > longestRefusalMs) throw new Error(`A refusal took ${Math.round(answer.ms)} ms`);
      else await pause(1_000);
    }
    line.close();
  };
  await Promise.all(Array.from({ length: guessers }, guess));
}
