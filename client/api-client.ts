import { base64, type EndUser, forwardingHeader } from './forwarding.ts';
import type { InputOf, OperationName, SuccessOf } from './operation.ts';
import { type ApiProblem, readProblem } from './problem.ts';

/** Who calls (auth-api.md section 1.4). A confidential client exists on servers only. */
export type ClientIdentity =
  | { kind: 'public' }
  | { kind: 'mobile' }
  /** A page: tokens live in cookies that it cannot read. */
  | { kind: 'browser' }
  | { kind: 'confidential'; id: string; secret: string; forwardingSecret: string };

export type ApiClientOptions = {
  /** Of the platform, without /api/v1. */
  baseUrl: string;
  identity: ClientIdentity;
  fetch?: typeof fetch;
  /** Unix seconds; for the signed header. */
  now?: () => number;
  /** After this an answer no longer helps anybody. */
  timeoutMs?: number;
};

/** For whom and how this one call is made. */
export type CallOptions = {
  accessToken?: string | undefined;
  endUser?: EndUser | undefined;
  deviceToken?: string | undefined;
  /** The version that was read, where the operation asks for it. */
  ifMatch?: string | undefined;
  idempotencyKey?: string | undefined;
  language?: string | undefined;
};

/** Every way in which a call can end; nothing is thrown. */
export type Answer<Op extends OperationName> =
  | SuccessOf<Op>
  | { kind: 'problem'; status: number; problem: ApiProblem; headers: Headers }
  /** No answer: refused, timed out, cut. Whether the call was carried out is unknown. */
  | { kind: 'unreachable'; cause: unknown };

export type ApiClient = {
  call<Op extends OperationName>(operation: Op, input: InputOf<Op>, options?: CallOptions): Promise<Answer<Op>>;
};

type LooseInput = { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown };

const prefix = '/api/v1';

/** The API as a typed function. Sends one request per call and repeats nothing by itself. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const { baseUrl, identity, timeoutMs = 10_000 } = options;
  const send = options.fetch ?? fetch;
  const now = options.now ?? (() => Math.floor(Date.now() / 1000));
  return {
    async call<Op extends OperationName>(operation: Op, input: InputOf<Op>, about: CallOptions = {}): Promise<Answer<Op>> {
      try {
        const request = await requestOf(operation, input as LooseInput);
        const response = await send(`${baseUrl.replace(/\/+$/, '')}${request.target}`, {
          method: request.method,
          headers: await headersOf(request, { identity, about, nowSeconds: now() }),
          ...(request.body.length === 0 ? {} : { body: request.body }),
          ...(identity.kind === 'browser' ? { credentials: 'include' as const } : {}),
          redirect: 'manual',
          signal: AbortSignal.timeout(timeoutMs),
        });
        const text = await response.text();
        return answerOf<Op>(response, text);
      } catch (cause) {
        return { kind: 'unreachable', cause };
      }
    },
  };
}

/** `body` as it goes out, so that a signature covers what is sent. */
type Outgoing = { method: string; target: string; body: string | Uint8Array<ArrayBuffer>; type: string };

async function requestOf(operation: string, input: LooseInput): Promise<Outgoing> {
  const [method = '', template = ''] = operation.split(' ');
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(input.params?.[name] ?? ''));
  const query = new URLSearchParams(
    Object.entries(input.query ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ).toString();
  const target = `${prefix}${path}${query === '' ? '' : `?${query}`}`;
  if (input.body instanceof FormData) return { method, target, ...(await packed(input.body)) };
  const takesBody = method !== 'GET' && method !== 'DELETE';
  return { method, target, body: takesBody ? JSON.stringify(input.body ?? {}) : '', type: 'application/json' };
}

/** A form with its boundary, as bytes. */
async function packed(form: FormData): Promise<Pick<Outgoing, 'body' | 'type'>> {
  const whole = new Response(form);
  return { body: new Uint8Array(await whole.arrayBuffer()), type: whole.headers.get('content-type') ?? 'multipart/form-data' };
}

async function headersOf(
  { method, target, body, type }: Outgoing,
  { identity, about, nowSeconds }: { identity: ClientIdentity; about: CallOptions; nowSeconds: number },
): Promise<Record<string, string>> {
  const headers: Record<string, string> = { Accept: 'application/json, application/problem+json' };
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined) headers[name] = value;
  };
  if (body.length > 0) headers['Content-Type'] = type;
  add('Authorization', about.accessToken === undefined ? undefined : `Bearer ${about.accessToken}`);
  add('If-Match', about.ifMatch);
  add('Idempotency-Key', about.idempotencyKey);
  add('Accept-Language', about.language);
  if (identity.kind !== 'confidential') {
    if (identity.kind !== 'public') headers['X-Client-Id'] = identity.kind;
    add('X-Device-Token', about.deviceToken);
    return headers;
  }
  if (about.accessToken === undefined) headers['Authorization'] = basicOf(identity);
  const { id: clientId, forwardingSecret } = identity;
  const { endUser } = about;
  if (endUser) headers['X-Fsh-Client'] = await forwardingHeader({ clientId, forwardingSecret, method, target, body, endUser, nowSeconds });
  else add('X-Device-Token', about.deviceToken);
  return headers;
}

function basicOf({ id, secret }: { id: string; secret: string }): string {
  return `Basic ${base64(new TextEncoder().encode(`${id}:${secret}`))}`;
}

function answerOf<Op extends OperationName>(response: Response, text: string): Answer<Op> {
  const { status, headers } = response;
  const isJson = /^application\/(?:problem\+)?json\b/.test(headers.get('content-type') ?? '');
  const body: unknown = isJson && text !== '' ? JSON.parse(text) : text === '' ? null : text;
  if (status >= 400) return { kind: 'problem', status, problem: readProblem(body, response), headers };
  // The one place where the wire is taken at its word: the server's own tests hold every reply against the schema this type is made of.
  return { kind: 'ok', status, data: body, headers } as SuccessOf<Op>;
}
