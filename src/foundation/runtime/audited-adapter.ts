import { PrismaPg } from '@prisma/adapter-pg';
import type {
  ConnectionInfo,
  IsolationLevel,
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQuery,
  Transaction,
} from '@prisma/driver-adapter-utils';
import type pg from 'pg';
import { actorIdOf, actorTypeOf } from './actor.ts';
import { currentContext, type RequestContext } from './request-context.ts';
import { createStatementNames } from './statement-names.ts';

/**
 * Wraps the PrismaPg driver adapter so that every transaction starts with the audit context and the action row rides on
 * its COMMIT (audit.md section 4). It is the only place that opens transactions.
 *
 * A statement that does not look like a write runs without a context; if it writes all the same, the trigger refuses it.
 * Relies on two facts of @prisma/adapter-pg 7.10.0, guarded by tests/foundation/runtime/audited-adapter.test.ts: the engine sends
 * COMMIT and ROLLBACK through executeRaw, and the adapter's class takes a pg client in place of a pool.
 */
export function auditedAdapterFactory(pool: pg.Pool): SqlDriverAdapterFactory {
  const options = { disposeExternalPool: false, statementNameGenerator: createStatementNames() };
  const inner = new PrismaPg(pool, options);
  return {
    provider: inner.provider,
    adapterName: inner.adapterName,
    async connect() {
      return new AuditedAdapter(await inner.connect(), pool, options);
    },
  };
}

type PrismaPgAdapter = Awaited<ReturnType<PrismaPg['connect']>>;
type PrismaPgOptions = NonNullable<ConstructorParameters<typeof PrismaPg>[1]>;
type Queryable = Pick<SqlDriverAdapter, 'queryRaw' | 'executeRaw'>;

/** Blanks and comments may stand before the first word. */
const writePattern =
  /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:(?:INSERT|UPDATE|DELETE|MERGE|TRUNCATE)\b|WITH\b[\s\S]*\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE)\b)/i;
const isolationLevels: ReadonlySet<string> = new Set(['READ UNCOMMITTED', 'READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE']);

class AuditedAdapter implements SqlDriverAdapter {
  readonly provider = 'postgres' as const;
  readonly adapterName: string;
  readonly #inner: PrismaPgAdapter;
  readonly #pool: pg.Pool;
  readonly #options: PrismaPgOptions;

  constructor(inner: PrismaPgAdapter, pool: pg.Pool, options: PrismaPgOptions) {
    this.#inner = inner;
    this.#pool = pool;
    this.#options = options;
    this.adapterName = inner.adapterName;
  }

  queryRaw(query: SqlQuery) {
    return writePattern.test(query.sql) ? this.#lone((on) => on.queryRaw(query)) : this.#inner.queryRaw(query);
  }

  executeRaw(query: SqlQuery) {
    return writePattern.test(query.sql) ? this.#lone((on) => on.executeRaw(query)) : this.#inner.executeRaw(query);
  }

  executeScript(script: string) {
    return this.#inner.executeScript(script);
  }

  getConnectionInfo(): ConnectionInfo {
    return this.#inner.getConnectionInfo();
  }

  dispose() {
    return this.#inner.dispose();
  }

  async startTransaction(isolationLevel?: IsolationLevel): Promise<Transaction> {
    const client = await this.#connect();
    const onError = () => undefined;
    // A connection that dies between two statements emits 'error'; the next statement reports it, the process must live.
    client.on('error', onError);
    const release = (isBroken: boolean) => {
      client.removeListener('error', onError);
      client.release(isBroken);
    };
    try {
      await this.#queryableOn(client).executeRaw(plain(beginSql(currentContext(), isolationLevel)));
    } catch (error) {
      release(true);
      throw error;
    }
    return this.#transactionOn(client, release);
  }

  #transactionOn(client: pg.PoolClient, release: (isBroken: boolean) => void): Transaction {
    const on = inTurn(this.#queryableOn(client));
    const context = currentContext();
    let isBroken = false;
    const executeRaw = async (query: SqlQuery): Promise<number> => {
      if (query.sql !== 'COMMIT') return on.executeRaw(query);
      try {
        await on.executeRaw(plain(commitSql(context)));
      } catch (error) {
        isBroken = true;
        throw error;
      }
      return 0;
    };
    return {
      provider: 'postgres',
      adapterName: this.adapterName,
      options: { usePhantomQuery: false },
      queryRaw: (query) => on.queryRaw(query),
      executeRaw,
      commit: async () => release(false),
      rollback: async () => release(isBroken),
      createSavepoint: async (name) => void (await client.query(`SAVEPOINT ${name}`)),
      rollbackToSavepoint: async (name) => void (await client.query(`ROLLBACK TO SAVEPOINT ${name}`)),
      releaseSavepoint: async (name) => void (await client.query(`RELEASE SAVEPOINT ${name}`)),
    };
  }

  /** BEGIN with context, the statement, COMMIT or ROLLBACK, for a write that Prisma sends without a transaction. */
  async #lone<T>(work: (on: Queryable) => Promise<T>): Promise<T> {
    const transaction = await this.startTransaction();
    try {
      const result = await work(transaction);
      await transaction.executeRaw(plain('COMMIT'));
      await transaction.commit();
      return result;
    } catch (error) {
      await transaction.executeRaw(plain('ROLLBACK')).catch(() => undefined);
      await transaction.rollback();
      throw error;
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    return this.#pool.connect();
  }

  #queryableOn(client: pg.PoolClient): Queryable {
    const Adapter = this.#inner.constructor;
    return Reflect.construct(Adapter, [client, this.#options]);
  }
}

/** Prisma asks for relations at the same time, also inside a transaction; a connection takes one statement at a time. */
function inTurn(on: Queryable): Queryable {
  let last: Promise<unknown> = Promise.resolve();
  const after = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return { queryRaw: (query) => after(() => on.queryRaw(query)), executeRaw: (query) => after(() => on.executeRaw(query)) };
}

/** Without parameters the driver uses the simple protocol, which takes several statements in one message. */
function plain(sql: string): SqlQuery {
  return { sql, args: [], argTypes: [] };
}

/** BEGIN and the context in one simple-protocol message: one round trip. Base64 has no character that needs quoting. */
function beginSql(context: RequestContext | undefined, isolationLevel?: string): string {
  if (isolationLevel && !isolationLevels.has(isolationLevel)) throw new Error(`Unknown isolation level ${isolationLevel}`);
  const begin = isolationLevel ? `BEGIN ISOLATION LEVEL ${isolationLevel}` : 'BEGIN';
  return context ? `${begin}; SELECT set_config('audit.ctx', '${encodeContext(context)}', true)` : begin;
}

/**
 * The action row and COMMIT in one message. In a transaction that failed, COMMIT alone would roll back and report success:
 * the statement before it makes that an error.
 */
function commitSql(context: RequestContext | undefined): string {
  const payload = context?.action?.commitPayload;
  return payload
    ? `SELECT audit.record_action(convert_from(decode('${toBase64(payload)}', 'base64'), 'UTF8')::jsonb); COMMIT`
    : 'SHOW transaction_read_only; COMMIT';
}

/** `audit.ctx` of audit.md section 7: base64 of {actionId, actorId, actorType, requestId}, actorId absent for system actors. */
function encodeContext(context: RequestContext): string {
  const actorId = actorIdOf(context.actor);
  return toBase64(
    JSON.stringify({
      ...(context.action ? { actionId: context.action.id } : {}),
      ...(actorId ? { actorId } : {}),
      actorType: actorTypeOf(context.actor),
      requestId: context.requestId,
    }),
  );
}

function toBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
