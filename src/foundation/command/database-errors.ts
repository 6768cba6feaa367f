import { AppError } from '../errors/app-error.ts';

/**
 * Names what the database refused: unique clash, missing record, reference, missing audit context, no connection.
 * What it does not know stays an internal error with its cause kept (audit.md section 4.7, F13).
 */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const code = sqlStateOf(thrown) ?? codeOf(thrown);
  const appCode = (code && knownCodes[code]) || (isConnectionLoss(thrown) ? 'unavailable' : 'internal_error');
  return new AppError(appCode, { cause: thrown, ...(appCode === 'unavailable' ? { retryAfterSeconds: 2 } : {}) });
}

const knownCodes: Readonly<Record<string, 'already_exists' | 'not_found' | 'audit_unavailable' | 'legal_hold' | 'unavailable'>> = {
  P2002: 'already_exists',
  P2003: 'not_found',
  P2034: 'unavailable',
  P2025: 'not_found',
  P1001: 'unavailable',
  P1002: 'unavailable',
  P1017: 'unavailable',
  P2024: 'unavailable',
  P2028: 'unavailable',
  '23505': 'already_exists',
  '23503': 'not_found',
  '40001': 'unavailable',
  '40P01': 'unavailable',
  '57P01': 'unavailable',
  '57P03': 'unavailable',
  '53300': 'unavailable',
  ECONNREFUSED: 'unavailable',
  ECONNRESET: 'unavailable',
  AU001: 'audit_unavailable',
  AU005: 'legal_hold',
};

function codeOf(thrown: unknown): string | null {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : null;
}

/** The SQLSTATE that a raw statement or the driver adapter carries in its metadata or message. */
function sqlStateOf(thrown: unknown): string | null {
  const meta = typeof thrown === 'object' && thrown !== null && 'meta' in thrown ? JSON.stringify(thrown.meta) : '';
  const text = `${thrown instanceof Error ? thrown.message : ''} ${meta}`;
  return /\b(AU001|AU005|23505|23503|40001|40P01|57P01|57P03|53300)\b/.exec(text)?.[1] ?? null;
}

function isConnectionLoss(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    /Connection terminated|connection timeout|timeout exceeded when trying to connect|ECONNREFUSED|ECONNRESET|server closed the connection/i.test(
      thrown.message,
    )
  );
}
