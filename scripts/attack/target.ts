import { type IncomingHttpHeaders, request } from 'node:http';
import { PlainFailure } from '../plain-failure.ts';

export type Answer = { status: number; headers: IncomingHttpHeaders; text: string; json: unknown; ms: number };

export type Ask = {
  /** Sent as JSON, unless `raw` is given. */
  body?: unknown;
  raw?: string | Buffer;
  /** A list sends the header that many times. */
  headers?: Record<string, string | string[]>;
};

/** A deployment that is attacked, fuzzed or timed. Sends exactly what it is told to. */
export type Target = {
  origin: string;
  ask(method: string, path: string, ask?: Ask): Promise<Answer>;
  /** Requests so far. */
  asked(): number;
};

const timeoutMs = 15_000;

/** @throws PlainFailure for anything but this machine: these tools send what nobody may send to a stranger */
export function openTarget(url: string): Target {
  const { protocol, hostname, port, origin } = parsed(url);
  if (protocol !== 'http:' || !/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname)) {
    throw new PlainFailure(
      `${url} is not this machine. Only http://127.0.0.1:PORT, http://localhost:PORT and http://[::1]:PORT are attacked.`,
    );
  }
  let count = 0;
  const to = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) };
  return {
    origin,
    asked: () => count,
    ask(method, path, ask = {}) {
      count += 1;
      return send(to, { method, path, ask });
    },
  };
}

function parsed(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw new PlainFailure(`${url} is no address. Say --url http://127.0.0.1:PORT.`);
  }
}

function send(to: { host: string; port: number }, { method, path, ask }: { method: string; path: string; ask: Ask }): Promise<Answer> {
  const { body, raw, headers = {} } = ask;
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const type: Record<string, string> = body === undefined || raw !== undefined ? {} : { 'Content-Type': 'application/json' };
  const length: Record<string, string> = payload === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(payload)) };
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { ...to, method, path, headers: { ...type, ...length, ...headers }, agent: false, timeout: timeoutMs },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, json: jsonOf(text), ms: performance.now() - began });
        });
        incoming.on('error', reject);
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error(`No answer within ${timeoutMs} ms: ${method} ${path}`)));
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
