import { createRandom } from '../../prisma/seed/random.ts';
import type { Answer, Ask } from '../attack/target.ts';
import type { ApiDocument, Operation } from './document.ts';
import { faultsOf } from './judge.ts';
import { mutatedBody, mutatedHeaders, mutatedQuery, mutatedSegment } from './mutate.ts';

export type Fault = { operation: string; fault: string; request: string };

export type Play = {
  document: ApiDocument;
  ask(method: string, path: string, ask: Ask): Promise<Answer>;
  /** A live access token; asked again when the one before was ended or limited, as half of the operations may do. */
  newToken(): Promise<string>;
  seed: number;
  perOperation: number;
  /** Stops early when true. */
  isOver?: () => boolean;
  onProgress?: (done: number, total: number) => void;
};

export type Played = { sent: number; faults: Fault[]; statuses: Record<number, number> };

/** Sends mutated requests to every operation of the document and holds each answer against it. Repeatable by its seed. */
export async function play(given: Play): Promise<Played> {
  const { document, seed, perOperation, isOver = () => false } = given;
  const faults: Fault[] = [];
  const statuses: Record<number, number> = {};
  const total = document.operations.length * perOperation;
  let sent = 0;
  let token = await given.newToken();
  for (const [index, operation] of document.operations.entries()) {
    const random = createRandom(seed + index);
    for (let n = 0; n < perOperation && !isOver(); n += 1) {
      const { path, ask } = requestFor(operation, document, random);
      const isBearer = operation.needsBearer && random.below(8) !== 0;
      const headers = { ...ask.headers, ...(isBearer ? { Authorization: `Bearer ${token}` } : {}) };
      const answer = await given.ask(operation.method, path, { ...ask, headers });
      sent += 1;
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      const name = `${operation.method} ${operation.path}`;
      for (const fault of faultsOf(document, operation, answer)) faults.push({ operation: name, fault, request: describe(path, ask) });
      if (isBearer && /"code":"(?:session_revoked|token_expired|rate_limited)"/.test(answer.text)) token = await given.newToken();
      given.onProgress?.(sent, total);
    }
  }
  return { sent, faults, statuses };
}

function requestFor(operation: Operation, { schemas }: ApiDocument, random: ReturnType<typeof createRandom>): { path: string; ask: Ask } {
  const path = operation.path.replace(/\{\w+\}/g, () => mutatedSegment(random));
  const headers = mutatedHeaders(random);
  const query = mutatedQuery(operation.queryParameters, schemas, random);
  if (!operation.body) return { path: `${path}${query}`, ask: { headers } };
  const type =
    random.below(20) === 0
      ? random.pick(['text/plain', 'application/json; charset=latin1', 'multipart/form-data', ''])
      : 'application/json';
  return {
    path: `${path}${query}`,
    ask: { raw: mutatedBody(operation.body, schemas, random), headers: { 'Content-Type': type, ...headers } },
  };
}

function describe(path: string, { raw, headers }: Ask): string {
  const shown = Object.entries(headers ?? {}).filter(([name]) => name !== 'Content-Type');
  return `${path.slice(0, 120)} ${raw === undefined ? '' : raw.toString().slice(0, 200)} ${JSON.stringify(Object.fromEntries(shown)).slice(0, 200)}`;
}
