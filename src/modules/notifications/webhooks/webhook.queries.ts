import { z } from 'zod';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { typeOf } from './webhook-events.ts';

type Reader = Pick<CommandDeps, 'database'>;

export type WebhookState = 'active' | 'failing' | 'paused' | 'given_up' | 'gone';

/** An endpoint as staff see it; never its secret. */
export type WebhookItem = {
  id: string;
  name: string;
  url: string;
  events: readonly string[];
  state: WebhookState;
  failingSince: Date | null;
  pausedAt: Date | null;
  previousUntil: Date | null;
  createdAt: Date;
  version: number;
};

/** One event of one endpoint, with each call that was made for it. */
export type WebhookAttemptItem = {
  id: string;
  eventId: string;
  eventName: string;
  status: 'queued' | 'sent' | 'failed';
  httpStatus: number | null;
  errorCode: string | null;
  createdAt: Date;
  lastAt: Date | null;
  nextAt: Date | null;
  tries: readonly WebhookTry[];
};

const tries = z.array(z.object({ at: z.string(), httpStatus: z.number().nullable(), errorCode: z.string().nullable(), ms: z.number() }));
export type WebhookTry = z.infer<typeof tries>[number];

const shown = {
  id: true,
  name: true,
  url: true,
  events: true,
  isActive: true,
  failingSince: true,
  pausedAt: true,
  pausedBecause: true,
  previousUntil: true,
  createdAt: true,
  version: true,
} as const;

/** All of them, by name; there are few. `waiting` and `failed` count the calls of the last 30 days. */
export async function listWebhooks({ database }: Reader): Promise<(WebhookItem & { waiting: number; failed: number })[]> {
  const [rows, counts] = await Promise.all([
    database.prisma.webhookEndpoint.findMany({ select: shown, orderBy: [{ name: 'asc' }, { id: 'asc' }], take: 200 }),
    database.prisma.webhookAttempt.groupBy({ by: ['endpointId', 'status'], where: { status: { not: 'sent' } }, _count: true }),
  ]);
  const countOf = (id: string, status: string) => counts.find((each) => each.endpointId === id && each.status === status)?._count ?? 0;
  return rows.map((row) => ({ ...itemOf(row), waiting: countOf(row.id, 'queued'), failed: countOf(row.id, 'failed') }));
}

/** One endpoint; null when there is none. */
export async function readWebhook({ database }: Reader, id: string): Promise<WebhookItem | null> {
  const row = await database.prisma.webhookEndpoint.findUnique({ where: { id }, select: shown });
  return row && itemOf(row);
}

/** Newest first, 50 a page; `before` is the id of the last one of the page before. */
export async function listWebhookAttempts(
  { database }: Reader,
  endpointId: string,
  { before, status }: { before?: string | undefined; status?: 'queued' | 'sent' | 'failed' | undefined },
): Promise<{ items: WebhookAttemptItem[]; next: string | null }> {
  const rows = await database.prisma.webhookAttempt.findMany({
    where: { endpointId, ...(before ? { id: { lt: before } } : {}), ...(status ? { status } : {}) },
    select: {
      id: true,
      eventId: true,
      eventName: true,
      status: true,
      httpStatus: true,
      errorCode: true,
      createdAt: true,
      lastAt: true,
      nextAt: true,
      tries: true,
    },
    orderBy: { id: 'desc' },
    take: pageSize + 1,
  });
  const items = rows
    .slice(0, pageSize)
    .map((row) => ({ ...row, eventName: typeOf(row.eventName), tries: tries.catch([]).parse(row.tries) }));
  return { items, next: rows.length > pageSize ? (items.at(-1)?.id ?? null) : null };
}

const pageSize = 50;

type Row = Omit<WebhookItem, 'state'> & { isActive: boolean; pausedBecause: string | null };

function itemOf({ isActive, pausedBecause, ...rest }: Row): WebhookItem {
  return { ...rest, state: isActive ? (rest.failingSince ? 'failing' : 'active') : pausedStateOf(pausedBecause) };
}

function pausedStateOf(because: string | null): WebhookState {
  if (because === 'failing') return 'given_up';
  return because === 'gone' ? 'gone' : 'paused';
}

/** Endpoints that the sender gave up, for the count beside the side-bar entry. */
export async function countBrokenWebhooks({ database }: Reader): Promise<number> {
  return database.prisma.webhookEndpoint.count({
    where: { OR: [{ pausedBecause: { in: ['failing', 'gone'] } }, { isActive: true, failingSince: { not: null } }] },
  });
}
