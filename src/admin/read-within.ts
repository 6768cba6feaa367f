import { AppError } from '../foundation/errors/app-error.ts';
import type { Database, Tx } from '../foundation/runtime/database.ts';
import type { Row } from './define-resource.ts';

/** The two reads of a Prisma model delegate that the back office uses. */
export type ReadDelegate = {
  findMany(args: object): Promise<Row[]>;
  count(args: object): Promise<number>;
};

/** The delegate of a model by its name, `User` -> `tx.user`. Throws for a model that the client does not have. */
export function delegateOf(tx: Tx, model: string): ReadDelegate {
  const delegate: unknown = Reflect.get(tx, model.charAt(0).toLowerCase() + model.slice(1));
  if (!isDelegate(delegate)) throw new Error(`The client has no model ${model}`);
  return delegate;
}

function isDelegate(value: unknown): value is ReadDelegate {
  return typeof value === 'object' && value !== null && 'findMany' in value && 'count' in value;
}

/**
 * Reads in one transaction whose statements are cut off after 3 seconds, so that one careless filter cannot hold a
 * connection. @throws AppError query_too_broad ("Narrow the filters")
 */
export async function readWithin<T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await database.prisma.$transaction(
      async (tx) => {
        await tx.$executeRawUnsafe('SET LOCAL statement_timeout = 3000');
        return work(tx);
      },
      { maxWait: 5_000, timeout: 10_000 },
    );
  } catch (error) {
    if (isStatementTimeout(error)) throw new AppError('query_too_broad', { cause: error });
    throw error;
  }
}

const queryCanceled = /57014|statement timeout/;

function isStatementTimeout(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (queryCanceled.test(at.message)) return true;
  }
  return false;
}
