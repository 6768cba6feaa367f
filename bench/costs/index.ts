import { z } from 'zod';
import { type Ground, prepareGround, runSql } from '../ground.ts';
import { type Ask, drive, expectStatus, json, openConnection } from '../load.ts';
import { makePeople, type Person, password } from '../people.ts';
import { type Server, startServer } from '../server.ts';
import { makeShop } from '../shops.ts';
import { processorTimeOf } from './processor-time.ts';

const crowd = 16;
const tokens = z.object({ refreshToken: z.string() });

/** A kind of request, and how often it is sent: first to warm up, then to be measured. */
type Load = { name: string; warmUp: number; requests: number; send(count: number): Promise<void> };

/** `npm run bench:costs`: what one request of each kind costs the web process and PostgreSQL; docs/scaling.md counts with it. */
async function main(): Promise<void> {
  const ground = await prepareGround();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void ground.stop().finally(() => process.exit(130)));
  try {
    const adminUrl = await ground.newDatabase();
    const [slug = ''] = await makeShop(ground, adminUrl, 25);
    const people = await makePeople(ground, adminUrl, crowd);
    const web = await startServer(['src/main.ts', 'web'], ground.envOf(adminUrl));
    try {
      process.stdout.write(
        '| request | a second | web, CPU ms | PostgreSQL, CPU ms | statements | WAL, bytes |\n|---|---|---|---|---|---|\n',
      );
      for (const load of loadsOf(web, people, slug)) process.stdout.write(`${await costLine(load, web, adminUrl)}\n`);
    } finally {
      await web.stop();
    }
  } finally {
    await ground.stop();
  }
}

function loadsOf(web: Server, people: readonly Person[], slug: string): readonly Load[] {
  const one = (n: number) => people[n % people.length];
  const read = (path: string) => (n: number) => ({
    method: 'GET',
    path,
    headers: { Authorization: `Bearer ${one(n)?.tokens.accessToken}` },
  });
  const signIn = (n: number) =>
    json('/api/v1/auth/login', { email: one(n)?.email, password }, { 'X-Device-Token': one(n)?.deviceToken ?? '' });
  const many = (name: string, requests: number, connections: number, ask: (n: number) => Ask): Load => ({
    ...{ name, requests, warmUp: Math.ceil(requests / 8) },
    send: async (count) => void (await drive({ port: web.port, connections, requests: count, ask, status: 200 })),
  });
  return [
    many('storefront, one product from the cache', 8_000, crowd, read(`/api/v1/catalog/products/${slug}`)),
    many('own account', 6_000, crowd, read('/api/v1/account')),
    { name: 'refresh', warmUp: 200, requests: 1_000, send: (count) => refreshInTurn(web, people.slice(0, 4), count) },
    many('sign-in with a password', 48, 2, signIn),
  ];
}

const lastTokens = new Map<string, string>();

/** Each person refreshes one after another, since a token serves once. */
async function refreshInTurn(web: Server, people: readonly Person[], count: number): Promise<void> {
  const work = async (person: Person): Promise<void> => {
    const line = await openConnection(web.port);
    for (let left = count / people.length; left > 0; left -= 1) {
      const answer = await line.ask(
        json('/api/v1/auth/token/refresh', { refreshToken: lastTokens.get(person.id) ?? person.tokens.refreshToken }),
      );
      expectStatus(answer, 200);
      lastTokens.set(person.id, tokens.parse(JSON.parse(answer.body)).refreshToken);
    }
    line.close();
  };
  await Promise.all(people.map(work));
}

async function costLine(load: Load, web: Server, adminUrl: Awaited<ReturnType<Ground['newDatabase']>>): Promise<string> {
  await runSql(adminUrl, 'CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public');
  await load.send(load.warmUp);
  const databaseTime = await processorTimeOf(adminUrl);
  await runSql(adminUrl, 'SELECT pg_stat_statements_reset()');
  const before = { web: await web.usage(), database: databaseTime(), wal: await written(adminUrl) };
  const began = performance.now();
  await load.send(load.requests);
  const seconds = (performance.now() - began) / 1000;
  const each = (total: number, digits: number) => (total / load.requests).toFixed(digits);
  return `| ${[
    load.name,
    Math.round(load.requests / seconds),
    each((await web.usage()).cpuMs - before.web.cpuMs, 2),
    each(databaseTime() - before.database, 2),
    each(await statements(adminUrl), 1),
    each((await written(adminUrl)) - before.wal, 0),
  ].join(' | ')} |`;
}

async function written(adminUrl: string): Promise<number> {
  const [row] = await runSql<{ bytes: number }>(adminUrl, "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS bytes");
  return row?.bytes ?? 0;
}

/** Statements of the web process; those inside functions and triggers belong to the statement that called them. */
async function statements(adminUrl: string): Promise<number> {
  const [row] = await runSql<{ calls: number }>(
    adminUrl,
    `SELECT sum(s.calls)::float8 AS calls FROM pg_stat_statements AS s
      WHERE s.toplevel AND s.userid = 'app_web'::regrole AND s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return row?.calls ?? 0;
}

await main();
process.exit(0);
