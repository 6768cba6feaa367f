import type { RequestHandler } from 'express';
import { AppError } from '../../foundation/errors/app-error.ts';

const maxUrlBytes = 8 * 1024;
const maxQueryKeys = 64;
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);

/** Stage 3: refuses what no route of the back office could use. */
export const checkShape: RequestHandler = (req, res, next) => {
  if (!methods.has(req.method)) {
    res.setHeader('Allow', [...methods].join(', '));
    throw new AppError('method_not_allowed');
  }
  if (Buffer.byteLength(req.originalUrl) > maxUrlBytes) throw new AppError('uri_too_long');
  const start = req.originalUrl.indexOf('?');
  if (start !== -1 && req.originalUrl.slice(start + 1).split('&').length > maxQueryKeys) throw new AppError('bad_request');
  next();
};
