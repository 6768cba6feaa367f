import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../src/app.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { fillCountries } from '../../src/modules/reference/index.ts';
import { systemCommands as supportCommands } from '../../src/modules/support/index.ts';
import { AdminClient, type Answer } from '../admin/support/admin-client.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { openSql } from '../support/sql.ts';
import { freshCode } from '../support/walk.ts';

const phrase = 'correct horse battery staple 9';
const agents = ['ada', 'bisi', 'chika', 'dami'];

type Seat = { email: string; totpSecret: string };

/** Members of staff who signed in at one of the two processes, each with a browser that talks to both. */
let desks: { here: AdminClient; there: AdminClient }[];
let lab: Lab;
let other: Awaited<ReturnType<Lab['startAnother']>>;
let tickets: string[];
beforeAll(async () => {
  const seats: Seat[] = [];
  lab = await startLab(async (app) => {
    seats.push(...(await addStaff(app)));
    tickets = await addTickets(app, 12);
  });
  other = await lab.startAnother();
  desks = await Promise.all(seats.map((seat, n) => signedInAt(n % 2 === 0 ? lab.origin : other.origin, seat)));
}, 240_000);
afterAll(async () => {
  await other?.stop();
  await lab?.stop();
});

/** One browser for both addresses; its cookies were given by one of them. */
async function signedInAt(origin: string, seat: Seat): Promise<{ here: AdminClient; there: AdminClient }> {
  const here = new AdminClient(origin);
  await here.postForm('/admin/login', { email: seat.email, password: phrase });
  const answer = await here.postForm('/admin/login/mfa', { code: await freshCode(seat.totpSecret) });
  if (answer.status !== 303) throw new Error(`Not signed in: ${answer.status}`);
  const there = new AdminClient(origin === lab.origin ? other.origin : lab.origin);
  for (const [name, value] of here.cookies) there.cookies.set(name, value);
  return { here, there };
}

/** The n-th desk calls, at the process that did not sign it in and at the one that did, in turn. */
const spread = (count: number, call: (client: AdminClient, n: number) => Promise<Answer>): Promise<Answer[]> =>
  Promise.all(
    Array.from({ length: count }, (_, n) => {
      const desk = desks[n % desks.length];
      if (!desk) throw new Error('No desk');
      return call(Math.floor(n / desks.length) % 2 === 0 ? desk.there : desk.here, n);
    }),
  );

const act = (client: AdminClient, path: string) => client.postJson(`/admin/api/resources/Ticket/${path}`, { idempotencyKey: newId() });

async function rowsOf<T extends Record<string, unknown>>(sql: string, values: readonly unknown[] = []): Promise<T[]> {
  const connection = await openSql(lab.database.adminUrl);
  try {
    return await connection.rows<T>(sql, [...values]);
  } finally {
    await connection.close();
  }
}

describe('two back offices on one database', () => {
  it('know each other’s sessions', async () => {
    const answers = await spread(8, (client) => client.get('/admin/api/dashboard', { accept: 'application/json' }));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
  });

  it('give one ticket to one of 20 who claim it at both at once', async () => {
    const answers = await spread(20, (client) => act(client, `records/${tickets[0]}/claim`));
    const [claimed, ...twice] = await rowsOf<{ actor: string }>(
      `SELECT actor_id AS actor FROM audit.action WHERE action = 'claim-ticket' AND outcome = 'ok' AND record_ids @> ARRAY[$1]`,
      [tickets[0]],
    );
    const [row] = await rowsOf<{ holder: string; status: string }>(
      'SELECT assigned_to AS holder, status::text AS status FROM support.ticket WHERE id = $1::uuid',
      [tickets[0]],
    );
    // Whoever has it may ask again.
    const holders = new Set(answers.flatMap(({ status }, n) => (status === 200 ? [n % agents.length] : [])));
    expect(holders.size).toBe(1);
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect(twice.every(({ actor }) => actor === claimed?.actor)).toBe(true);
    expect(row).toEqual({ holder: claimed?.actor, status: 'in_progress' });
  });

  it('hand out different tickets to those who take the next one at both at once', async () => {
    await spread(8, (client) => act(client, 'actions/takeNext'));
    const held = await rowsOf<{ holder: string; count: number }>(
      `SELECT assigned_to AS holder, count(*)::int AS count FROM support.ticket WHERE status = 'in_progress' GROUP BY assigned_to`,
    );
    const taken = await rowsOf<{ id: string }>(
      `SELECT t.id FROM audit.action AS a JOIN support.ticket AS t ON t.id::text = ANY (a.record_ids)
        WHERE a.action = 'take-next-ticket' AND a.outcome = 'ok'`,
    );
    expect(new Set(taken.map(({ id }) => id)).size).toBe(taken.length);
    expect(taken.length).toBeGreaterThan(0);
    expect(Math.max(...held.map(({ count }) => count))).toBeLessThanOrEqual(3);
  });

  it('end a session at both when it ends at one', async () => {
    const desk = desks[0];
    await desk?.here.postForm('/admin/logout', {});
    const answer = await desk?.there.get('/admin/api/dashboard', { accept: 'application/json' });
    expect(answer?.status).toBe(401);
  });
});

async function addStaff({ deps }: App): Promise<Seat[]> {
  await fillCountries(deps);
  const seats: Seat[] = [];
  for (const name of agents) {
    const email = `${name}@staff.example.com`;
    const input = { email, password: phrase, firstName: name, lastName: 'Obi', grants: [{ role: 'support' as const, isLead: false }] };
    const made = await runCommand(deps, systemCommands.createStaffAccount, { input });
    const enrolled = await runCommand(deps, systemCommands.enrolTotpFor, { input: { userId: made.output.userId } });
    seats.push({ email, totpSecret: enrolled.output.secret });
  }
  return seats;
}

async function addTickets({ deps }: App, count: number): Promise<string[]> {
  const input = {
    kind: 'client' as const,
    email: 'caller@example.com',
    password: phrase,
    firstName: 'Ngozi',
    lastName: 'Bello',
    countryCode: 'NG',
  };
  const { output } = await runCommand(deps, systemCommands.registerVerified, { input });
  const ids = Array.from({ length: count }, () => newId());
  for (const id of ids) {
    const ticket = { id, category: 'account_access', priority: 'high', title: 'Cannot sign in', subjectUserId: output.userId };
    await runCommand(deps, supportCommands.openTicketCommand, { input: ticket });
  }
  return ids;
}
