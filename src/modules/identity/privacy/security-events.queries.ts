import { type RowProof, readRowProof, type SubjectAction, type SubjectActionCursor, subjectActions } from '../../../audit/index.ts';
import { shownIp } from '../../../foundation/command/action-row.ts';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { fail, validationError } from '../../../foundation/errors/app-error.ts';
import { uuidPattern } from '../../../foundation/runtime/new-id.ts';
import { deviceLabelOf } from '../device-label.ts';
import { fullPlaceName, placeOf } from '../history/place.ts';
import type { QueryDeps } from '../query-deps.ts';
import { eventKinds, eventTypeOf, type SecurityEventType } from './security-event-types.ts';

/** One event of the own account (auth-api.md 2.6); `id` is the id of the row of the history that proves it. */
export type SecurityEvent = {
  id: string;
  type: SecurityEventType;
  at: Date;
  outcome: 'success' | 'failed';
  /** Null for what staff and the system did. */
  deviceLabel: string | null;
  place: string | null;
  /** Cut to its network. */
  ip: string | null;
  /** The session it was about, or in which it was done. */
  sessionId: string | null;
  sealed: boolean;
};

type Page = { limit: number; cursor?: string | undefined };

/** Newest first. @throws AppError 422 `invalid_value` for a cursor that is none of ours */
export async function listSecurityEvents(
  deps: QueryDeps,
  userId: string,
  { limit, cursor }: Page,
): Promise<{ items: SecurityEvent[]; nextCursor: string | null }> {
  const before = cursor === undefined ? null : readCursor(cursor);
  const rows = await subjectActions(deps, { subjectId: userId, kinds: eventKinds, before, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: await eventsOf(deps, userId, page),
    nextCursor: last && rows.length > limit ? cursorOf(last) : null,
  };
}

/** All of them, newest first, for an export. */
export async function* allSecurityEvents(deps: QueryDeps, userId: string): AsyncGenerator<SecurityEvent> {
  let cursor: string | null | undefined;
  do {
    const page: { items: SecurityEvent[]; nextCursor: string | null } = await listSecurityEvents(deps, userId, {
      limit: 100,
      ...(cursor ? { cursor } : {}),
    });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor);
}

async function eventsOf(deps: QueryDeps, userId: string, rows: readonly SubjectAction[]): Promise<SecurityEvent[]> {
  const sessions = await sessionsOf(deps, userId, rows);
  return rows.flatMap((row) => {
    const type = eventTypeOf(row);
    if (!type) return [];
    const hash = row.sessionHash?.toString('hex');
    const named = row.recordIds.find((id) => sessions.ids.has(id));
    const isKnown = row.by !== 'other';
    return {
      id: row.id,
      type,
      at: row.at,
      outcome: row.outcome === 'ok' ? ('success' as const) : ('failed' as const),
      deviceLabel: isKnown ? deviceLabelOf(row.userAgent).name : null,
      place: isKnown ? fullPlaceName(placeOf(deps.config, networkOf(row.ip))) : null,
      ip: shownIp(row.ip, 'truncated'),
      sessionId: named ?? (hash ? sessions.byHash.get(hash) : undefined) ?? null,
      sealed: row.isSealed,
    };
  });
}

/** The address of a network, kept as `102.89.23.0/24` or already plain. */
const networkOf = (ip: string | null) => ip?.split('/')[0] ?? null;

/** Only sessions of this person: an id in somebody else's action is not theirs to know. */
async function sessionsOf({ database }: QueryDeps, userId: string, rows: readonly SubjectAction[]) {
  const named = rows.flatMap(({ recordIds }) => recordIds.filter((id) => uuidPattern.test(id)));
  const hashes = rows.flatMap(({ sessionHash }) => (sessionHash ? [sessionHash] : []));
  const found = await database.prisma.$queryRaw<{ id: string; hash: string }[]>`
    SELECT s.id, encode(sha256(convert_to(s.id::text, 'UTF8')), 'hex') AS hash FROM identity.session s
     WHERE s.user_id = ${userId}::uuid
       AND (s.id = ANY(${named}::uuid[]) OR sha256(convert_to(s.id::text, 'UTF8')) = ANY(${hashes}::bytea[]))`;
  return { ids: new Set(found.map(({ id }) => id)), byHash: new Map(found.map(({ id, hash }) => [hash, id])) };
}

const cursorForm = /^(\d{1,17})\.([0-9a-f-]{36})$/;

function cursorOf({ atMicros, id }: SubjectActionCursor): string {
  return Buffer.from(`${atMicros}.${id}`).toString('base64url');
}

function readCursor(cursor: string): SubjectActionCursor {
  const [, atMicros = '', id = ''] = cursorForm.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (!uuidPattern.test(id)) throw validationError([{ path: 'cursor', code: 'invalid_value' }]);
  return { atMicros, id };
}

/** The inclusion proof of the row behind an own event. @throws AppError 404 `not_found`, 409 `proof_pending` until it is sealed */
export async function proveSecurityEvent(deps: CommandDeps, userId: string, id: string): Promise<Extract<RowProof, { state: 'sealed' }>> {
  if (!uuidPattern.test(id)) fail('not_found');
  const [row] = await subjectActions(deps, { subjectId: userId, kinds: eventKinds, before: null, id, limit: 1 });
  if (!row || !eventTypeOf(row)) fail('not_found');
  const proof = await readRowProof(deps, id);
  if (proof.state === 'sealed') return proof;
  // A leaf waits for the checkpoint that covers it as well.
  if (proof.state === 'waiting' || proof.checkpoint === null) fail('proof_pending');
  // Archived meanwhile, or changed after sealing: nothing that a caller could wait for.
  deps.log.error({ event: 'audit.proof_failed', rowId: id, state: proof.state }, 'a sealed row does not prove');
  return fail('not_found');
}
