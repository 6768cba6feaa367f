import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Config } from '../../../foundation/config/config.ts';
import { type Address, hostOf, resolveReceiver } from './receiver-address.ts';

export type Post = { url: string; headers: Readonly<Record<string, string>>; body: string; signal: AbortSignal };

/** How a call ended: a status where the receiver answered, else a code of ours. */
export type PostOutcome = { httpStatus: number | null; errorCode: string | null; ms: number };

const timeoutMs = 10_000;
/** What a receiver says beyond its status is nobody's business; so much is read to let it finish politely. */
const answerLimit = 16_384;

/**
 * One POST to a receiver. No redirects, ten seconds for everything, and only to the address that was looked at: the connection
 * goes there whatever the name says by then. Never throws.
 */
export async function postWebhook(rules: Pick<Config, 'webhooksToLoopback'>, post: Post): Promise<PostOutcome> {
  const startedAt = performance.now();
  const signal = AbortSignal.any([post.signal, AbortSignal.timeout(timeoutMs)]);
  const outcome = await attempt(rules, post, signal).catch((error: unknown) => ({ httpStatus: null, errorCode: codeOf(error, signal) }));
  return { ...outcome, ms: Math.round(performance.now() - startedAt) };
}

async function attempt(rules: Pick<Config, 'webhooksToLoopback'>, post: Post, signal: AbortSignal): Promise<Omit<PostOutcome, 'ms'>> {
  const url = new URL(post.url);
  const resolved = await Promise.race([resolveReceiver(hostOf(url), rules), aborted(signal)]);
  if ('errorCode' in resolved) return { httpStatus: null, errorCode: resolved.errorCode };
  const response = await send(url, post, { address: resolved.address, signal });
  const { statusCode = 0 } = response;
  drain(response);
  if (statusCode >= 300 && statusCode < 400) return { httpStatus: statusCode, errorCode: 'redirect' };
  return { httpStatus: statusCode, errorCode: statusCode >= 200 && statusCode < 300 ? null : 'refused' };
}

function send(url: URL, { headers, body }: Post, to: { address: Address; signal: AbortSignal }): Promise<IncomingMessage> {
  const { address, family } = to.address;
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    agent: false,
    signal: to.signal,
    lookup: (_host, { all }, done) => (all ? done(null, [{ address, family }]) : done(null, address, family)),
  };
  return new Promise((resolve, reject) => {
    const request: ClientRequest = url.protocol === 'http:' ? httpRequest(url, options, resolve) : httpsRequest(url, options, resolve);
    request.on('error', reject);
    request.end(body);
  });
}

/** Reads a little of the answer and then lets go of the connection. */
function drain(response: IncomingMessage): void {
  let read = 0;
  response.on('error', () => undefined);
  response.on('data', (chunk: Buffer) => {
    read += chunk.length;
    if (read > answerLimit) response.destroy();
  });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

function codeOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError' ? 'timeout' : 'interrupted';
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code)) return 'tls_failed';
  return code === 'ECONNREFUSED' ? 'connection_refused' : 'connection_failed';
}
