import { join } from 'node:path';
import { z } from 'zod';
import { describeAction } from '../../admin/action-states.ts';
import { definePage, type PageRequest } from '../../admin/index.ts';
import { decide, grantFor } from '../../foundation/access/evaluate.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { translate } from '../../foundation/i18n/translate.ts';
import { actorNames, type ReviewLine, type ReviewView, staffLife } from '../../modules/identity/index.ts';
import { accessReviewActions, lineActions, sheetActions } from './access-review-actions.ts';

/** Once a quarter: who holds what, when it was last used, keep or remove. Leads see, and decide for, the people they lead. */
export const accessReviewPage = definePage({
  id: 'access-review',
  noun: 'access_review',
  title: 'Access review',
  icon: 'list',
  navigationGroup: 'People',
  permission: 'access_review.list',
  component: join(import.meta.dirname, 'access-review.component.tsx'),
  handler: shown,
  recordsRead: (answer) => (Array.isArray(answer.people) ? answer.people.filter((id) => typeof id === 'string') : []),
  waiting: countOpen,
  actions: accessReviewActions,
});

const query = z.strictObject({ quarter: z.string().max(7).optional() });

async function shown(request: PageRequest): Promise<Readonly<Record<string, unknown>>> {
  const asked = query.safeParse(request.query);
  if (!asked.success) throw new AppError('invalid_filter');
  const reviews = await staffLife.listReviews(request.deps);
  const { quarter } = asked.data;
  const review = quarter === undefined ? reviews[0] : reviews.find((each) => each.quarter === quarter);
  if (quarter !== undefined && !review) throw new AppError('not_found');
  if (!review) return { quarters: [], review: null, lines: [], signOff: null, export: null, people: [] };
  const lines = await staffLife.reviewLines(request.deps, { reviewId: review.id, leadId: leadOf(request) });
  const names = await actorNames(request.deps, namedIn(review, lines));
  return {
    quarters: reviews.map((each) => each.quarter),
    review: reviewJson(review, names),
    lines: lines.map((line) => lineJson(line, { request, review, names })),
    ...wholeActions(request, review),
    people: [...new Set(lines.map((line) => line.userId))],
  };
}

/** Whose team the reader is kept to; null for readers of everything. */
function leadOf({ staff, now }: Pick<PageRequest, 'staff' | 'now'>): string | null {
  const reach = grantFor(staff, 'access_review.list', { now });
  return reach && !reach.own && !reach.team ? null : staff.id;
}

async function countOpen(request: Pick<PageRequest, 'staff' | 'deps' | 'now'>): Promise<number> {
  const reach = grantFor(request.staff, 'access_review.confirm', { now: request.now });
  return reach ? staffLife.countOpenLines(request.deps, { leadId: leadOf(request), exceptId: request.staff.id }) : 0;
}

function namedIn({ signedOffBy }: ReviewView, lines: readonly ReviewLine[]): string[] {
  return [...lines.flatMap(({ decidedBy, managerUserId }) => [decidedBy, managerUserId]), signedOffBy].filter((id) => id !== null);
}

function reviewJson(review: ReviewView, names: ReadonlyMap<string, string>): object {
  const { signedOffBy, ...rest } = review;
  return { ...rest, signedOffBy: signedOffBy ? (names.get(signedOffBy) ?? 'Somebody who left') : null };
}

type Around = { request: PageRequest; review: ReviewView; names: ReadonlyMap<string, string> };

function lineJson(line: ReviewLine, { request, review, names }: Around): object {
  const { decidedBy, managerUserId, ...rest } = line;
  const why = refusalOf(line, request, review);
  return {
    ...rest,
    lead: managerUserId ? (names.get(managerUserId) ?? null) : null,
    decidedBy: decidedBy ? (names.get(decidedBy) ?? 'Somebody who left') : null,
    keep: line.state === 'open' ? describeAction(lineActions.keep, why) : null,
    remove: line.state === 'open' || line.state === 'keep' ? describeAction(lineActions.remove, why) : null,
  };
}

/** Why the reader may not decide this line: the review is over, or what the guard says of the person. */
function refusalOf(line: ReviewLine, { staff, now }: PageRequest, review: ReviewView): string | null {
  if (review.signedOffAt) return 'Open reviews only: this one was signed off.';
  const isLed = line.managerUserId === staff.id;
  const subject = { userId: line.userId, kind: 'staff' as const, rank: line.holderRank, isOwn: isLed, isTeam: isLed };
  const decision = decide({ actor: staff, permission: 'access_review.confirm', subject, now });
  return decision.isAllowed ? null : translate('en', decision.sentence);
}

function wholeActions({ staff, now }: PageRequest, review: ReviewView): { signOff: object | null; export: object | null } {
  const confirm = grantFor(staff, 'access_review.confirm', { now });
  const mayExport = grantFor(staff, 'list_export.create', { now }) !== null;
  const isSigned = review.signedOffAt !== null;
  return {
    signOff: confirm && !confirm.own && !isSigned ? describeAction(sheetActions.signOff, null) : null,
    export: mayExport ? describeAction(sheetActions.export, null) : null,
  };
}
