import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '@prisma/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/foundation/runtime/actor.ts';
import { type Database, openDatabase } from '../../../src/foundation/runtime/database.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { type RequestContext, runInContext } from '../../../src/foundation/runtime/request-context.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openSql, type Sql } from '../../support/sql.ts';

type Written = {
  tbl: string;
  op: number;
  txid: string;
  action_id: string | null;
  actor_id: string | null;
  actor_type: string;
  db_user: string;
};

/** 32 bytes that no other row has. */
function bidx(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(`${newId()}${newId()}`.replaceAll('-', '').slice(0, 64), 'hex'));
}

const user = () => ({ kind: 'client' as const, authMethod: 'email' as const, emailEnc: new Uint8Array([1]), emailBidx: bidx() });

describe('the audited adapter', () => {
  let test: TestDatabase;
  let admin: Sql;
  let database: Database;
  let actor: Actor & { id: string };

  beforeAll(async () => {
    test = await createTestDatabase();
    admin = await openSql(test.adminUrl);
    database = openDatabase({ url: test.webUrl, applicationName: 'adapter-test', maxConnections: 4 });
  });
  afterAll(async () => {
    await database.close();
    await admin.close();
    await test.drop();
  });
  beforeEach(() => {
    actor = { kind: 'client', id: newId(), sessionId: newId(), acr: 'aal1', authTime: new Date() };
  });

  function context(action?: { payload: boolean }): RequestContext {
    const actionId = newId();
    const requestId = newId();
    const commitPayload = JSON.stringify({
      id: actionId,
      requestId,
      actorId: actor.id,
      actorType: 'client',
      outcome: 'ok',
      door: 'api',
      resource: 'country',
      action: "it's a \\ test — Ọ",
      body: '{}',
    });
    return {
      requestId,
      door: 'api',
      ip: null,
      userAgent: null,
      path: null,
      clientId: 'public',
      actor,
      action: action ? { id: actionId, resource: 'country', action: 'test', commitPayload: action.payload ? commitPayload : null } : null,
    };
  }

  /** Runs work as a request and returns what it left in the audit, after checking that all of it is one attributed transaction. */
  async function written(work: () => Promise<unknown>, transactions = 1): Promise<string[]> {
    const own = context({ payload: false });
    await runInContext(own, work);
    const events = await admin.rows<Written>(
      'SELECT tbl, op, txid::text, action_id, actor_id, actor_type, db_user::text FROM audit.event WHERE actor_id = $1 ORDER BY id',
      [actor.id],
    );
    for (const event of events) expect(event).toMatchObject({ action_id: own.action?.id, actor_type: 'client', db_user: 'app_web' });
    expect(new Set(events.map((event) => event.txid)).size).toBe(transactions);
    return events.map((event) => `${event.tbl} ${event.op}`);
  }

  const prisma = () => database.prisma;
  let letters = 0;
  const country = () => {
    letters += 1;
    const code = `${String.fromCharCode(65 + (letters % 26))}${String.fromCharCode(65 + (Math.floor(letters / 26) % 26))}`;
    return { iso2: code, iso3: `${code}Z`, name: `Country ${letters}` };
  };

  it('attributes create, update, upsert and delete', async () => {
    const data = country();
    expect(await written(() => prisma().country.create({ data }))).toEqual(['reference.country 1']);
    actor = { ...actor, id: newId() };
    expect(await written(() => prisma().country.update({ where: { iso2: data.iso2 }, data: { capital: 'A' } }))).toEqual([
      'reference.country 2',
    ]);
    actor = { ...actor, id: newId() };
    expect(await written(() => prisma().country.upsert({ where: { iso2: data.iso2 }, create: data, update: { capital: 'B' } }))).toEqual([
      'reference.country 2',
    ]);
    actor = { ...actor, id: newId() };
    const other = country();
    expect(await written(() => prisma().country.upsert({ where: { iso2: other.iso2 }, create: other, update: { capital: 'B' } }))).toEqual([
      'reference.country 1',
    ]);
    actor = { ...actor, id: newId() };
    expect(await written(() => prisma().country.delete({ where: { iso2: other.iso2 } }))).toEqual(['reference.country 3']);
  });

  it('attributes the writes of many', async () => {
    const many = [country(), country(), country()];
    const iso2 = { in: many.map((one) => one.iso2) };
    const three = (op: number) => Array.from({ length: 3 }, () => `reference.country ${op}`);
    expect(await written(() => prisma().country.createMany({ data: many }))).toEqual(three(1));
    actor = { ...actor, id: newId() };
    expect(await written(() => prisma().country.updateMany({ where: { iso2 }, data: { region: 'West' } }))).toEqual(three(2));
    actor = { ...actor, id: newId() };
    expect(await written(() => prisma().country.updateManyAndReturn({ where: { iso2 }, data: { region: 'East' } }))).toEqual(three(2));
    actor = { ...actor, id: newId() };
    expect(await written(() => prisma().country.deleteMany({ where: { iso2 } }))).toEqual(three(3));
    actor = { ...actor, id: newId() };
    expect(await written(() => prisma().country.createManyAndReturn({ data: many }))).toEqual(three(1));
  });

  it('attributes nested writes: create, connectOrCreate, update, upsert, updateMany and delete', async () => {
    const address = { label: 'home', fullNameEnc: new Uint8Array([1]), streetEnc: new Uint8Array([1]), city: 'Lagos', countryCode: 'NG' };
    let id = '';
    expect(
      await written(async () => {
        const made = await prisma().user.create({
          data: { ...user(), client: { create: { addresses: { create: [address, { ...address, label: 'work' }] } } } },
        });
        id = made.id;
      }),
    ).toEqual(['identity.user 1', 'identity.client 1', 'identity.client_address 1', 'identity.client_address 1']);
    actor = { ...actor, id: newId() };
    expect(
      await written(() =>
        prisma().user.update({
          where: { id },
          data: {
            city: 'Kano',
            client: { update: { totalOrders: 3, addresses: { updateMany: { where: { label: 'home' }, data: { city: 'Kano' } } } } },
          },
        }),
      ),
    ).toEqual(expect.arrayContaining(['identity.user 2', 'identity.client 2', 'identity.client_address 2']));
    actor = { ...actor, id: newId() };
    expect(
      await written(() => prisma().client.update({ where: { userId: id }, data: { addresses: { deleteMany: { label: 'work' } } } })),
    ).toContain('identity.client_address 3');
    actor = { ...actor, id: newId() };
    expect(
      await written(() =>
        prisma().user.update({ where: { id }, data: { referredBy: { connectOrCreate: { where: { id: newId() }, create: user() } } } }),
      ),
    ).toEqual(['identity.user 1', 'identity.user 2']);
    actor = { ...actor, id: newId() };
    expect(
      await written(() =>
        prisma().user.update({ where: { id }, data: { credential: { upsert: { create: { passwordHash: 'v1$k$h' }, update: {} } } } }),
      ),
    ).toContain('identity.credential 1');
    actor = { ...actor, id: newId() };
    expect(await written(() => prisma().user.update({ where: { id }, data: { credential: { delete: true } } }))).toContain(
      'identity.credential 3',
    );
  });

  it('attributes raw SQL, with and without an answer', async () => {
    const data = country();
    const insert = (word: string) =>
      `${word} reference.country (iso2, iso3, name) VALUES ('${data.iso2}', '${data.iso3}', '${data.name}') RETURNING id`;
    expect(await written(() => prisma().$queryRawUnsafe(insert('-- note\n/* by hand */ insert into')))).toEqual(['reference.country 1']);
    actor = { ...actor, id: newId() };
    expect(await written(() => prisma().$executeRaw`UPDATE reference.country SET capital = 'Raw' WHERE iso2 = ${data.iso2}`)).toEqual([
      'reference.country 2',
    ]);
    actor = { ...actor, id: newId() };
    expect(
      await written(
        () =>
          prisma()
            .$queryRaw`WITH gone AS (DELETE FROM reference.country WHERE iso2 = ${data.iso2} RETURNING id) SELECT count(*)::int FROM gone`,
      ),
    ).toEqual(['reference.country 3']);
  });

  it('makes one transaction of an interactive one and of a batch', async () => {
    const [first, second] = [country(), country()];
    expect(
      await written(() =>
        prisma().$transaction(async (tx) => {
          await tx.country.create({ data: first });
          await tx.user.create({ data: user() });
          await tx.$executeRaw`UPDATE reference.country SET capital = 'In' WHERE iso2 = ${first.iso2}`;
        }),
      ),
    ).toEqual(['reference.country 1', 'identity.user 1', 'reference.country 2']);
    actor = { ...actor, id: newId() };
    expect(
      await written(() =>
        prisma().$transaction(
          [
            prisma().country.create({ data: second }),
            prisma().country.update({ where: { iso2: second.iso2 }, data: { capital: 'Batch' } }),
          ],
          { isolationLevel: 'RepeatableRead' },
        ),
      ),
    ).toEqual(['reference.country 1', 'reference.country 2']);
  });

  it('opens a transaction at the isolation level asked for', async () => {
    const level = (isolationLevel: 'Serializable' | 'RepeatableRead' | 'ReadCommitted') =>
      runInContext(context(), () =>
        prisma().$transaction((tx) => tx.$queryRaw<{ level: string }[]>`SELECT current_setting('transaction_isolation') AS level`, {
          isolationLevel,
        }),
      );
    expect(await level('Serializable')).toEqual([{ level: 'serializable' }]);
    expect(await level('RepeatableRead')).toEqual([{ level: 'repeatable read' }]);
    expect(await level('ReadCommitted')).toEqual([{ level: 'read committed' }]);
  });

  it('runs a statement that writes nothing without a transaction, also where nobody wants its rows', async () => {
    expect(await runInContext(context({ payload: true }), () => prisma().$executeRaw`SELECT 1 FROM generate_series(1, 3)`)).toBe(3);
    expect(await prisma().$executeRaw`SELECT 1`).toBe(1);
  });

  it('lets the action row ride on COMMIT, in the same transaction, and not at all on ROLLBACK', async () => {
    const own = context({ payload: true });
    await runInContext(own, () => prisma().$transaction((tx) => tx.country.create({ data: country() })));
    const rows = await admin.rows(
      'SELECT a.action, a.txid = e.txid AS together FROM audit.action AS a JOIN audit.event AS e ON e.action_id = a.id WHERE a.id = $1',
      [own.action?.id],
    );
    expect(rows).toEqual([{ action: "it's a \\ test — Ọ", together: true }]);

    const failed = context({ payload: true });
    const work = () =>
      prisma().$transaction(async (tx) => {
        await tx.country.create({ data: country() });
        throw new Error('no');
      });
    await expect(runInContext(failed, work)).rejects.toThrow('no');
    expect(await admin.rows('SELECT 1 FROM audit.action WHERE id = $1', [failed.action?.id])).toEqual([]);
    expect(await admin.rows('SELECT 1 FROM audit.event WHERE action_id = $1', [failed.action?.id])).toEqual([]);
  });

  it('takes back the write when the action row is refused, and gives back a healthy connection', async () => {
    const own = context({ payload: true });
    if (own.action) own.action.commitPayload = own.action.commitPayload?.replace('"outcome":"ok"', '"outcome":"fine"') ?? null;
    const data = country();
    await expect(runInContext(own, () => prisma().$transaction((tx) => tx.country.create({ data })))).rejects.toThrow();
    expect(await admin.rows('SELECT 1 FROM reference.country WHERE iso2 = $1', [data.iso2])).toEqual([]);
    for (let n = 0; n < 6; n += 1) expect(await prisma().$queryRaw`SELECT 1 AS one`).toEqual([{ one: 1 }]);
    expect(await written(() => prisma().country.create({ data }))).toEqual(['reference.country 1']);
  });

  it('does not take a transaction for committed whose failure was caught', async () => {
    const data = country();
    const work = () =>
      prisma().$transaction(async (tx) => {
        await tx.country.create({ data });
        await tx.country.create({ data }).catch(() => undefined);
      });
    await expect(runInContext(context({ payload: false }), work)).rejects.toThrow();
    expect(await admin.rows('SELECT 1 FROM reference.country WHERE iso2 = $1', [data.iso2])).toEqual([]);
  });

  it('is refused without a context, alone, nested, in transactions and in raw SQL, and works after', async () => {
    const data = country();
    for (const work of [
      () => prisma().country.create({ data }),
      () => prisma().country.updateMany({ data: { region: 'x' } }),
      () => prisma().user.create({ data: { ...user(), client: { create: {} } } }),
      () => prisma().$transaction((tx) => tx.country.create({ data })),
      () => prisma().$transaction([prisma().country.create({ data })]),
      () => prisma().$executeRaw`INSERT INTO reference.country (iso2, iso3, name) VALUES ('QQ', 'QQQ', 'Q')`,
    ]) {
      await expect(work()).rejects.toThrow(/audit context missing|AU001/);
    }
    expect(await admin.rows('SELECT 1 FROM reference.country WHERE iso2 = $1', [data.iso2])).toEqual([]);
    expect(await written(() => prisma().country.create({ data }))).toEqual(['reference.country 1']);
  });

  it('refuses a write that hides behind a SELECT', async () => {
    await admin.rows(
      `CREATE FUNCTION public.hidden_write() RETURNS int LANGUAGE sql AS $$ UPDATE reference.country SET region = 'hidden' RETURNING 1 $$; GRANT EXECUTE ON FUNCTION public.hidden_write() TO app_web`,
    );
    await expect(runInContext(context({ payload: false }), () => prisma().$queryRaw`SELECT public.hidden_write()`)).rejects.toThrow(
      /audit context missing/,
    );
  });

  it('runs reads outside transactions', async () => {
    const before = await admin.rows<{ n: string }>('SELECT xact_commit AS n FROM pg_stat_database WHERE datname = current_database()');
    expect(before).toHaveLength(1);
    expect(await runInContext(context({ payload: true }), () => prisma().country.findMany({ take: 1 }))).toHaveLength(1);
    expect(await prisma().country.count()).toBeGreaterThan(0);
  });

  it('keeps contexts of parallel requests apart', async () => {
    const ids = Array.from({ length: 12 }, () => newId());
    await Promise.all(
      ids.map((id) =>
        runInContext(
          { ...context({ payload: false }), actor: { kind: 'client', id, sessionId: newId(), acr: 'aal1', authTime: new Date() } },
          async () => {
            await prisma().user.create({ data: user() });
            await prisma().$transaction(async (tx) => {
              const made = await tx.user.create({ data: user() });
              await tx.user.update({ where: { id: made.id }, data: { city: id.slice(0, 8) } });
            });
          },
        ),
      ),
    );
    for (const id of ids) expect(await admin.rows('SELECT 1 FROM audit.event WHERE actor_id = $1', [id])).toHaveLength(3);
  });

  it('survives the death of its connection inside a transaction', async () => {
    const work = () =>
      prisma().$transaction(async (tx) => {
        const [row] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
        await admin.rows('SELECT pg_terminate_backend($1)', [row?.pid]);
        await tx.country.create({ data: country() });
      });
    await expect(runInContext(context({ payload: true }), work)).rejects.toThrow();
    for (let n = 0; n < 6; n += 1) expect(await prisma().$queryRaw`SELECT 1 AS one`).toEqual([{ one: 1 }]);
  });

  it('records system actors without an id', async () => {
    const own: RequestContext = { ...context({ payload: false }), actor: { kind: 'system', name: 'seed' } };
    await runInContext(own, () => prisma().country.create({ data: country() }));
    expect(await admin.rows('SELECT actor_id, actor_type FROM audit.event WHERE action_id = $1', [own.action?.id])).toEqual([
      { actor_id: null, actor_type: 'system:seed' },
    ]);
  });

  it('rests on facts of the driver adapter that still hold', async () => {
    const inner = await new PrismaPg({ connectionString: test.webUrl }).connect();
    // The class takes a client in place of a pool, and COMMIT comes through executeRaw.
    expect(inner.constructor.length).toBeGreaterThanOrEqual(2);
    const seen: string[] = [];
    const spy = new PrismaClient({
      adapter: {
        provider: 'postgres',
        adapterName: inner.adapterName,
        connect: async () => ({
          ...inner,
          provider: 'postgres',
          adapterName: inner.adapterName,
          queryRaw: (query) => inner.queryRaw(query),
          executeRaw: (query) => inner.executeRaw(query),
          executeScript: (script) => inner.executeScript(script),
          dispose: () => inner.dispose(),
          startTransaction: async (level) => {
            const transaction = await inner.startTransaction(level);
            const executeRaw = transaction.executeRaw.bind(transaction);
            transaction.executeRaw = (query) => {
              seen.push(query.sql);
              return executeRaw(query);
            };
            return transaction;
          },
        }),
      },
    });
    await spy.$transaction((tx) => tx.country.count());
    await spy.$disconnect();
    expect(seen).toEqual(['COMMIT']);
  });
});
