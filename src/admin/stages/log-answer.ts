import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';
import { actorIdOf } from '../../foundation/runtime/actor.ts';
import { isApiPath, stateOf } from '../state.ts';

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
  /** Bytes written to the socket for the answer, its head included. */
  responseBytes: number;
  headers: IncomingHttpHeaders;
  /** Whole client address after the trusted-proxy rules. */
  ip: string | null;
  /** Code of the refusal or failure; null for an answer that is none. */
  errorCode: string | null;
  /** Parsed body of a POST, for the allow-list of `loggedFields`. */
  body: unknown;
  loggedFields: readonly string[];
};

/** Of the body of a command: which one, whether it was a rehearsal, against which version. Never its input or reason. */
const commandFields: readonly string[] = ['action', 'dryRun', 'expectedVersion'];
const nothing: readonly string[] = [];

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
    const { path, method, headers, socket } = req;
    const written = socket.bytesWritten;
    res.once('close', () => {
      const { context, errorCode, fields } = stateOf(res);
      tell({
        requestId: context.requestId,
        actorId: actorIdOf(context.actor),
        method,
        path: context.path ?? (ownPages.has(path) ? `/admin${path}` : '(unmatched)'),
        status: res.statusCode,
        ms: performance.now() - began,
        requestBytes: Number(headers['content-length'] ?? 0) || 0,
        responseBytes: Math.max(0, socket.bytesWritten - written),
        headers,
        ip: context.ip,
        errorCode: errorCode ?? refusalOf(path, res.statusCode),
        body: fields,
        loggedFields: isApiPath(path) ? commandFields : nothing,
      });
    });
    next();
  };
}

/** Our own pages answer a refusal with the page again, not with an error; the log names it all the same. */
function refusalOf(path: string, status: number): string | null {
  if (!ownPages.has(path)) return null;
  if (status === 429) return 'rate_limited';
  if (status !== 401) return null;
  return path === '/login' ? 'invalid_credentials' : 'mfa_invalid';
}
