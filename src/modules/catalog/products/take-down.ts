import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { mayTake } from '../../../foundation/command/state-machine.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { productStates } from '../product-states.ts';
import { moveProduct, type ProductRecord } from './product-record.ts';
import { goingLive } from './product-step.ts';
import { loadProduct, onProduct, staffIn } from './staff-product.ts';

const input = z.strictObject({ id: z.uuid() });
type Input = z.infer<typeof input>;
type Output = { productId: string; version: number };

/** How long whoever took a product down or archived it can put it back (F93). */
export const putBackSeconds = 15 * 60;

/**
 * published -> suspended: gone from the shop at the next request; the vendor is told, and may hand it in again, to a lead.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`
 */
export const takeDownProduct = defineCommand<Input, Output, undefined, ProductRecord>({
  name: 'take-down-product',
  resource: 'product',
  access: 'product.take_down',
  input,
  isIdempotent: true,
  load: loadProduct,
  ...onProduct,
  preview: async () => [
    'Customers do not see it from now on.',
    'The vendor is told, with your words.',
    'You can put it back for 15 minutes.',
  ],
  async run(scope, _input, product) {
    const code = scope.reason?.code ?? null;
    const { version } = await moveProduct(scope, product, {
      step: 'take_down',
      code,
      change: {
        decisionCode: code,
        decisionReason: scope.reason?.text?.trim() || null,
        reviewNotes: [],
        ...takenOff(scope, product),
      },
    });
    return { productId: product.id, version };
  },
});

/**
 * suspended or archived -> published, for 15 minutes, by the member of staff who did it, and only as it was: a product that its owner changed since is
 * decided on anew. The live revision stays the one it was.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`, 410 `undo_expired`
 */
export const putBackProduct = defineCommand<Input, Output, undefined, ProductRecord>({
  name: 'put-back-product',
  resource: 'product',
  access: 'product.take_down',
  input,
  isIdempotent: true,
  load: loadProduct,
  ...onProduct,
  preview: async () => ['Customers see it again, as it was.'],
  async run(scope, _input, product) {
    const { status, suspendedAt, suspendedBy, suspendedVersion, version, liveRevision } = product;
    if (!mayTake(productStates, 'put_back', status) || suspendedAt === null) return { refused: 'transition_not_allowed' };
    if (suspendedBy !== staffIn(scope).id) return { refused: 'forbidden', details: { extra: { rule: 'not_yours' } } };
    if (addSeconds(suspendedAt, putBackSeconds) <= scope.now) return { refused: 'undo_expired' };
    if (suspendedVersion !== version) return { refused: 'version_conflict' };
    const { editorIds: _, publishedAt: __, reviewedPrice: ___, ...live } = goingLive(scope, product);
    const change = { ...live, liveRevision, decisionCode: null, decisionReason: null };
    const moved = await moveProduct(scope, product, { step: 'put_back', change });
    return { productId: product.id, version: moved.version };
  },
});

/**
 * published -> archived by staff; the vendor is told and may hand it in again.
 * @throws AppError as takeDownProduct
 */
export const archiveProduct = defineCommand<Input, Output, undefined, ProductRecord>({
  name: 'archive-product',
  resource: 'product',
  access: 'product.archive',
  input,
  isIdempotent: true,
  load: loadProduct,
  ...onProduct,
  preview: async () => [
    'Customers do not see it from now on.',
    'The vendor is told and may hand it in again.',
    'You can put it back for 15 minutes.',
  ],
  async run(scope, _input, product) {
    const code = scope.reason?.code ?? null;
    const decided = { decisionCode: code, decisionReason: scope.reason?.text?.trim() || null, reviewNotes: [] };
    const { version } = await moveProduct(scope, product, { step: 'archive', code, change: { ...decided, ...takenOff(scope, product) } });
    return { productId: product.id, version };
  },
});

/** Who took it off the shop, when, and the version that it has from then on: what putting it back asks. */
function takenOff(scope: CommandScope, { version }: ProductRecord) {
  return { suspendedAt: scope.now, suspendedBy: staffIn(scope).id, suspendedVersion: version + 1 };
}
