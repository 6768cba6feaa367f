import { compare as bcryptCompare, hash } from 'bcrypt';
import { compare } from '../compare.ts';
import { drive, json } from '../load.ts';
import { makePeople, password, productionCost } from '../people.ts';
import { startServer } from '../server.ts';
import type { Suite } from '../suite.ts';

const atOnce = 2;
const perRound = 8;

/** Processor time of the whole process per sign-in, against the hashing alone. */
export const signInCpu: Suite = {
  name: 'sign-in-cpu',
  async run(ground) {
    const adminUrl = await ground.newDatabase();
    const people = await makePeople(ground, adminUrl, perRound);
    const server = await startServer(['src/main.ts', 'web'], ground.envOf(adminUrl));
    const stored = await hash(password, productionCost);
    const signIn = (n: number) => {
      const person = people[n];
      return json('/api/v1/auth/login', { email: person?.email, password }, { 'X-Device-Token': person?.deviceToken ?? '' });
    };
    try {
      const product = {
        name: 'sign-in',
        async run() {
          const before = await server.usage();
          await drive({ port: server.port, connections: atOnce, requests: perRound, ask: signIn, status: 200 });
          return ((await server.usage()).cpuMs - before.cpuMs) / perRound;
        },
      };
      const peer = { name: 'bcrypt', run: () => rawBcrypt(stored) };
      return [
        await compare({
          name: 'password sign-in, processor time per answer',
          unit: 'CPU ms',
          kind: 'rate',
          bar: 0.95,
          product,
          peer,
          rounds: 7,
          warmUps: 4,
        }),
      ];
    } finally {
      await server.stop();
    }
  },
};

/** As many at once as the product runs, since two busy cores slow each other down. */
async function rawBcrypt(stored: string): Promise<number> {
  const before = process.cpuUsage();
  const work = async () => {
    for (let n = 0; n < perRound / atOnce; n += 1) await bcryptCompare(password, stored);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / perRound;
}
