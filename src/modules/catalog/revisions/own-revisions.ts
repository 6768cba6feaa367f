import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { lockOwner } from '../products/own-product.ts';
import { someText } from '../products/product-text.ts';
import { lockRevision, moveRevision, type RevisionRecord } from './revision-record.ts';
import { decideRevision } from './revision-step.ts';

const which = z.strictObject({ productId: z.uuid(), id: z.uuid() });
type Which = z.infer<typeof which>;
type Loaded = RevisionRecord & { userId: string };
type Output = { revisionId: string };

/** A revision of an own product. @throws AppError 403 `role_required`, 404 `not_found`, 428 `if_match_required` */
async function lockOwnRevision(scope: CommandScope, { productId, id }: Which): Promise<Loaded> {
  const { userId } = await lockOwner(scope);
  const record = await lockRevision(scope, id);
  // What an enhancer has not proposed yet is theirs alone.
  const isShown = record?.product.ownerUserId === userId && record.product.id === productId && record.revision.status !== 'draft';
  if (!record || !isShown) return fail('not_found');
  if (scope.expectedVersion === null) fail('if_match_required');
  return { ...record, userId };
}

const own = {
  resource: 'product',
  access: 'owner',
  isIdempotent: false,
  load: lockOwnRevision,
  version: ({ revision }: Loaded) => revision.version,
} as const;

const accepting = which.extend({ fields: z.array(z.string().max(40)).max(60).optional() });

/**
 * The owner accepts a suggestion, or some fields of it; what is accepted is live at once. Own changes are a reviewer's to decide.
 * @throws AppError 403 `role_required`, `four_eyes`, 404 `not_found`, 409 `transition_not_allowed`, `subject_changed`,
 *   412 `version_conflict`, 428 `if_match_required`, 422 `required`, `invalid_value` at `acceptedFields`
 */
export const acceptOwnSuggestion = defineCommand<z.infer<typeof accepting>, Output, undefined, Loaded>({
  ...own,
  name: 'accept-own-suggestion',
  input: accepting,
  async run(scope, { fields }, record) {
    await decideRevision(scope, record, {
      step: 'accept',
      by: record.userId,
      ...(fields === undefined ? {} : { acceptedFields: fields }),
    });
    return { revisionId: record.revision.id };
  },
});

const rejecting = which.extend({ note: someText({ longest: 500 }) });

/** The owner declines a suggestion with a note to its author. @throws AppError as acceptOwnSuggestion */
export const rejectOwnSuggestion = defineCommand<z.infer<typeof rejecting>, Output, undefined, Loaded>({
  ...own,
  name: 'reject-own-suggestion',
  input: rejecting,
  async run(scope, { note }, record) {
    await decideRevision(scope, record, { step: 'reject', by: record.userId, note });
    return { revisionId: record.revision.id };
  },
});

/** proposed -> withdrawn: the owner takes back an own change that waits. @throws AppError as above, 403 `forbidden` for a suggestion */
export const withdrawOwnRevision = defineCommand<Which, Output, undefined, Loaded>({
  ...own,
  name: 'withdraw-own-revision',
  input: which,
  async run(scope, _input, { revision, userId }) {
    if (revision.authorId !== userId) return { refused: 'forbidden', details: { extra: { rule: 'not_yours' } } };
    await moveRevision(scope, revision, { step: 'withdraw' });
    return { revisionId: revision.id };
  },
});
