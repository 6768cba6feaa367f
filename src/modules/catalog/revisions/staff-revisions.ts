import type { ProductRevision } from '@prisma/client';
import { z } from 'zod';
import type { AccessSubject } from '../../../foundation/access/decide.ts';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { productSubject, staffIn } from '../products/staff-product.ts';
import { lockRevision, moveRevision, type RevisionRecord } from './revision-record.ts';
import { decideRevision } from './revision-step.ts';

const byId = z.strictObject({ id: z.uuid() });
type Output = { revisionId: string; status: ProductRevision['status'] };

async function loadRevision(scope: CommandScope, { id }: { id: string }): Promise<RevisionRecord> {
  return (await lockRevision(scope, id)) ?? fail('not_found');
}

const onRevision = { version: ({ revision }: RevisionRecord) => revision.version } as const;

/**
 * draft, proposed -> withdrawn, by its author.
 * @throws AppError 403 `forbidden` to anybody else, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`
 */
export const withdrawSuggestion = defineCommand<z.infer<typeof byId>, Output, undefined, RevisionRecord>({
  name: 'withdraw-suggestion',
  resource: 'product',
  access: 'product.suggest',
  input: byId,
  isIdempotent: true,
  load: loadRevision,
  ...onRevision,
  subject: ({ product }) => productSubject(product),
  async run(scope, _input, { revision }) {
    if (revision.authorId !== staffIn(scope).id) return { refused: 'forbidden', details: { extra: { rule: 'not_yours' } } };
    const { status } = await moveRevision(scope, revision, { step: 'withdraw' });
    return { revisionId: revision.id, status };
  },
});

/** A reviewer decides in the case that they hold; here decides who needs none. */
function decisionSubject({ revision, product }: RevisionRecord, staffId: string): AccessSubject {
  return { ...productSubject(product), isOwn: false, isAuthor: revision.authorId === staffId };
}

const accepting = z.strictObject({ id: z.uuid(), fields: z.array(z.string().max(40)).max(60).optional() });
const rightOf = {
  accept: ({ revision }: RevisionRecord) => (revision.kind === 'suggestion' ? 'product.accept_suggestion' : 'product.accept_revision'),
  reject: ({ revision }: RevisionRecord) => (revision.kind === 'suggestion' ? 'product.reject_suggestion' : 'product.reject_revision'),
} as const;

type Loaded = RevisionRecord & { staffId: string };

async function loadForDecision(scope: CommandScope, { id }: { id: string }): Promise<Loaded> {
  return { ...(await loadRevision(scope, { id })), staffId: staffIn(scope).id };
}

/**
 * proposed -> accepted or partly_accepted without a review case, by an administrator; nobody accepts what they wrote.
 * @throws AppError 403 `forbidden`, `four_eyes`, 404 `not_found`, 409 `transition_not_allowed`, `subject_changed`, `version_conflict`, 422
 */
export const acceptRevision = defineCommand<z.infer<typeof accepting>, Output, undefined, Loaded>({
  name: 'accept-revision',
  resource: 'product',
  access: 'product.accept_suggestion',
  input: accepting,
  isIdempotent: true,
  load: loadForDecision,
  ...onRevision,
  rightOf: rightOf.accept,
  subject: (loaded) => decisionSubject(loaded, loaded.staffId),
  preview: async () => ['What is accepted is live at once, where the product is.', 'The author and the vendor see the decision.'],
  async run(scope, { fields }, record) {
    const { status } = await decideRevision(scope, record, {
      step: 'accept',
      by: staffIn(scope).id,
      ...(fields === undefined ? {} : { acceptedFields: fields }),
    });
    return { revisionId: record.revision.id, status };
  },
});

const rejecting = z.strictObject({ id: z.uuid(), note: z.string().trim().min(10).max(500) });

/** proposed -> rejected, as acceptRevision. @throws AppError as there */
export const rejectRevision = defineCommand<z.infer<typeof rejecting>, Output, undefined, Loaded>({
  name: 'reject-revision',
  resource: 'product',
  access: 'product.reject_suggestion',
  input: rejecting,
  isIdempotent: true,
  load: loadForDecision,
  ...onRevision,
  rightOf: rightOf.reject,
  subject: (loaded) => decisionSubject(loaded, loaded.staffId),
  preview: async () => ['Nothing of it becomes live.', 'The author reads your note.'],
  async run(scope, { note }, record) {
    const { status } = await decideRevision(scope, record, { step: 'reject', by: staffIn(scope).id, note });
    return { revisionId: record.revision.id, status };
  },
});
