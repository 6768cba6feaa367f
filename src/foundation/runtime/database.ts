import { PrismaClient } from '@prisma/client';
import pg from 'pg';
import { auditedAdapterFactory } from './audited-adapter.ts';

export type Database = {
  /** Prisma on the audited adapter. Modules touch their own tables only. */
  prisma: PrismaClient;
  /** The pool below it, for LISTEN and for statements outside Prisma (health, advisory locks). Never for business writes. */
  pool: pg.Pool;
  close(): Promise<void>;
};

/** What a command gets: Prisma inside the runner's transaction. */
export type Tx = Omit<PrismaClient, '$connect' | '$disconnect' | '$on' | '$transaction' | '$extends'>;

export type DatabaseOptions = {
  url: string;
  applicationName: string;
  /** Connections at most. */
  maxConnections: number;
};

/**
 * A connection that the server closes must not end the process: not one that waits in the pool, and not one that is taken and has no
 * statement under way. Whoever asks it next gets the error.
 */
export function outliveConnections(pool: pg.Pool): void {
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
}

export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.maxConnections,
    connectionTimeoutMillis: 5_000,
    // timestamptz arrives as text without conversion in the adapter: the session must be UTC.
    options: '-c timezone=UTC',
  });
  outliveConnections(pool);
  const prisma = new PrismaClient({ adapter: auditedAdapterFactory(pool), errorFormat: 'minimal' });
  return {
    prisma,
    pool,
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
