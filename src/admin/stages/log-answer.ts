import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';
import { actorIdOf } from '../../foundation/runtime/actor.ts';
import { stateOf } from '../state.ts';

/** One answered request of the back office, for the log, the figures and the request log. */
export type AnsweredRequest = {
  requestId: string;
  actorId: string | null;
  method: string;
  /** Path template, never the raw path. */
  path: string;
  status: number;
  /** Milliseconds, not rounded. */
  ms: number;
  requestBytes: number;
  headers: IncomingHttpHeaders;
};

/** Our own pages; their paths hold no ids. */
const ownPages: ReadonlySet<string> = new Set([
  '/login',
  '/login/mfa',
  '/enrol',
  '/logout',
  '/step-up',
  '/account',
  '/account/sessions/end',
  '/account/preferences',
]);

/** Tells of every answer once it is out, refused and failed ones too; the built files, which tell nothing, come before it. */
export function logAnswer(tell: (answered: AnsweredRequest) => void): RequestHandler {
  return (req, res, next) => {
    const began = performance.now();
    const { path, method, headers } = req;
    res.once('close', () => {
      const { context } = stateOf(res);
      tell({
        requestId: context.requestId,
        actorId: actorIdOf(context.actor),
        method,
        path: context.path ?? (ownPages.has(path) ? `/admin${path}` : '(unmatched)'),
        status: res.statusCode,
        ms: performance.now() - began,
        requestBytes: Number(headers['content-length'] ?? 0) || 0,
        headers,
      });
    });
    next();
  };
}
