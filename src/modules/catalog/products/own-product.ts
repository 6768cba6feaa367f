import type { CommandScope } from '../../../foundation/command/command.ts';
import { type FieldError, fail, validationError } from '../../../foundation/errors/app-error.ts';
import { claimFile, imageMimes, lockOwnAccount, type VendorFacts, vendorOfUser } from '../../identity/index.ts';
import { storeFacts } from '../owner-facts.ts';
import type { ContentImage } from './product-content.ts';
import { lockProduct, type ProductRecord } from './product-record.ts';

/** Who calls, with the own store. The account is locked: what one owner does comes one after the other. */
export type Owner = { userId: string; store: VendorFacts };

/** @throws AppError 403 `role_required`, 401 `session_revoked` */
export async function lockOwner(scope: CommandScope): Promise<Owner> {
  const account = await lockOwnAccount(scope);
  const vendorId = account.kind === 'vendor' ? await vendorOfUser(scope.tx, account.id) : null;
  const store = vendorId && (await storeFacts(scope.tx, vendorId));
  return store ? { userId: account.id, store } : fail('role_required');
}

export type OwnProduct = Owner & { product: ProductRecord };

/** A product of the caller's, locked. @throws AppError as lockOwner(), 404 `not_found`, also for another's, 428 `if_match_required` */
export async function lockOwnProduct(scope: CommandScope, { id }: { id: string }): Promise<OwnProduct> {
  const owner = await lockOwner(scope);
  const product = await lockProduct(scope, id);
  if (product?.ownerUserId !== owner.userId) return fail('not_found');
  if (scope.expectedVersion === null) fail('if_match_required');
  return { ...owner, product };
}

/**
 * Makes files that the owner handed in the images of a product. What serves something else stays that: a proof of identity does not
 * become public by being named here.
 * @throws AppError 422 `invalid_value` at `images.<index>.fileId`
 */
export async function claimImages(scope: CommandScope, ownerUserId: string, images: readonly ContentImage[]): Promise<void> {
  const errors: FieldError[] = [];
  for (const [index, { fileId }] of images.entries()) {
    const outcome = await claimFile(scope, { fileId, ownerUserId, purpose: 'product', allow: imageMimes });
    if (outcome !== 'claimed') errors.push({ path: `images.${index}.fileId`, code: 'invalid_value' });
  }
  if (errors.length > 0) throw validationError(errors);
}
