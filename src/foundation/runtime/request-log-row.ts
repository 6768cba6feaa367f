import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { newId } from './new-id.ts';
import type { Door } from './request-context.ts';
import { type IpMode, shownIp } from './shown-ip.ts';

/** One answered request. `pathTemplate` is never the raw path. */
export type LoggedRequest = {
  requestId: string;
  actorId: string | null;
  status: number;
  /** Milliseconds, not rounded. */
  ms: number;
  reqBytes: number;
  resBytes: number;
  method: string;
  pathTemplate: string;
  door: Door;
  errorCode: string | null;
  headers: IncomingHttpHeaders;
  /** The whole client address; what is kept of it is the configuration's business. */
  ip?: string | null;
  /** The parsed body; only the fields named in `loggedFields` are ever kept. */
  body?: unknown;
  loggedFields?: readonly string[];
};

/** One row of platform.api_log by column. */
export type RequestRow = {
  occurred_at: string;
  id: string;
  request_id: string;
  actor_id: string | null;
  status: number;
  ms: number;
  req_bytes: number;
  res_bytes: number;
  method: string;
  path_template: string;
  door: string;
  error_code: string | null;
  slow: boolean;
  sampled: boolean;
  headers: Readonly<Record<string, string>>;
  body: object | null;
  ip: string | null;
  weight: number;
};

/** Why a request was kept, and how many answers its row stands for. */
export type Keeping = { at: Date; isSlow: boolean; isSampled: boolean; weight: number; ipMode: IpMode };

const maxBodyBytes = 4_096;
const loggedHeaders = ['content-type', 'accept-language', 'user-agent', 'x-client-version'] as const;
const maxHeaderLength = 400;
const maxInteger = 2_147_483_647;

/** The row of a request: headers and body fields by allow-list, the address as the policy says, nothing that PostgreSQL refuses. */
export function requestRow(request: LoggedRequest, how: Keeping): RequestRow {
  const hasBody = request.status >= 400 || how.isSampled;
  return {
    occurred_at: how.at.toISOString(),
    id: newId(),
    request_id: request.requestId.slice(0, 64),
    actor_id: request.actorId,
    status: request.status,
    ms: whole(request.ms),
    req_bytes: whole(request.reqBytes),
    res_bytes: whole(request.resBytes),
    method: request.method.slice(0, 10),
    path_template: storable(request.pathTemplate.slice(0, 200)),
    door: request.door,
    error_code: request.errorCode?.slice(0, 60) ?? null,
    slow: how.isSlow,
    sampled: how.isSampled,
    headers: headersOf(request.headers),
    body: hasBody ? bodyOf(request.body, request.loggedFields ?? []) : null,
    ip: addressOf(request.ip ?? null, how.ipMode),
    weight: how.weight,
  };
}

const whole = (value: number) => Math.min(maxInteger, Math.max(0, Math.round(value)));

/** What is no address is left out: one such text would make PostgreSQL refuse the whole statement. */
function addressOf(ip: string | null, mode: IpMode): string | null {
  const address = ip?.split('%', 1)[0] ?? '';
  return isIP(address) === 0 ? null : shownIp(address, mode);
}

function headersOf(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of loggedHeaders) {
    const value = headers[name];
    if (typeof value === 'string') kept[name] = storable(value.slice(0, maxHeaderLength));
  }
  return kept;
}

/** Fields by allow-list; what is over 4 KB is left out whole, since half a JSON text is none. */
function bodyOf(body: unknown, fields: readonly string[]): object | null {
  if (typeof body !== 'object' || body === null || fields.length === 0) return null;
  const kept = Object.entries(body).flatMap(([name, value]) => (fields.includes(name) ? [[name, plain(value)] as const] : []));
  if (kept.length === 0) return null;
  const entry = Object.fromEntries(kept);
  return Buffer.byteLength(JSON.stringify(entry)) > maxBodyBytes ? { $truncated: true } : entry;
}

/** Scalars only: the names inside a hostile object are text of the caller too. */
function plain(value: unknown): string | number | boolean | null {
  if (typeof value === 'string') return storable(value);
  return typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** PostgreSQL refuses NUL in text and unpaired surrogates in jsonb. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '');
}
