import { z } from 'zod';
import { translate } from '../../foundation/i18n/translate.ts';
import { ownProductCommands, ownProductQueries } from '../../modules/catalog/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import type { Call, Reply } from '../endpoint.ts';
import { execute, userIdOf } from '../execute.ts';
import { cursor, pageLimit } from '../fields.ts';
import { etagOf, ifMatchOf } from '../if-match.ts';
import { pathId } from '../path-id.ts';
import { editWaiting, ownProduct, ownProductPage, productInput, productPatch, productStatus } from '../product-shapes.ts';

const found = { description: 'The product', schema: ownProduct, headers: ['ETag'] };
const byVersion = ['role_required', 'not_found', 'if_match_required', 'version_conflict'];
const input = ['price_invalid', 'required', 'too_long', 'too_short', 'invalid_value'];
/** A description has lines; the command refuses every other control character. */
const rawFields = ['description'];

/** GET /account/vendor/products: the own ones, newest first. */
export const listProducts = defineEndpoint({
  summary: 'List the own products',
  query: z.strictObject({ limit: pageLimit, cursor, status: productStatus.optional() }),
  body: noBody,
  replies: { 200: { description: 'A page, newest first', schema: ownProductPage } },
  errors: ['role_required'],
  handle: async (call, { query }) => ({ status: 200, body: await ownProductQueries.listOwnProducts(call.deps, userIdOf(call), query) }),
});

/** POST /account/vendor/products: a draft, which customers do not see. */
export const createProduct = defineEndpoint({
  summary: 'Write a product',
  query: noQuery,
  body: productInput,
  rawFields,
  replies: { 201: { ...found, description: 'The draft' } },
  errors: ['role_required', 'product_limit', 'transition_not_allowed', ...input],
  async handle(call, { body }) {
    const { output } = await execute(call, ownProductCommands.createProduct, { input: body });
    return productReply(call, 201, output.productId);
  },
});

/** GET /account/vendor/products/{id} */
export const readProduct = defineEndpoint({
  summary: 'Read an own product',
  query: noQuery,
  body: noBody,
  replies: { 200: found },
  errors: ['role_required', 'not_found'],
  handle: (call) => productReply(call, 200, pathId(call)),
});

/** PATCH /account/vendor/products/{id}: what of a live product has to be looked at again waits in a revision, and 202 names it. */
export const editProduct = defineEndpoint({
  summary: 'Change an own product',
  query: noQuery,
  body: productPatch,
  rawFields,
  replies: {
    200: { ...found, description: 'The product as it is now' },
    202: { description: 'Part of it waits for a decision; the live product stays as it is', schema: editWaiting, headers: ['ETag'] },
  },
  errors: [...byVersion, ...input],
  async handle(call, { body }) {
    const id = pathId(call);
    const { output } = await execute(call, ownProductCommands.editProduct, {
      input: { id, changes: body },
      ...ifMatchOf(call.req),
    });
    const reply = await productReply(call, 200, id);
    if (output.revisionId === null) return reply;
    const waits = { message: translate(call.locale, 'message.product_edit_waits'), revisionId: output.revisionId, product: reply.body };
    return { ...reply, status: 202, body: waits };
  },
});

/** POST /account/vendor/products/{id}/submit: hands it in for review. */
export const submitProduct = step('Hand an own product in for review', 202, ownProductCommands.submitProduct, [
  ...['transition_not_allowed', 'vendor_not_approved', 'product_limit'],
  ...['required', 'invalid_value'],
]);

/** POST /account/vendor/products/{id}/withdraw: before a reviewer took it. */
export const withdrawProduct = step('Take an own product back from review', 200, ownProductCommands.withdrawProduct, [
  'transition_not_allowed',
]);

/** POST /account/vendor/products/{id}/archive: off the shop. */
export const archiveProduct = step('Archive an own product', 200, ownProductCommands.archiveOwnProduct, ['transition_not_allowed']);

/** DELETE /account/vendor/products/{id}: drafts only. */
export const deleteProduct = defineEndpoint({
  summary: 'Delete an own draft',
  query: noQuery,
  body: noBody,
  replies: { 204: { description: 'Deleted' } },
  errors: [...byVersion, 'transition_not_allowed'],
  async handle(call) {
    await execute(call, ownProductCommands.deleteOwnProduct, { input: { id: pathId(call) }, ...ifMatchOf(call.req) });
    return { status: 204 };
  },
});

function step(summary: string, status: 200 | 202, command: typeof ownProductCommands.submitProduct, errors: readonly string[]) {
  return defineEndpoint({
    summary,
    query: noQuery,
    body: noBody,
    replies: { [status]: { ...found, description: 'The product as it is now' } },
    errors: [...byVersion, ...errors],
    async handle(call) {
      const id = pathId(call);
      await execute(call, command, { input: { id }, ...ifMatchOf(call.req) });
      return productReply(call, status, id);
    },
  });
}

async function productReply(call: Call, status: number, id: string): Promise<Reply> {
  const product = await ownProductQueries.readOwnProduct(call.deps, userIdOf(call), id);
  return { status, body: product, headers: { ETag: etagOf(product.version) } };
}
