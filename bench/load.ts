import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export type Ask = { method: string; path: string; headers?: Readonly<Record<string, string>>; body?: string };

export type Answer = { status: number; head: string; body: string; ms: number };

export type Connection = { ask(ask: Ask): Promise<Answer>; close(): void };

/**
 * One keep-alive HTTP/1.1 connection on a bare socket. Node's own client costs about as much processor time as the servers
 * that are measured with it, and on two cores that would pull every ratio towards 1.
 */
export async function openConnection(port: number): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const read = answersOf(socket);
  return {
    async ask(ask) {
      const began = performance.now();
      const answer = read();
      socket.write(bytesOf(ask, port));
      return { ...(await answer), ms: performance.now() - began };
    },
    close: () => socket.destroy(),
  };
}

export type Drive = {
  port: number;
  connections: number;
  /** Requests in all, shared out among the connections as they become free. */
  requests: number;
  /** The n-th request of the round. `connection` counts from 0. */
  ask(n: number, connection: number): Ask;
  /** Answers that are not of this status fail the bench: a refusal is always faster than the work. */
  status: number;
  onAnswer?(answer: Answer, connection: number): void;
};

/** A closed loop: each connection sends its next request as soon as its last was answered. Milliseconds for all of them. */
export async function drive(load: Drive): Promise<number> {
  const lines = await Promise.all(Array.from({ length: load.connections }, () => openConnection(load.port)));
  let next = 0;
  const work = async (line: Connection, connection: number): Promise<void> => {
    while (next < load.requests) {
      const answer = await line.ask(load.ask(next++, connection));
      expectStatus(answer, load.status);
      load.onAnswer?.(answer, connection);
    }
  };
  const began = performance.now();
  await Promise.all(lines.map(work));
  const ms = performance.now() - began;
  for (const line of lines) line.close();
  return ms;
}

export function expectStatus(answer: Answer, status: number): void {
  if (answer.status !== status) throw new Error(`Expected ${status}, got ${answer.status}: ${answer.body.slice(0, 400)}`);
}

export function json(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Ask {
  return { method: 'POST', path, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

function bytesOf(ask: Ask, port: number): string {
  const lines = Object.entries(ask.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = ask.body === undefined ? '' : `Content-Length: ${Buffer.byteLength(ask.body)}\r\n`;
  return `${ask.method} ${ask.path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${lines.join('')}${length}\r\n${ask.body ?? ''}`;
}

type Parsed = Omit<Answer, 'ms'>;
type Waiting = { resolve(answer: Parsed): void; reject(error: Error): void };

/** One answer per call, in order. */
function answersOf(socket: Socket): () => Promise<Parsed> {
  let buffered = Buffer.alloc(0);
  let waiting: Waiting | null = null;
  const fail = () => {
    waiting?.reject(new Error('The server closed the connection'));
    waiting = null;
  };
  socket.on('data', (chunk) => {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
    const found = parse(buffered);
    if (!found || !waiting) return;
    buffered = buffered.subarray(found.end);
    const { resolve } = waiting;
    waiting = null;
    resolve(found.answer);
  });
  socket.on('close', fail);
  socket.on('error', fail);
  return () =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
    });
}

function parse(bytes: Buffer): { answer: Parsed; end: number } | null {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const head = bytes.toString('latin1', 0, headEnd);
  const status = Number(head.slice(9, 12));
  const begin = headEnd + 4;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const end = begin + Number(length);
    return bytes.length < end ? null : { answer: { status, head, body: bytes.toString('utf8', begin, end) }, end };
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return { answer: { status, head, body: '' }, end: begin };
  return parseChunks(bytes, begin, { status, head });
}

function parseChunks(bytes: Buffer, begin: number, start: Omit<Parsed, 'body'>): { answer: Parsed; end: number } | null {
  const parts: Buffer[] = [];
  for (let at = begin; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (bytes.length < end) return null;
    if (size === 0) return { answer: { ...start, body: Buffer.concat(parts).toString('utf8') }, end };
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = end;
  }
}
