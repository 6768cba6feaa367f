import { z } from 'zod';
import { grantFor } from '../../../../foundation/access/evaluate.ts';
import { type CommandDeps, defineCommand } from '../../../../foundation/command/command.ts';
import { fail } from '../../../../foundation/errors/app-error.ts';
import { actorIdOf } from '../../../../foundation/runtime/actor.ts';
import type { RequestContext } from '../../../../foundation/runtime/request-context.ts';
import { actorNames } from '../../customers/figures.queries.ts';
import { type ReviewLine, type ReviewView, reviewLines } from './review.queries.ts';
import { type ReviewFile, reviewFile } from './review-csv.ts';

/** `id` is the review's. */
const input = z.strictObject({ id: z.uuid() });
type Input = z.infer<typeof input>;
type Prepared = { review: ReviewView; lines: readonly ReviewLine[]; names: ReadonlyMap<string, string> };

async function read(deps: CommandDeps, { id }: Input, leadId: string | null): Promise<Prepared> {
  const review = (await deps.database.prisma.accessReview.findUnique({ where: { id } })) ?? fail('not_found');
  const lines = await reviewLines(deps, { reviewId: id, leadId });
  return {
    review,
    lines,
    names: await actorNames(
      deps,
      lines.flatMap(({ decidedBy }) => decidedBy ?? []),
    ),
  };
}

/**
 * Ends a review in which nothing is open any more: who signed, when, and the SHA-256 of the sheet that they got. Once; the sheet can
 * be exported again. A line that is decided in the same moment refuses it.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed` while lines are open or when it is signed
 */
export const signOffReview = defineCommand<Input, ReviewFile, Prepared>({
  name: 'sign-off-access-review',
  resource: 'access_review',
  access: 'access_review.confirm',
  input,
  // The answer is a file of names: it is not kept for a replay.
  isIdempotent: false,
  prepare: (deps, body) => read(deps, body, null),
  // Of the whole review, which is nobody's own: a lead decides the lines of the team and signs nothing.
  subject: () => ({ kind: 'staff', rank: 0, isOwn: false }),
  preview: async (scope, { id }) => {
    const open = await scope.tx.accessReviewLine.count({ where: { reviewId: id, decision: null, grant: { revokedAt: null } } });
    return open > 0
      ? [`${open} lines are still open: decide them first.`]
      : ['Ends the review and gives you the sheet. Its SHA-256 stands in the audit.'];
  },
  async run(scope, { id }, _loaded, { review, lines, names }) {
    const file = reviewFile(review, lines, names);
    if (lines.some(({ state }) => state === 'open')) return { refused: 'transition_not_allowed' };
    const { count } = await scope.tx.accessReview.updateMany({
      where: { id, signedOffAt: null, lines: { none: { decidedAt: { gt: newest(lines) } } } },
      data: { signedOffAt: scope.now, signedOffBy: actorIdOf(scope.actor), sha256: file.sha256, version: { increment: 1 } },
    });
    if (count === 0) return { refused: 'transition_not_allowed' };
    scope.touched(id);
    scope.note(`sha256 ${file.sha256}, ${lines.length} lines`);
    return file;
  },
});

function newest(lines: readonly ReviewLine[]): Date {
  return new Date(Math.max(0, ...lines.map(({ decidedAt }) => decidedAt?.getTime() ?? 0)));
}

/**
 * The sheet of a review as it stands, for whoever may read it: leads get the people they lead. Its SHA-256 stands in the audit.
 * @throws AppError 403 `forbidden`, 404 `not_found`
 */
export const exportReview = defineCommand<Input, ReviewFile, Prepared>({
  name: 'export-access-review',
  resource: 'access_review',
  access: 'list_export.create',
  input,
  isIdempotent: false,
  prepare: (deps, body, context) => read(deps, body, leadOf(deps, context)),
  async run(scope, { id }, _loaded, { review, lines, names }) {
    const file = reviewFile(review, lines, names);
    scope.touched(id);
    scope.note(`sha256 ${file.sha256}, ${lines.length} lines`);
    return file;
  },
});

/** Whose team the reader is kept to; null for readers of everything. @throws AppError 403 `forbidden` for who may read none */
function leadOf(deps: CommandDeps, { actor }: RequestContext): string | null {
  const reach = grantFor(actor, 'access_review.list', { now: deps.clock.now() }) ?? fail('forbidden', { extra: { rule: 'not_granted' } });
  return reach.own || reach.team ? actorIdOf(actor) : null;
}
