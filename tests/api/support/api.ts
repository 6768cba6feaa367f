import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { pending, problem, tokenSet } from '../../../src/api/shapes.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';

export type Answer = { status: number; headers: IncomingHttpHeaders; text: string; json: unknown };

export type Ask = {
  /** Sent as JSON, unless `raw` is given. */
  body?: unknown;
  raw?: string | Buffer;
  headers?: Record<string, string | string[]>;
};

export type Api = {
  app: TestApp;
  port: number;
  call(method: string, path: string, ask?: Ask): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Ask['headers']): Promise<Answer>;
  get(path: string, headers?: Ask['headers']): Promise<Answer>;
  stop(): Promise<void>;
};

/** The product's own web app on a port of its own, and a client that sends exactly what it is told to. */
export async function startApi(env: Record<string, string> = {}, log?: Logger): Promise<Api> {
  const app = await startTestApp(env, log);
  const server = await listen(createServer(await app.handler()));
  const { port } = portOf(server);
  const call = (method: string, path: string, ask: Ask = {}) => send({ port, method, path, ask });
  return {
    app,
    port,
    call,
    post: (path, body = {}, headers = {}) => call('POST', `/api/v1${path}`, { body, headers }),
    get: (path, headers = {}) => call('GET', path, { headers }),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await app.stop();
    },
  };
}

function listen(server: Server): Promise<Server> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function portOf(server: Server): { port: number } {
  const address: AddressInfo | string | null = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server does not listen');
  return address;
}

function send(to: { port: number; method: string; path: string; ask: Ask }): Promise<Answer> {
  const { body, raw, headers = {} } = to.ask;
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const type: Record<string, string> = body === undefined || raw !== undefined ? {} : { 'Content-Type': 'application/json' };
  const length: Record<string, string> = payload === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(payload)) };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port: to.port, method: to.method, path: to.path, headers: { ...type, ...length, ...headers }, agent: false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, json: parsed(text) });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The body as its published shape; fails the test when it is not exactly that. */
export function shaped<T>(schema: z.ZodType<T>, answer: Answer): T {
  return schema.parse(answer.json);
}

export function problemOf(answer: Answer) {
  return problem.parse(answer.json);
}

/** `status code` of a failure, for one-line expectations. */
export function refusal(answer: Answer): string {
  return `${answer.status} ${problemOf(answer).code}`;
}

/** `path: code` of each field error. */
export function fieldsOf(answer: Answer): string[] {
  return (problemOf(answer).errors ?? []).map(({ path, code }) => `${path}: ${code}`);
}

export const goodPassword = 'Adire-lantern-29-cloth';
let serial = 0;

/** An address or number that no other test of this file uses. */
export function freshEmail(): string {
  serial += 1;
  return `shopper${serial}.${process.pid}@example.com`;
}

/** The code that the worker would send; derived from the flow, so no message has to be waited for. */
export function codeOf(api: Api, flowId: string, sendNo = 1): string {
  return api.app.deps.keyring.otpCode(flowId, sendNo);
}

export function wrongCodeFor(code: string): string {
  return code === '000000' ? '000001' : '000000';
}

/** Registers and verifies; the token set of a new client. */
export async function newClient(api: Api, given: { email?: string; password?: string; headers?: Ask['headers'] } = {}) {
  const { email = freshEmail(), password = goodPassword, headers = {} } = given;
  const started = shaped(pending, await api.post('/auth/register', { email, password }, headers));
  const verified = await api.post('/auth/register/verify', { flowId: started.flowId, code: codeOf(api, started.flowId) }, headers);
  return { email, password, verified, tokens: shaped(tokenSet, verified) };
}

export function bearer(accessToken: string): Record<string, string> {
  return { Authorization: `Bearer ${accessToken}` };
}

export function basic(id: string, secret: string): Record<string, string> {
  return { Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
}

export const storefront = { id: 'storefront-bff', secret: 'dev-storefront-secret', forwardingSecret: 'dev-forwarding-secret' };

export type Signing = {
  method: string;
  path: string;
  body?: unknown;
  /** The body as it is sent, where it is not JSON. */
  raw?: Buffer;
  ip: string;
  userAgent?: string;
  device?: string;
  nowSeconds: number;
  client?: string;
  secret?: string;
};

/** X-Fsh-Client of auth-api.md section 1.5, written from its text and independent of the server's code. */
export function signedClient(signing: Signing): Record<string, string> {
  const { client = storefront.id, secret = storefront.forwardingSecret, method, path, ip, nowSeconds } = signing;
  const encode = (text: string) => Buffer.from(text, 'utf8').toString('base64url');
  const ua = encode(signing.userAgent ?? '');
  const dev = encode(signing.device ?? '');
  const bytes = signing.raw ?? (signing.body === undefined ? '' : JSON.stringify(signing.body));
  const hash = createHash('sha256').update(bytes).digest('hex');
  const message = `fsh-client-v1\n${client}\n${nowSeconds}\n${method}\n${path}\n${hash}\n${ip}\n${ua}\n${dev}`;
  const sig = createHmac('sha256', Buffer.from(secret, 'utf8')).update(message).digest('base64url');
  return { 'X-Fsh-Client': `v=1;client=${client};ts=${nowSeconds};ip=${ip};ua=${ua};dev=${dev};sig=${sig}` };
}

export function nowSeconds(api: Api): number {
  return Math.floor(api.app.clock.now().getTime() / 1000);
}

export const storefrontOrigin = 'http://localhost:3001';
/** What the storefront's own page sends in cookie mode. */
export const browserHeaders = { 'X-Client-Id': 'browser', Origin: storefrontOrigin, 'Sec-Fetch-Site': 'same-site' };
