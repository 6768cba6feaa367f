import { z } from 'zod';
import { roleUrls } from '../../prisma/runner/roles.ts';
import { compare } from '../compare.ts';
import { drive, json } from '../load.ts';
import { makePeople } from '../people.ts';
import { startServer } from '../server.ts';
import type { Suite } from '../suite.ts';

const connections = 4;
const perRound = 160;
const rotated = z.object({ refreshToken: z.string() });

/** Rotation over HTTP against the same statements sent by hand-written code. */
export const refresh: Suite = {
  name: 'refresh',
  async run(ground) {
    const adminUrl = await ground.newDatabase();
    const people = await makePeople(ground, adminUrl, connections * 2);
    const product = await startServer(['src/main.ts', 'web'], ground.envOf(adminUrl));
    const peer = await startServer(['bench/peers/express-refresh.ts'], { DATABASE_URL: roleUrls(adminUrl).webUrl });
    const tokens = people.map((person) => person.tokens.refreshToken);
    try {
      return [
        await compare({
          name: 'refresh rotation',
          unit: 'ms per answer',
          kind: 'rate',
          bar: 0.9,
          product: { name: 'product', run: () => rotate(product.port, tokens, 0) },
          peer: { name: 'Express + pg', run: () => rotate(peer.port, tokens, connections) },
          rounds: 9,
        }),
      ];
    } finally {
      await Promise.all([product.stop(), peer.stop()]);
    }
  },
};

/** Each connection turns the token of one session over and over; `first` is where its people begin. */
async function rotate(port: number, tokens: string[], first: number): Promise<number> {
  const ms = await drive({
    port,
    connections,
    requests: perRound,
    status: 200,
    ask: (_n, connection) => json('/api/v1/auth/token/refresh', { refreshToken: tokens[first + connection] }),
    onAnswer: (answer, connection) => {
      tokens[first + connection] = rotated.parse(JSON.parse(answer.body)).refreshToken;
    },
  });
  return ms / perRound;
}
