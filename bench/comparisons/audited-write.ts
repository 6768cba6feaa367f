import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '@prisma/client';
import { z } from 'zod';
import { type App, createApp } from '../../src/app.ts';
import { type CommandDeps, defineCommand } from '../../src/foundation/command/command.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { loadConfig } from '../../src/foundation/config/config.ts';
import type { Actor } from '../../src/foundation/runtime/actor.ts';
import { runInContext, systemContext } from '../../src/foundation/runtime/request-context.ts';
import { createStatementNames } from '../../src/foundation/runtime/statement-names.ts';
import { commands } from '../../src/modules/identity/index.ts';
import { compare, type Result, type Variant } from '../compare.ts';
import { dropTriggers, type Ground, runSql } from '../ground.ts';
import { anonymousContext, makePeople, type Person } from '../people.ts';
import type { Suite } from '../suite.ts';

const writesPerRound = 48;
const manyRows = 1_000;

/** The same commands through the same runner, on a database with triggers and action rows and on one without. */
export const auditedWrite: Suite = {
  name: 'audited-write',
  async run(ground) {
    const audited = await openSide(ground, true);
    const plain = await openSide(ground, false);
    const pair = (work: (side: Side) => Promise<number>): { product: Variant; peer: Variant } => ({
      product: { name: 'audited', run: () => work(audited) },
      peer: { name: 'unaudited', run: () => work(plain) },
    });
    try {
      const results: Result[] = [];
      for (const concurrency of [1, 4, 8]) {
        const sides = pair((side) => changeProfiles(side, concurrency));
        results.push(
          await compare({
            name: `audited command, ${concurrency} at once`,
            unit: 'ms per write',
            kind: 'time',
            bar: 1.3,
            ...sides,
            rounds: 9,
          }),
        );
      }
      const sides = pair(renameSessions);
      results.push(await compare({ name: `audited updateMany of ${manyRows} rows`, unit: 'ms', kind: 'time', bar: 1.5, ...sides }));
      return results;
    } finally {
      await Promise.all([audited.stop(), plain.stop()]);
    }
  },
};

type Side = { deps: CommandDeps; people: readonly Person[]; round: number; stop(): Promise<void> };

async function openSide(ground: Ground, isAudited: boolean): Promise<Side> {
  const adminUrl = await ground.newDatabase();
  const people = await makePeople(ground, adminUrl, 8);
  await addSessions(adminUrl, people[0]?.id ?? '');
  if (!isAudited) await dropTriggers(adminUrl);
  await runSql(adminUrl, 'VACUUM ANALYZE');
  const app = await createApp({ config: loadConfig({ ...ground.envOf(adminUrl), NODE_ENV: 'production', LOG_LEVEL: 'silent' }) });
  if (isAudited) return { deps: app.deps, people, round: 0, stop: () => app.stop() };
  return withoutAudit(app, people);
}

/** Prisma on its own adapter over the same pool, with the same prepared statements: no context, no action row on the COMMIT. */
function withoutAudit(app: App, people: readonly Person[]): Side {
  const { pool } = app.deps.database;
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool, { disposeExternalPool: false, statementNameGenerator: createStatementNames() }),
    errorFormat: 'minimal',
  });
  return {
    deps: { ...app.deps, database: { ...app.deps.database, prisma } },
    people,
    round: 0,
    async stop() {
      await prisma.$disconnect();
      await app.stop();
    },
  };
}

async function addSessions(adminUrl: string, userId: string): Promise<void> {
  await runSql(
    adminUrl,
    `INSERT INTO identity.session (user_id, surface, client_id, acr, amr, auth_time, idle_expires_at, absolute_expires_at, last_used_at, device_name)
     SELECT user_id, surface, 'bench', acr, amr, auth_time, idle_expires_at, absolute_expires_at, last_used_at, device_name
       FROM identity.session CROSS JOIN generate_series(1, ${manyRows}) WHERE user_id = $1`,
    [userId],
  );
}

/** Each person changes the own name, again and again: lock, read, compare-and-set, event of the outbox. */
async function changeProfiles(side: Side, concurrency: number): Promise<number> {
  side.round += 1;
  const work = async (lane: number) => {
    const person = side.people[lane];
    if (!person) throw new Error('Too few people');
    for (let n = lane; n < writesPerRound; n += concurrency) {
      const input = { firstName: n % 2 === side.round % 2 ? 'Ngozi' : 'Adaeze' };
      await runInContext({ ...anonymousContext(), actor: actorOf(person) }, () => runCommand(side.deps, commands.updateAccount, { input }));
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: concurrency }, (_, lane) => work(lane)));
  return (performance.now() - began) / writesPerRound;
}

const renameAll = defineCommand<{ name: string }, number>({
  name: 'rename-sessions',
  resource: 'session',
  access: 'system',
  input: z.object({ name: z.string() }),
  async run({ tx }, { name }) {
    const { count } = await tx.session.updateMany({ where: { clientId: 'bench' }, data: { deviceName: name } });
    return count;
  },
});

async function renameSessions(side: Side): Promise<number> {
  side.round += 1;
  const name = `Phone ${side.round}`;
  const began = performance.now();
  const { output } = await runInContext(systemContext('bench', 'cli'), () => runCommand(side.deps, renameAll, { input: { name } }));
  const ms = performance.now() - began;
  if (output !== manyRows) throw new Error(`${output} rows were changed`);
  return ms;
}

function actorOf({ tokens: { session, user } }: Person): Actor {
  return { kind: user.role, id: user.id, sessionId: session.id, acr: session.acr, authTime: session.authTime };
}
