import { randomUUID } from 'node:crypto';
import { type Ground, runSql } from '../ground.ts';
import { type Ask, drive, expectStatus, openConnection } from '../load.ts';
import { makePeople, makeStaff, type Person } from '../people.ts';
import { type Server, startServer } from '../server.ts';
import { sameOrigin, signIn } from '../staff-line.ts';
import { loadCrowd } from './crowd.ts';
import { atMost, type Finding, medianAtMost, percentile } from './finding.ts';

const rounds = 9;
const listsPerRound = 30;
const commandsPerRound = 24;
const lanes = 4;

/** What staff ask of the list of users, each served by an index. */
const lists: readonly (readonly [string, string])[] = [
  ['users, newest first', ''],
  ['users, one filter', '?filters.status=suspended'],
  ['users, tenth page', '?page=10&perPage=50'],
  ['users, search by name', '?q=Ngozi'],
];

/** Lists, commands and the page of a customer over HTTP, in a database of `people` users. */
export async function measureService(ground: Ground, people: number): Promise<Finding[]> {
  const adminUrl = await ground.newDatabase();
  const own = await makePeople(ground, adminUrl, lanes);
  const staff = await makeStaff(ground, adminUrl, lanes);
  const seconds = await loadCrowd(adminUrl, people);
  process.stdout.write(`${people} users loaded in ${seconds.toFixed(0)} s\n`);
  const server = await startServer(['src/main.ts', 'web'], ground.envOf(adminUrl));
  try {
    const cookies = await Promise.all(staff.map((person) => signIn(server.port, person)));
    const asked: Asked = { server, cookies, adminUrl, people: own };
    return [
      ...(await measureLists(asked, people)),
      await measureCommands(asked),
      ...(await measureCustomerPage(asked)),
      await measureMemory(asked),
    ];
  } finally {
    await server.stop();
  }
}

type Asked = { server: Server; cookies: readonly string[]; adminUrl: string; people: readonly Person[] };

const get = (path: string, cookie: string): Ask => ({ method: 'GET', path, headers: { Cookie: cookie, Accept: 'application/json' } });
const listPath = (query: string) => `/admin/api/resources/User/actions/list${query}`;

/** The lists in turn, so that a machine that slows down touches all alike; the 95th percentile of each round. */
async function measureLists({ server, cookies }: Asked, people: number): Promise<Finding[]> {
  const cookie = cookies[0] ?? '';
  const line = await openConnection(server.port);
  const taken = new Map<string, number[]>(lists.map(([name]) => [name, []]));
  let shown = '';
  for (let round = -1; round < rounds; round += 1) {
    for (const [name, query] of lists) {
      const times: number[] = [];
      for (let n = 0; n < listsPerRound; n += 1) {
        const answer = await line.ask(get(listPath(query), cookie));
        expectStatus(answer, 200);
        times.push(answer.ms);
        if (query === '') shown = /"totalText":"([^"]+)"/.exec(answer.body)?.[1] ?? '';
      }
      if (round >= 0) taken.get(name)?.push(percentile(times, 0.95));
    }
  }
  line.close();
  const size = new Intl.NumberFormat('en').format(people);
  const times = [...taken].map(([name, values]) =>
    medianAtMost({ what: `list JSON p95 at ${size} rows: ${name}`, values, budget: 150, unit: 'ms', digits: 1 }),
  );
  if (people <= 10_000) return times;
  return [...times, { what: 'count shown of a long list', measured: shown, budget: '10,000+', isMet: shown === '10,000+', note: '' }];
}

async function measureCommands({ server, cookies, people }: Asked): Promise<Finding> {
  const isSuspended = people.map(() => false);
  const values: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const times: number[] = [];
    await drive({
      port: server.port,
      connections: lanes,
      requests: commandsPerRound,
      status: 200,
      ask: (_n, lane) => {
        const isSuspension = !isSuspended[lane];
        isSuspended[lane] = isSuspension;
        return command(server.port, { userId: people[lane]?.id ?? '', cookie: cookies[lane] ?? '', isSuspension });
      },
      onAnswer: ({ ms }) => times.push(ms),
    });
    if (round >= 0) values.push(percentile(times, 0.95));
  }
  return medianAtMost({ what: `command p95, ${lanes} people at once`, values, budget: 300, unit: 'ms', digits: 1 });
}

function command(port: number, call: { userId: string; cookie: string; isSuspension: boolean }): Ask {
  const reason = { code: call.isSuspension ? 'abuse' : 'error_correction', text: 'Reported by the payment team' };
  return {
    method: 'POST',
    path: `/admin/api/resources/User/records/${call.userId}/${call.isSuspension ? 'suspendUser' : 'reactivateUser'}`,
    headers: { ...sameOrigin(port), Cookie: call.cookie, 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({ reason, idempotencyKey: randomUUID() }),
  };
}

/** Statements that only open, close or describe a transaction are no queries of the page. */
const control = String.raw`^\s*(BEGIN|COMMIT|ROLLBACK|SET|SHOW|SELECT set_config|DISCARD|SAVEPOINT|RELEASE)`;

async function measureCustomerPage({ server, cookies, adminUrl, people }: Asked): Promise<Finding[]> {
  await runSql(adminUrl, 'CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
  const line = await openConnection(server.port);
  const ask = get(`/admin/api/resources/User/records/${people[0]?.id ?? ''}/show`, cookies[0] ?? '');
  const [times, queries]: [number[], number[]] = [[], []];
  for (let round = -3; round < rounds; round += 1) {
    await runSql(adminUrl, 'SELECT pg_stat_statements_reset()');
    const answer = await line.ask(ask);
    expectStatus(answer, 200);
    const [row] = await runSql<{ calls: number }>(
      adminUrl,
      `SELECT coalesce(sum(calls), 0)::int AS calls FROM pg_stat_statements JOIN pg_database AS d ON d.oid = dbid JOIN pg_roles AS r ON r.oid = userid
        WHERE d.datname = current_database() AND toplevel AND NOT r.rolsuper AND query !~* $1`,
      [control],
    );
    if (round < 0) continue;
    times.push(answer.ms);
    queries.push(row?.calls ?? 0);
  }
  line.close();
  return [
    medianAtMost({
      what: 'customer 360, queries',
      values: queries,
      budget: 12,
      unit: 'queries',
      note: 'sessions and permissions included',
    }),
    medianAtMost({ what: 'customer 360, server time', values: times, budget: 250, unit: 'ms', digits: 1 }),
  ];
}

/** Resident memory, looked at all the while that 20 people keep opening lists. */
async function measureMemory({ server, cookies }: Asked): Promise<Finding> {
  const cookie = cookies[0] ?? '';
  let isOver = false;
  let most = 0;
  const load = drive({
    port: server.port,
    connections: 20,
    requests: 1_500,
    status: 200,
    ask: (n) => get(listPath(lists[n % lists.length]?.[1] ?? ''), cookie),
  }).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    most = Math.max(most, (await server.usage()).rssMb);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await load;
  return atMost({ what: 'resident memory under 20 parallel lists', value: most, budget: 350, unit: 'MB', note: 'the most seen' });
}
