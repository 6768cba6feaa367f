import type { Request } from 'express';
import { AppError } from '../../foundation/errors/app-error.ts';

/**
 * The query string as single values. A key that comes twice is refused: AdminJS, Express and we could each take another one.
 * @throws AppError bad_request
 */
export function queryParams(req: Request): ReadonlyMap<string, string> {
  const start = req.originalUrl.indexOf('?');
  const params = new Map<string, string>();
  if (start === -1) return params;
  for (const [key, value] of new URLSearchParams(req.originalUrl.slice(start + 1))) {
    if (params.has(key) || key.includes('\u0000') || value.includes('\u0000')) throw new AppError('bad_request');
    params.set(key, value);
  }
  return params;
}
