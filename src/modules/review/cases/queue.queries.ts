import type { ReviewCase } from '@prisma/client';
import { z } from 'zod';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { StaffActor } from '../../../foundation/runtime/actor.ts';
import { actorNames } from '../../identity/index.ts';
import { isBlindFor, overseesReview, partIn, withoutFirstAnswer } from './case-reach.ts';
import { isHeld } from './case-record.ts';
import { claimedWords } from './case-rights.ts';
import { type Colleague, countedAtMost, type QueueCounts, type QueueLine, type QueuePage, type QueueTab } from './case-shapes.ts';
import { clockOf } from './clock.ts';
import { idsOfTab, type Position, positionShape } from './queue-tabs.ts';

type Deps = Pick<CommandDeps, 'database' | 'clock' | 'keyring' | 'config'>;

const pageSize = 30;

/** How many there are behind each tab for this person; counting stops at 1,000. */
export async function queueCounts({ database, clock }: Deps, staff: StaffActor): Promise<QueueCounts> {
  const seesAll = overseesReview(staff, clock.now());
  const [row] = await database.prisma.$queryRaw<QueueCounts[]>`
    SELECT (SELECT count(*) FROM (SELECT FROM review.review_case
              WHERE status = 'queued' AND paused_at IS NULL AND sample_of_id IS NULL LIMIT ${countedAtMost}) c)::int AS new,
           (SELECT count(*) FROM review.review_case WHERE status = 'claimed' AND claimed_by = ${staff.id}::uuid)::int AS mine,
           (SELECT count(*) FROM (SELECT FROM review.review_case c WHERE c.status = 'changes_requested'
              AND NOT EXISTS (SELECT FROM review.review_case l WHERE l.subject_id = c.subject_id AND l.kind = c.kind AND l.round > c.round)
              LIMIT ${countedAtMost}) c)::int AS changes_requested,
           (SELECT count(*) FROM (SELECT FROM review.review_case WHERE status = 'pending_second' LIMIT ${countedAtMost}) c)::int
         + (SELECT count(*) FROM (SELECT FROM review.review_case WHERE status = 'queued' AND paused_at IS NULL AND needs_lead = false
              AND priority = 0 AND sample_of_id IS NOT NULL LIMIT ${countedAtMost}) c)::int AS second,
           (SELECT count(*) FROM (SELECT FROM review.review_case WHERE status IN ('approved', 'rejected', 'changes_requested')
              AND (${seesAll} OR decided_by = ${staff.id}::uuid) LIMIT ${countedAtMost}) c)::int AS done`;
  return row ?? { new: 0, mine: 0, changes_requested: 0, second: 0, done: 0 };
}

/**
 * A page of a tab, in the order of the tab: what is taken next first, what ends first, what was decided last. Whoever may not open a line
 * sees it all the same, with the sentence why not; a first answer that they must not see yet is left out.
 * @throws AppError 400 `invalid_paging` for a cursor of another tab
 */
export async function listQueue(deps: Deps, staff: StaffActor, asked: { tab: QueueTab; cursor?: string | null }): Promise<QueuePage> {
  const { prisma } = deps.database;
  const after = asked.cursor ? readCursor(asked.cursor, asked.tab) : null;
  const found = await idsOfTab(prisma, {
    tab: asked.tab,
    staffId: staff.id,
    seesAll: overseesReview(staff, deps.clock.now()),
    after,
    limit: pageSize + 1,
  });
  const shown = found.slice(0, pageSize);
  const rows = await prisma.reviewCase.findMany({ where: { id: { in: shown.map(({ id }) => id) } } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const last = shown.at(-1);
  return {
    lines: await linesOf(
      deps,
      staff,
      shown.flatMap(({ id }) => byId.get(id) ?? []),
    ),
    next: found.length > pageSize && last ? cursorOf(asked.tab, last) : null,
  };
}

/** Cases in lines, as the asking person may see them. */
export async function linesOf(deps: Deps, staff: StaffActor, rows: readonly ReviewCase[]): Promise<QueueLine[]> {
  const people = rows.flatMap(({ claimedBy, preparedBy, decidedBy }) => [claimedBy, preparedBy, decidedBy].filter((id) => id !== null));
  const names = await actorNames(deps, people);
  const now = deps.clock.now();
  return rows.map((row) => {
    const seen = isBlindFor(row, staff, now) ? withoutFirstAnswer(row) : row;
    return lineOf(seen, { clock: clockOf(row, now), staff, names, now, part: partIn(row, staff, now) });
  });
}

type Around = {
  clock: QueueLine['clock'];
  staff: StaffActor;
  names: ReadonlyMap<string, string>;
  now: Date;
  part: ReturnType<typeof partIn>;
};

function lineOf(row: ReviewCase, { clock, staff, names, now, part }: Around): QueueLine {
  const { id, kind, title, status, round, priority, riskScore, createdAt, needsSecond, needsLead, decision, decidedBy, decidedAt } = row;
  const person = (who: string | null) => colleagueOf(who, names, staff.id);
  const [holder, decider] = [person(row.claimedBy), person(decidedBy)];
  return {
    ...{ id, kind, title, status, round, priority, riskScore, clock, needsSecond, needsLead },
    openedAt: createdAt,
    isEscalated: row.escalatedAt !== null && (status === 'queued' || status === 'claimed'),
    isSample: row.sampleOfId !== null,
    preparedBy: person(row.preparedBy),
    claim: holder && row.claimExpiresAt ? { by: holder, until: row.claimExpiresAt, isLapsed: !isHeld(row, now) } : null,
    decision: decision && decider && decidedAt ? { decision, by: decider, at: decidedAt } : null,
    refusal: part ? null : closedWords(row, names),
  };
}

/** Why somebody may not open it. */
export function closedWords(row: ReviewCase, names: ReadonlyMap<string, string>): string {
  if (row.claimedBy) return claimedWords(row, names.get(row.claimedBy) ?? null);
  if (row.status === 'queued') return '“Take next” gives you cases; only leads pick by hand.';
  return 'Only whoever decided on it, and leads, open it.';
}

export function colleagueOf(who: string | null, names: ReadonlyMap<string, string>, readerId: string): Colleague | null {
  return who === null ? null : { id: who, name: names.get(who) ?? 'A former colleague', isMe: who === readerId };
}

const cursorShape = z.object({ tab: z.string(), at: positionShape });

function cursorOf(tab: QueueTab, at: Position): string {
  return Buffer.from(JSON.stringify({ tab, at })).toString('base64url');
}

function readCursor(text: string, tab: QueueTab): Position {
  const parsed = cursorShape.safeParse(jsonOf(text));
  return parsed.success && parsed.data.tab === tab ? parsed.data.at : fail('invalid_paging');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
