import type { Request, Response } from 'express';
import { defaultLocale, negotiateLocale } from '../foundation/i18n/locale.ts';
import { newId } from '../foundation/runtime/new-id.ts';
import { requestUuid } from '../foundation/runtime/request-uuid.ts';
import type { ClientAddress } from './client-address.ts';
import type { ApiClient, ApiDeps, Call } from './endpoint.ts';
import type { Match } from './match-route.ts';
import { safeHead } from './reply.ts';
import { cleanUserAgent } from './signed-client.ts';

/** What is known of a request before its path is looked up. */
export type OpenRequest = Pick<Call, 'req' | 'res' | 'deps' | 'startedAt' | 'requestId' | 'locale' | 'path' | 'query' | 'head'>;

const requestIdForm = /^[A-Za-z0-9_-]{8,64}$/;
const nothing = Buffer.alloc(0);
const nobody: ApiClient = { id: 'public', mode: 'body', isConfidential: false };

export function openRequest(req: Request, res: Response, deps: ApiDeps): OpenRequest {
  const given = req.headers['x-request-id'];
  const target = req.originalUrl;
  const mark = target.indexOf('?');
  const requestId = typeof given === 'string' && requestIdForm.test(given) ? given : newId();
  const languages = req.headers['accept-language'];
  const locale = languages === undefined ? defaultLocale : negotiateLocale(languages);
  return {
    req,
    res,
    deps,
    startedAt: performance.now(),
    requestId,
    locale,
    head: safeHead(requestId, locale),
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
  };
}

export function openCall(open: OpenRequest, match: Match, addressOf: ClientAddress): Call {
  const { req } = open;
  const forwardedFor = req.headers['x-forwarded-for'];
  const ip = addressOf(req.socket.remoteAddress, typeof forwardedFor === 'string' ? forwardedFor : undefined);
  return {
    ...open,
    route: match.route,
    params: match.params,
    context: {
      requestId: requestUuid(open.requestId),
      door: 'api',
      ip,
      userAgent: cleanUserAgent(req.headers['user-agent']),
      path: match.route.path,
      clientId: null,
      actor: { kind: 'anonymous' },
      action: null,
    },
    bytes: nothing,
    upload: null,
    client: nobody,
    ip,
    deviceToken: null,
    claims: null,
    session: null,
    bearerFailure: null,
    idempotencyKey: undefined,
    loggedBody: undefined,
    checkedBody: undefined,
  };
}
