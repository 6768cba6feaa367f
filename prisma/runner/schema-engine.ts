import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum, type SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { loadEngine } from './load-engine.ts';
import { withDatabase } from './with-database.ts';

type Options = {
  /** The database the engine looks at, as a login that may own objects and, for a diff, create a shadow database. */
  adminUrl: string;
  /** Called before a script runs. */
  onScript?: (script: string) => void;
};

/**
 * Prisma's schema engine in WebAssembly on the pg driver: the migration table, checksums and diff of `prisma migrate`
 * without the binary that its command line downloads (docs/adr/0006-migrations-on-the-wasm-engine.md).
 *
 * Three things of @prisma/adapter-pg 7.10.0 are replaced, guarded by tests/architecture/migrations.test.ts: scripts go to the
 * server whole (the adapter splits them at every semicolon, inside function bodies too), the shadow database is reached by a
 * URL that names it (in a pool's options a connectionString beats `database`: the "shadow" was the real database), and the
 * catalogue type "char" is handed to the engine as a character (the adapter refuses it).
 */
export async function withSchemaEngine<T>(options: Options, work: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  const opened: SqlDriverAdapter[] = [];
  const keep = (adapter: SqlDriverAdapter) => {
    opened.push(adapter);
    return adapter;
  };
  const factory = bindMigrationAwareSqlAdapterFactory({
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: async () => keep(await openAdapter(options.adminUrl, options.onScript)),
    connectToShadowDb: async () => keep(await openShadow(options.adminUrl)),
  });
  let panic = '';
  Reflect.set(globalThis, 'PRISMA_WASM_PANIC_REGISTRY', {
    set_message: (message: string) => {
      panic = message;
    },
  });
  const Engine = await loadEngine();
  const engine = await Engine.new({ datamodels: undefined }, () => undefined, factory);
  try {
    return await work(engine);
  } catch (error) {
    // A panic arrives as "unreachable"; what happened was told to the registry.
    throw panic === '' ? error : new Error(`The schema engine failed: ${panic}`, { cause: error });
  } finally {
    if (panic === '') engine.free();
    for (const adapter of opened) await adapter.dispose();
  }
}

async function openShadow(adminUrl: string): Promise<SqlDriverAdapter> {
  const name = `shadow_${newId().replaceAll('-', '')}`;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
  return openAdapter(withDatabase(adminUrl, name), undefined, async () => {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.end();
  });
}

/** A pool of one: the engine's advisory lock belongs to its connection, and one answer follows the other. */
async function openAdapter(url: string, onScript?: (script: string) => void, onClosed?: () => Promise<void>): Promise<SqlDriverAdapter> {
  const pool = new pg.Pool({ connectionString: url, max: 1, application_name: 'fashionistar-migrate', options: '-c timezone=UTC' });
  // A connection that ends while nobody asks anything of it is seen by the next question.
  pool.on('error', () => undefined);
  let charColumns: ReadonlySet<number> = new Set();
  pool.on('connect', (client) => {
    client.connection.prependListener('rowDescription', (message: { fields: { dataTypeID: number }[] }) => {
      charColumns = hideCharColumns(message.fields);
    });
  });
  const adapter = await new PrismaPg(pool, { disposeExternalPool: true }).connect();
  let isOpen = true;
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    async queryRaw(query) {
      const result = await adapter.queryRaw(query);
      return {
        ...result,
        columnTypes: result.columnTypes.map((type, position) => (charColumns.has(position) ? ColumnTypeEnum.Character : type)),
      };
    },
    executeRaw: (query) => adapter.executeRaw(query),
    startTransaction: (level) => adapter.startTransaction(level),
    getConnectionInfo: () => ({ supportsRelationJoins: true, schemaName: 'public' }),
    async executeScript(script) {
      onScript?.(script);
      await pool.query(script);
    },
    async dispose() {
      if (!isOpen) return;
      isOpen = false;
      await pool.end();
      await onClosed?.();
    },
  };
}

const charOid = 18;
const textOid = 25;

/** Renames the catalogue's type "char", which the adapter refuses, to text, and returns the positions of such columns. */
function hideCharColumns(fields: { dataTypeID: number }[]): ReadonlySet<number> {
  const hidden = new Set<number>();
  fields.forEach((field, position) => {
    if (field.dataTypeID !== charOid) return;
    field.dataTypeID = textOid;
    hidden.add(position);
  });
  return hidden;
}
