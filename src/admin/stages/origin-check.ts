import type { Request, RequestHandler } from 'express';
import type { Config } from '../../foundation/config/config.ts';
import { AppError } from '../../foundation/errors/app-error.ts';

/** Stage 6: a POST must come from a page of our own (H13). Defence besides SameSite=Strict, and the only one for sign-in. */
export function checkOrigin(config: Config): RequestHandler {
  const publicOrigin = new URL(config.publicUrl).origin;
  return (req, _res, next) => {
    if (req.method !== 'POST') return next();
    const site = req.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin') throw new AppError('origin_not_allowed');
    const { origin } = req.headers;
    if (origin === undefined) {
      if (config.isProductionBuild) throw new AppError('origin_not_allowed');
      return next();
    }
    if (origin !== publicOrigin && !isLocalOrigin(req, origin, config)) throw new AppError('origin_not_allowed');
    next();
  };
}

function isLocalOrigin(req: Request, origin: string, config: Config): boolean {
  if (config.mode === 'production') return false;
  const port = req.socket.localPort;
  return origin === `http://localhost:${port}` || origin === `http://127.0.0.1:${port}`;
}
