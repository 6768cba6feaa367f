import type { AppError } from '../foundation/errors/app-error.ts';
import { actorIdOf } from '../foundation/runtime/actor.ts';
import type { Call } from './endpoint.ts';
import type { OpenRequest } from './open-call.ts';

/** Stands in for the template of a path that no route has. */
const unmatched = '(unmatched)';

/**
 * One log line, one observation and, where it is kept, one row of platform.api_log per answer. Method, template, status,
 * duration and ids; no query value, no body but allow-listed fields, no credential (auth-api.md section 7).
 */
export function recordAnswer(open: OpenRequest | Call, outcome: { bytes: number; error: AppError | null }): void {
  const { deps, req, requestId } = open;
  const call = 'route' in open ? open : null;
  const route = call?.route.path ?? unmatched;
  const status = open.res.statusCode;
  const ms = performance.now() - open.startedAt;
  const actorId = call ? actorIdOf(call.context.actor) : null;
  const errorCode = outcome.error?.code ?? null;
  deps.metrics.observeRequest({ door: 'api', method: methodLabel(req.method), route, status, ms });
  if (errorCode && status === 429) deps.metrics.countRefusedLimit(errorCode);
  deps.requestLog.record({
    requestId,
    actorId,
    status,
    ms,
    reqBytes: call?.upload?.bytes.length ?? call?.bytes.length ?? 0,
    resBytes: outcome.bytes,
    method: methodLabel(req.method),
    pathTemplate: route,
    door: 'api',
    errorCode,
    headers: req.headers,
    ip: call?.context.ip ?? null,
    body: call?.loggedBody,
    loggedFields: call?.route.loggedFields ?? [],
  });
  const line = {
    event: 'http.request',
    ...idsOf(requestId, call),
    door: 'api',
    method: methodLabel(req.method),
    route,
    status,
    ms: Math.round(ms * 10) / 10,
    ...(call ? { clientId: call.client.id } : {}),
    ...(actorId ? { userId: actorId } : {}),
    ...(errorCode ? { errorCode } : {}),
  } as const;
  if (status < 500) deps.accessLog(line);
  else deps.log.error({ ...line, error: outcome.error?.cause ?? outcome.error });
}

/** The caller's own id, and beside it the one that the other lines and the audit of this request carry, where they differ. */
function idsOf(requestId: string, call: Call | null): { requestId: string; contextId?: string } {
  const contextId = call?.context.requestId ?? requestId;
  return contextId === requestId ? { requestId } : { requestId, contextId };
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** A method is caller's text; only known ones become a label or a column. */
function methodLabel(method: string): string {
  return methods.has(method) ? method : 'OTHER';
}
