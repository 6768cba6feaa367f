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
  if (status === 429) deps.metrics.countRefusedLimit(errorCode ?? 'rate_limited');
  deps.requestLog.record({
    requestId,
    actorId,
    status,
    ms,
    reqBytes: call?.bytes.length ?? 0,
    resBytes: outcome.bytes,
    method: methodLabel(req.method),
    pathTemplate: route,
    door: 'api',
    errorCode,
    headers: req.headers,
    body: call?.loggedBody,
    loggedFields: call?.route.loggedFields ?? [],
  });
  const line = { event: 'http.request', requestId, method: methodLabel(req.method), route, status, ms: Math.round(ms * 10) / 10 };
  const who = { ...(actorId ? { userId: actorId } : {}), clientId: call?.client.id ?? null, ...(errorCode ? { errorCode } : {}) };
  if (status >= 500) deps.log.error({ ...line, ...who, error: outcome.error?.cause ?? outcome.error });
  else deps.log.info({ ...line, ...who });
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** A method is caller's text; only known ones become a label or a column. */
function methodLabel(method: string): string {
  return methods.has(method) ? method : 'OTHER';
}
