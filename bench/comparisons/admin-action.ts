import { randomUUID } from 'node:crypto';
import { roleUrls } from '../../prisma/runner/roles.ts';
import { totpCode, totpStepAt } from '../../src/foundation/crypto/totp.ts';
import { compare } from '../compare.ts';
import { dropTriggers } from '../ground.ts';
import { type Ask, type Connection, drive, expectStatus, openConnection } from '../load.ts';
import { makePeople, makeStaff, type Staff } from '../people.ts';
import { startServer } from '../server.ts';
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
          rounds: 7,
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

const sameOrigin = (port: number) => ({ Origin: `http://127.0.0.1:${port}`, 'Sec-Fetch-Site': 'same-origin' });

async function signIn(port: number, staff: Staff): Promise<string> {
  const line = await openConnection(port);
  const first = await postForm(line, { port, path: '/admin/login', fields: { email: staff.email, password: staff.password }, cookie: '' });
  const code = totpCode(staff.totpSecret, totpStepAt(new Date()));
  const cookie = await postForm(line, { port, path: '/admin/login/mfa', fields: { code }, cookie: first });
  line.close();
  return cookie;
}

/** The cookies after it; sign-in pages answer with a redirect. */
async function postForm(
  line: Connection,
  form: { port: number; path: string; fields: Record<string, string>; cookie: string },
): Promise<string> {
  const answer = await line.ask({
    method: 'POST',
    path: form.path,
    headers: {
      ...sameOrigin(form.port),
      'Content-Type': 'application/x-www-form-urlencoded',
      ...(form.cookie ? { Cookie: form.cookie } : {}),
    },
    body: new URLSearchParams(form.fields).toString(),
  });
  if (answer.status !== 302 && answer.status !== 303) expectStatus(answer, 303);
  const kept = new Map(form.cookie.split('; ').filter(Boolean).map(nameAndValue));
  for (const [, pair = ''] of answer.head.matchAll(/\r\nset-cookie: *([^;\r\n]+)/gi)) kept.set(...nameAndValue(pair));
  return [...kept].map(([name, value]) => `${name}=${value}`).join('; ');
}

function nameAndValue(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return [pair.slice(0, at), pair.slice(at + 1)];
}
