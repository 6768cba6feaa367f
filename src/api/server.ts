import type { Request, RequestHandler, Response } from 'express';
import type { CommandDeps } from '../foundation/command/command.ts';
import { toAppError } from '../foundation/command/database-errors.ts';
import { AppError } from '../foundation/errors/app-error.ts';
import { createAccessLog } from '../foundation/runtime/access-log.ts';
import { runInContext } from '../foundation/runtime/request-context.ts';
import { authenticate } from './bearer.ts';
import { createClientAddress } from './client-address.ts';
import { createIdentifyClient } from './client-identity.ts';
import type { ApiParts, Call, Route } from './endpoint.ts';
import { readIdempotencyKey } from './idempotency-key.ts';
import { addDeprecation, isServed } from './legacy.ts';
import { createRouteMap, matchMethod } from './match-route.ts';
import { type OpenRequest, openCall, openRequest } from './open-call.ts';
import { addCorsHeaders, createCheckOrigin, isPreflight, preflightReply } from './origin.ts';
import { readInput } from './parse-input.ts';
import { problemReply } from './problem.ts';
import { limitByAddress, limitByUser } from './rate-limit.ts';
import { checkContentType, readBody } from './read-body.ts';
import { readUpload } from './read-upload.ts';
import { recordAnswer } from './record-answer.ts';
import { recordDenial } from './record-denial.ts';
import { writeReply } from './reply.ts';
import { apiRoutes } from './routes/index.ts';

type Step = (call: Call) => void | Promise<void>;

/**
 * The public API: one handler in front of one table of routes. Matching is a map look-up and the steps are plain
 * functions, because a chain of Express layers alone costs more than the work of a cached token check.
 */
export function createApiRouter(deps: CommandDeps, parts: ApiParts, routes: readonly Route[] = apiRoutes): RequestHandler {
  const { config } = deps;
  const apiDeps = { ...deps, ...parts, accessLog: createAccessLog(deps.log) };
  const origins = new Set(config.corsOrigins);
  const addressOf = createClientAddress(config.trustProxy);
  const map = createRouteMap(routes.filter((route) => isServed(route, config)));

  /** What happens to every request, in the order of auth-api.md section 1.9; path and method come before. */
  const steps: readonly Step[] = [
    checkContentType,
    readBody,
    createCheckOrigin(origins),
    createIdentifyClient(config.authClients),
    limitByAddress,
    authenticate,
    limitByUser,
    readUpload,
    readIdempotencyKey,
  ];

  async function serve(req: Request, res: Response): Promise<void> {
    const open = openRequest(req, res, apiDeps);
    addCorsHeaders(req, open.head, origins);
    const place = map.find(open.path);
    if (!place) return refuse(open, new AppError('not_found'));
    for (const route of place.byMethod.values()) addDeprecation(open.head, route);
    if (isPreflight(req)) return void writeReply(open, preflightReply(req, { origins, methods: place.allow }));
    const match = matchMethod(place, req.method);
    if (!match) {
      open.head.Allow = place.allow;
      return refuse(open, new AppError('method_not_allowed'));
    }
    const call = openCall(open, match, addressOf);
    await runInContext(call.context, () => answer(call, steps));
  }

  // Whatever came past the back office: paths of nobody are 404 like those under /api (auth-api.md section 1.1).
  return (req, res, next) => {
    serve(req, res).catch(next);
  };
}

async function answer(call: Call, steps: readonly Step[]): Promise<void> {
  try {
    for (const step of steps) {
      const pending = step(call);
      if (pending) await pending;
    }
    const reply = await call.route.endpoint.run(call, readInput(call));
    recordAnswer(call, { bytes: writeReply(call, reply), error: null });
  } catch (thrown) {
    const error = await recordDenial(call, toAppError(thrown));
    const { reply, appError } = problemReply(error, { requestId: call.requestId, locale: call.locale, call });
    recordAnswer(call, { bytes: writeReply(call, reply), error: appError });
  }
}

/** 404 and 405: no route, so no steps. */
function refuse(open: OpenRequest, error: AppError): void {
  const { reply, appError } = problemReply(error, { requestId: open.requestId, locale: open.locale, call: null });
  recordAnswer(open, { bytes: writeReply(open, reply), error: appError });
}
