import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Request, Response } from 'express';
import type { AppError } from '../foundation/errors/app-error.ts';
import { messagePage } from './sign-in/message-page.ts';
import { adminPath, isApiPath, stateOf } from './state.ts';
import { errorText } from './texts.ts';

const lingerMs = 400;

/** Answers with an error of the catalogue: problem+json (RFC 9457) under /api, a plain page elsewhere. Never a stack. */
export function answerProblem(req: Request, res: Response, error: AppError): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const state = stateOf(res);
  const { requestId } = state.context;
  state.errorCode = error.code;
  const { retryAfterSeconds } = error.details;
  if (retryAfterSeconds) res.setHeader('Retry-After', String(Math.max(1, Math.ceil(retryAfterSeconds))));
  if (wantsJson(req)) {
    send(req, res, error.status, 'application/problem+json; charset=utf-8', JSON.stringify(problemDocument(error, requestId)));
    return;
  }
  send(
    req,
    res,
    error.status,
    'text/html; charset=utf-8',
    messagePage(res, { status: error.status, text: errorText(error.code, error.details.params), requestId }),
  );
}

export function problemDocument(error: AppError, requestId: string): Readonly<Record<string, unknown>> {
  const { errors, params, extra } = error.details;
  return {
    type: 'about:blank',
    title: error.message,
    status: error.status,
    code: error.code,
    detail: errorText(error.code, params),
    requestId,
    ...(errors ? { errors: errors.map((item) => ({ ...item, message: item.message ?? errorText(item.code) })) } : {}),
    ...extra,
  };
}

export function answerJson(res: Response, status: number, body: unknown): void {
  res.status(status);
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.end(JSON.stringify(body, jsonSafe));
}

export function answerHtml(res: Response, status: number, html: string): void {
  res.status(status);
  res.setHeader('Content-Type', 'text/html; charset=utf-8');
  res.setHeader('Vary', 'Accept-Encoding');
  res.end(packed(res, Buffer.from(html)));
}

/** Smaller ones fit into the first packets anyway. */
const packedFrom = 4_096;
/** A page of 100 KB takes 2 ms and becomes a seventh; the best quality would take a second. */
const quality = 5;

/**
 * The page as the browser takes it. Nothing secret is told by its length: it holds no token that a stranger's request could be compared
 * with, since posts are checked by their origin, and its nonce is new each time.
 */
function packed(res: Response, page: Buffer): Buffer {
  const encoding = page.length >= packedFrom ? res.req.acceptsEncodings(['br', 'gzip']) : false;
  if (encoding !== 'br' && encoding !== 'gzip') return page;
  res.setHeader('Content-Encoding', encoding);
  if (encoding === 'gzip') return gzipSync(page);
  return brotliCompressSync(page, {
    params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: page.length },
  });
}

/** Bigints travel as strings; Number would lose digits and JSON.stringify would throw. */
export function jsonSafe(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

function wantsJson(req: Request): boolean {
  return isApiPath(adminPath(req)) || (req.method === 'POST' && (req.headers.accept ?? '').includes('json'));
}

/**
 * A request whose body was never read is answered at once and its connection closed. The socket lingers for a moment,
 * draining what still arrives: closing it with unread bytes would send RST and could destroy the answer on its way.
 */
function send(req: Request, res: Response, status: number, type: string, body: string): void {
  const bytes = Buffer.from(body);
  res.status(status);
  res.setHeader('Content-Type', type);
  res.setHeader('Content-Length', String(bytes.length));
  const hasUnreadBody = !req.complete && !stateOf(res).isBodyRead && (req.headers['content-length'] ?? '0') !== '0';
  if (!hasUnreadBody && req.headers['transfer-encoding'] === undefined) {
    res.end(req.method === 'HEAD' ? undefined : bytes);
    return;
  }
  res.setHeader('Connection', 'close');
  res.write(bytes);
  req.on('error', () => undefined);
  req.resume();
  const finish = () => {
    clearTimeout(timer);
    res.end();
  };
  const timer = setTimeout(finish, lingerMs);
  req.once('end', finish);
  req.once('close', finish);
}
