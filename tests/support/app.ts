import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type App, createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/foundation/config/config.ts';
import type { Actor, StaffActor } from '../../src/foundation/runtime/actor.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { type RequestContext, runInContext } from '../../src/foundation/runtime/request-context.ts';
import { createTestClock, type TestClock } from './clock.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

export type TestApp = App & {
  clock: TestClock;
  database: TestDatabase;
  /** Runs work as this actor, as a request through the given door would. */
  as<T>(actor: Actor, work: () => Promise<T>, request?: Partial<RequestContext>): Promise<T>;
};

/**
 * The product itself on a database of its own: same wiring as `npm start`, with cheap bcrypt, a quiet log and a clock that
 * the test moves.
 */
export async function startTestApp(env: Record<string, string> = {}, log?: Logger): Promise<TestApp & { stop(): Promise<void> }> {
  const database = await createTestDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'fashionistar-test-'));
  const clock = createTestClock();
  const config = loadConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    BCRYPT_COST: '4',
    DATA_DIR: dataDir,
    PORT: '0',
    DATABASE_POOL: '6',
    // A thread that hashes costs a sixth of a second to begin; two do nothing more for one test.
    HASH_CONCURRENCY: '1',
    // A busy machine must not look like an overloaded server; tests of that set their own.
    HASH_WAIT_MS: '30000',
    DATABASE_URL: database.adminUrl,
    ...env,
  });
  const app = await createApp({ config, clock, ...(log ? { log } : {}) });
  return {
    ...app,
    clock,
    database,
    // Awaited inside: Prisma's promises are lazy and would start outside the context.
    as: (actor, work, request) => runInContext({ ...requestContext(actor), ...request }, async () => await work()),
    async stop() {
      await app.stop();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export function requestContext(actor: Actor): RequestContext {
  return {
    requestId: newId(),
    door: actor.kind === 'staff' ? 'admin' : actor.kind === 'system' ? 'worker' : 'api',
    ip: '102.89.23.17',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36',
    path: null,
    clientId: 'public',
    actor,
    action: null,
  };
}

export const anonymous: Actor = { kind: 'anonymous' };

/** A staff actor with a fresh second factor; the row behind it need not exist for commands that only read the matrix. */
export function staffActor(role: StaffActor['grants'][number], now: Date, overrides: Partial<StaffActor> = {}): StaffActor {
  return {
    kind: 'staff',
    id: newId(),
    displayName: `${role.role} of the test`,
    grants: [role],
    sessionHash: Buffer.alloc(32, 1),
    hasMfa: true,
    factorAt: now,
    ...overrides,
  };
}
