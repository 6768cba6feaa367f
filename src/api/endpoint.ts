import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { CommandDeps } from '../foundation/command/command.ts';
import type { AccessClaims } from '../foundation/crypto/access-token.ts';
import type { AppError } from '../foundation/errors/app-error.ts';
import type { Locale } from '../foundation/i18n/locale.ts';
import type { AccessLog } from '../foundation/runtime/access-log.ts';
import type { Metrics } from '../foundation/runtime/metrics.ts';
import type { ReadinessChecks } from '../foundation/runtime/readiness.ts';
import type { RequestContext } from '../foundation/runtime/request-context.ts';
import type { RequestLog } from '../foundation/runtime/request-log.ts';
import type { UploadedFile } from '../modules/identity/index.ts';
import type { Head } from './reply.ts';

/** What the API needs beside the business's own; composed once in app.ts. */
export type ApiParts = {
  requestLog: RequestLog;
  metrics: Metrics;
  readiness: ReadinessChecks;
};

export type ApiDeps = CommandDeps & ApiParts & { accessLog: AccessLog };

/** `cookie` clients get their refresh token in a cookie only (auth-api.md section 1.4). */
export type ClientMode = 'body' | 'cookie';
export type ApiClient = { id: string; mode: ClientMode; isConfidential: boolean };

/** The session row behind a Bearer call, read on that call. */
export type LiveSession = { id: string; userId: string; role: 'client' | 'vendor'; acr: 'aal1' | 'aal2'; authTime: Date; clientId: string };

/**
 * - `none`: any client
 * - `confidential`: Basic or a valid X-Fsh-Client
 * - `token`: a verified access token; the session row is not read
 * - `session`: a verified access token of a live session, read from its row on every call
 * - `optional`: a session where one is presented and live, otherwise nobody
 */
export type AuthKind = 'none' | 'confidential' | 'token' | 'session' | 'optional';

export type Limit = {
  name: string;
  count: number;
  windowSeconds: number;
  by: 'ip' | 'user';
  /** Sent with the 429, as other ways to sign in. */
  alternatives?: readonly string[];
  /** Counted by the endpoint (admitLoad), and only when an answer is not at hand and has to be made. */
  onLoad?: true;
};

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** One line of the table in routes/index.ts. */
export type Route = {
  method: Method;
  /** Path from the root; `{name}` stands for one segment. */
  path: string;
  auth: AuthKind;
  limits: readonly Limit[];
  endpoint: Endpoint;
  /** Whether Idempotency-Key is honoured. */
  isIdempotent?: boolean;
  /** Whether application/x-www-form-urlencoded is accepted too. */
  takesForm?: boolean;
  /** Takes multipart/form-data with one file of at most so many bytes, and nothing else; the endpoint's body is then `{file}`. */
  takesFile?: number;
  /** Path that took the place of this one, which is an alias of the earlier storefront's. */
  successor?: string;
  /** Absent, as if it had never been, in strict production. */
  isDevelopmentOnly?: boolean;
  /** A cookie of this route that a failure removes too: it served its one purpose. */
  clearsCookie?: string;
  /** Top-level body fields that the request log may keep. */
  loggedFields?: readonly string[];
};

export type CookieChange = { name: string; value: string; maxAgeSeconds: number };

/** An answer before it is written. A string or Buffer body is sent as it is, with the content type of `headers`. */
export type Reply = {
  status: number;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  cookies?: readonly CookieChange[];
};

/** Everything known about one request. The steps of server.ts fill it in their order. */
export type Call = {
  readonly req: Request;
  readonly res: Response;
  readonly deps: ApiDeps;
  readonly startedAt: number;
  readonly requestId: string;
  readonly locale: Locale;
  readonly context: RequestContext;
  /** Path as on the request line, without the query. */
  readonly path: string;
  /** Query as on the request line, without the question mark. */
  readonly query: string;
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  /** Body as read; parsed only after the caller is known. */
  bytes: Buffer;
  /** The file of a route that takes one. */
  upload: UploadedFile | null;
  client: ApiClient;
  /** Client address after the trusted-proxy rules; `X-Fsh-Client` may replace it. */
  ip: string;
  deviceToken: string | null;
  /** Headers of the answer so far. */
  readonly head: Head;
  claims: AccessClaims | null;
  session: LiveSession | null;
  /** Why an optional session was not adopted, for the calls that need one after all. */
  bearerFailure: AppError | null;
  /** Present where the route honours it and the caller sent one. */
  idempotencyKey: string | undefined;
  /** Parsed body, kept for the request log's allow-list only. */
  loggedBody: unknown;
  /** Body as the route checked it; undefined before that, and of a file. */
  checkedBody: unknown;
};

export type ReplySpec = { description: string; schema?: z.ZodType; contentType?: string; headers?: readonly string[] };

/** One endpoint, its types erased for the table. */
export type Endpoint = {
  summary: string;
  body: z.ZodType;
  query: z.ZodType;
  replies: Readonly<Record<number, ReplySpec>>;
  /** Codes of the catalogue that callers of this route must expect, beside the common ones. */
  errors: readonly string[];
  /** Body fields whose control characters are the command's business (auth-api.md 1.9, Login). */
  rawFields: readonly string[];
  run(call: Call, raw: { body: unknown; query: unknown }): Promise<Reply>;
};

export type EndpointSpec<Body, Query> = {
  summary: string;
  body: z.ZodType<Body>;
  query: z.ZodType<Query>;
  replies: Readonly<Record<number, ReplySpec>>;
  errors?: readonly string[];
  rawFields?: readonly string[];
  handle(call: Call, input: { body: Body; query: Query }): Promise<Reply> | Reply;
};
