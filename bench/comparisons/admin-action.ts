import { randomUUID } from 'node:crypto';
import { roleUrls } from '../../prisma/runner/roles.ts';
import { compare } from '../compare.ts';
import { dropTriggers } from '../ground.ts';
import { type Ask, drive } from '../load.ts';
import { makePeople, makeStaff } from '../people.ts';
import { startServer } from '../server.ts';
import { sameOrigin, signIn } from '../staff-line.ts';
import type { Suite } from '../suite.ts';

const connections = 4;
const perRound = 40;

/** Suspend and reactivate, through every guard and with its history, against an edit of the same column in plain AdminJS. */
export const adminAction: Suite = {
  name: 'admin-action',
  async run(ground) {
    const adminUrl = await ground.newDatabase();
    const plainUrl = await ground.newDatabase();
    const people = await makePeople(ground, adminUrl, connections);
    const plainPeople = await makePeople(ground, plainUrl, connections);
    await dropTriggers(plainUrl);
    const staff = await makeStaff(ground, adminUrl, connections);
    const product = await startServer(['src/main.ts', 'web'], ground.envOf(adminUrl));
    const plain = await startServer(['bench/peers/plain-adminjs.ts'], { DATABASE_URL: roleUrls(plainUrl).migratorUrl });
    try {
      const cookies = await Promise.all(staff.map((person) => signIn(product.port, person)));
      const turn = turns();
      const plainTurn = turns();
      const act = (lane: number) =>
        command(product.port, { userId: people[lane]?.id ?? '', cookie: cookies[lane] ?? '', isSuspension: turn(lane) });
      const edit = (lane: number) => plainEdit(plainPeople[lane]?.id ?? '', plainTurn(lane));
      const round = async (port: number, ask: (lane: number) => Ask) =>
        (await drive({ port, connections, requests: perRound, status: 200, ask: (_n, lane) => ask(lane), onAnswer: expectSuccess })) /
        perRound;
      return [
        await compare({
          name: 'audited action in the back office',
          unit: 'ms per action',
          kind: 'rate',
          bar: 0.85,
          product: { name: 'product', run: () => round(product.port, act) },
          peer: { name: 'plain AdminJS edit', run: () => round(plain.port, edit) },
        }),
      ];
    } finally {
      await Promise.all([product.stop(), plain.stop()]);
    }
  },
};

/** True, false, true, ... for each lane of its own. */
function turns(): (lane: number) => boolean {
  const states = new Map<number, boolean>();
  return (lane) => {
    const next = !states.get(lane);
    states.set(lane, next);
    return next;
  };
}

function command(port: number, call: { userId: string; cookie: string; isSuspension: boolean }): Ask {
  const { userId, cookie, isSuspension } = call;
  const reason = { code: isSuspension ? 'abuse' : 'error_correction', text: 'Reported by the payment team' };
  return {
    method: 'POST',
    path: `/admin/api/resources/User/records/${userId}/${isSuspension ? 'suspendUser' : 'reactivateUser'}`,
    headers: { ...sameOrigin(port), Cookie: cookie, 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({ reason, idempotencyKey: randomUUID() }),
  };
}

function plainEdit(userId: string, isSuspension: boolean): Ask {
  const fields = { status: isSuspension ? 'suspended' : 'active', statusReason: 'Reported by the payment team' };
  return {
    method: 'POST',
    path: `/admin/api/resources/User/records/${userId}/edit`,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  };
}

/** AdminJS answers 200 to failures too. */
function expectSuccess(answer: { body: string }): void {
  if (/"type":"error"/.test(answer.body)) throw new Error(`Refused: ${answer.body.slice(0, 400)}`);
}
