import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Received = { id: string; timestamp: number; signatures: readonly string[]; body: string };

export type Receiver = {
  url: string;
  calls: Received[];
  /** How the next calls are answered: a status, a redirect, or not at all. */
  answer: { status: number; headers?: Record<string, string>; isSilent?: boolean };
  /** Connections that wait for an answer. */
  open(): number;
  close(): Promise<void>;
};

/** Somebody's server on this machine, which keeps what it got. */
export async function startReceiver(): Promise<Receiver> {
  const calls: Received[] = [];
  const waiting = new Set<ServerResponse>();
  const server: Server = createServer(async (req, res) => {
    const body = await textOf(req);
    const header = (name: string) => String(req.headers[name] ?? '');
    calls.push({
      id: header('webhook-id'),
      timestamp: Number(header('webhook-timestamp')),
      signatures: header('webhook-signature').split(' '),
      body,
    });
    if (receiver.answer.isSilent) {
      waiting.add(res);
      res.on('close', () => waiting.delete(res));
      return;
    }
    res.writeHead(receiver.answer.status, receiver.answer.headers).end('thank you');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hooks`,
    calls,
    answer: { status: 204 },
    open: () => waiting.size,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}

async function textOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** What docs/runbooks/webhooks.md tells receivers to do, written from the Standard Webhooks text and not from the sender's code. */
export function isGenuine(secret: string, call: Received): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key).update(`${call.id}.${call.timestamp}.${call.body}`).digest();
  return call.signatures.some((signature) => {
    const [version, value = ''] = signature.split(',');
    const given = Buffer.from(value, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}
