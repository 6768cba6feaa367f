import type { AccessReview, Prisma } from '@prisma/client';
import { lastUses } from '../../../../audit/index.ts';
import { rankOf } from '../../../../foundation/access/grades.ts';
import { gradeOf, type Role } from '../../../../foundation/access/roles.ts';
import type { CommandDeps } from '../../../../foundation/command/command.ts';
import { staffName } from '../staff-record.ts';

export type ReviewView = Pick<
  AccessReview,
  'id' | 'quarter' | 'createdAt' | 'dueAt' | 'lapseAt' | 'lapsedAt' | 'signedOffAt' | 'signedOffBy' | 'sha256'
>;

/** `ended`: the grant went some other way before anybody decided. */
export type LineState = 'open' | 'keep' | 'remove' | 'lapsed' | 'ended';

export type ReviewLine = {
  id: string;
  grantId: string;
  userId: string;
  name: string;
  memberId: string;
  jobTitle: string | null;
  managerUserId: string | null;
  role: Role;
  isLead: boolean;
  /** Of the person's highest role in force: who decides must rank above it. */
  holderRank: number;
  grantReason: string;
  since: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  lastLoginAt: Date | null;
  state: LineState;
  decidedBy: string | null;
  decidedAt: Date | null;
  reason: string | null;
};

type Deps = Pick<CommandDeps, 'database'>;

const reviewColumns = {
  ...{ id: true, quarter: true, createdAt: true, dueAt: true, lapseAt: true, lapsedAt: true },
  ...{ signedOffAt: true, signedOffBy: true, sha256: true },
} as const;

/** Reviews, newest first; a quarter each. */
export function listReviews(deps: Deps): Promise<ReviewView[]> {
  return deps.database.prisma.accessReview.findMany({ select: reviewColumns, orderBy: { quarter: 'desc' }, take: 40 });
}

/** How many lines somebody has still to decide; `leadId`: only those of the people they lead, the own ones never. */
export function countOpenLines(deps: Deps, asked: { leadId: string | null; exceptId: string }): Promise<number> {
  const { leadId, exceptId } = asked;
  return deps.database.prisma.accessReviewLine.count({
    where: {
      decision: null,
      userId: { not: exceptId },
      review: { signedOffAt: null },
      grant: { revokedAt: null, ...(leadId ? { user: { staffProfile: { managerUserId: leadId } } } : {}) },
    },
  });
}

const lineInclude = {
  grant: {
    include: {
      user: {
        select: {
          ...{ displayName: true, memberId: true, lastLoginAt: true },
          staffProfile: { select: { jobTitle: true, managerUserId: true } },
          roleGrants: { where: { revokedAt: null }, select: { role: true, isLead: true, expiresAt: true } },
        },
      },
    },
  },
} satisfies Prisma.AccessReviewLineInclude;

type LineRow = Prisma.AccessReviewLineGetPayload<{ include: typeof lineInclude }>;

/** The lines of a review by person; for a lead only those of the people they lead. */
export async function reviewLines(
  deps: Deps & Pick<CommandDeps, 'clock'>,
  asked: { reviewId: string; leadId: string | null },
): Promise<ReviewLine[]> {
  const { reviewId, leadId } = asked;
  const now = deps.clock.now();
  const rows = await deps.database.prisma.accessReviewLine.findMany({
    where: { reviewId, ...(leadId ? { grant: { user: { staffProfile: { managerUserId: leadId } } } } : {}) },
    include: lineInclude,
  });
  const held = rows.map(({ id, grant }) => ({ id, actorId: grant.userId, grade: gradeOf(grant), since: grant.createdAt }));
  const uses = await lastUses(deps, held);
  return rows
    .map((row) => lineOf(row, { lastUsedAt: uses.get(row.id) ?? null, now }))
    .toSorted((a, b) => a.name.localeCompare(b.name) || a.role.localeCompare(b.role));
}

function lineOf(row: LineRow, { lastUsedAt, now }: { lastUsedAt: Date | null; now: Date }): ReviewLine {
  const { grant } = row;
  const { user } = grant;
  return {
    id: row.id,
    grantId: grant.id,
    userId: grant.userId,
    name: staffName(user),
    memberId: user.memberId,
    jobTitle: user.staffProfile?.jobTitle ?? null,
    managerUserId: user.staffProfile?.managerUserId ?? null,
    role: grant.role,
    isLead: grant.isLead,
    holderRank: rankOf(user.roleGrants, now),
    grantReason: grant.reason,
    since: grant.createdAt,
    expiresAt: grant.expiresAt,
    lastUsedAt,
    lastLoginAt: user.lastLoginAt,
    state: row.decision ?? (grant.revokedAt ? 'ended' : 'open'),
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt,
    reason: row.reason,
  };
}
