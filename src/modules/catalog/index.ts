import type { AnyJobDefinition, EventSubscription } from '../../foundation/jobs/job.ts';
import { editCategory, refreshMediansByStaff, setCategoryActive } from './categories/category-commands.ts';
import { refreshMediansJob } from './categories/refresh-medians.job.ts';
import { refreshMedians } from './categories/refresh-medians.ts';
import { listOwnProducts, listOwnRevisions, readOwnProduct, readOwnRevision } from './own-products.queries.ts';
import { deleteProduct, editPrice, editStock, restoreProduct } from './products/admin-edits.ts';
import { archiveProductsOf } from './products/archive-products.ts';
import { createProduct } from './products/create-product.ts';
import { editProduct } from './products/edit-product.ts';
import { markDuplicate, tagProduct } from './products/label-product.ts';
import { onVendorClosed, vendorClosedSubscription } from './products/on-vendor-closed.job.ts';
import { archiveOwnProduct, deleteOwnProduct, withdrawProduct } from './products/owner-steps.ts';
import { submitProduct } from './products/submit-product.ts';
import { archiveProduct, putBackProduct, takeDownProduct } from './products/take-down.ts';
import { acceptOwnSuggestion, rejectOwnSuggestion, withdrawOwnRevision } from './revisions/own-revisions.ts';
import { acceptRevision, rejectRevision, withdrawSuggestion } from './revisions/staff-revisions.ts';
import { suggestChange } from './revisions/suggest-change.ts';

/** Commands of vendors on their own products. */
export const ownProductCommands = {
  createProduct,
  editProduct,
  submitProduct,
  withdrawProduct,
  archiveOwnProduct,
  deleteOwnProduct,
  acceptOwnSuggestion,
  rejectOwnSuggestion,
  withdrawOwnRevision,
};

/** Commands of staff; `access` of each names its row in the permission matrix. Decisions belong to review cases. */
export const productCommands = {
  takeDownProduct,
  putBackProduct,
  archiveProduct,
  editPrice,
  editStock,
  deleteProduct,
  restoreProduct,
  tagProduct,
  markDuplicate,
  suggestChange,
  withdrawSuggestion,
  acceptRevision,
  rejectRevision,
};

export const categoryCommands = { editCategory, setCategoryActive, refreshMediansByStaff };

/** For jobs and the operator. */
export const catalogSystemCommands = { refreshMedians, archiveProductsOf };

/** What vendors read of their own. */
export const ownProductQueries = { listOwnProducts, readOwnProduct, listOwnRevisions, readOwnRevision };

export const catalogJobs: readonly AnyJobDefinition[] = [refreshMediansJob, onVendorClosed];
export const catalogSubscriptions: readonly EventSubscription[] = [vendorClosedSubscription];

export { activeCategories } from './categories/category.queries.ts';
export { fillCategories } from './categories/fill-categories.ts';
export type { OwnProductView, OwnRevisionView } from './own-products.queries.ts';
export { countProductsIn } from './product-figures.queries.ts';
export { productNotice, revisionNotice } from './product-notice.queries.ts';
export { type ProductChange, suggestible } from './product-rules.ts';
export {
  mayDelete,
  type ProductStatus,
  type ProductStep,
  productStates,
  type RevisionStatus,
  type RevisionStep,
  revisionStates,
} from './product-states.ts';
export { forgetProductsOf } from './products/forget-products.ts';
export { productAuthors } from './products/product-authors.queries.ts';
/** Steps of a review case, inside its transaction. */
export { type ProductReviewStep, type ProductStepInput, productStep } from './products/product-step.ts';
/** What a review case asks of its subject, and what a reviewer looks at. */
export {
  type ProductEvidence,
  productForReview,
  type RevisionEvidence,
  revisionForReview,
  searchPreview,
} from './review-evidence.queries.ts';
export { type ProductFacts, productFacts, type RevisionFacts, revisionAuthor, revisionFacts } from './review-facts.queries.ts';
export type { RevisionCheck } from './revisions/check-changes.ts';
export {
  countImprovable,
  type ImprovableLine,
  improvableProducts,
  type OwnDraft,
  ownDraft,
  productRevisions,
  type SuggestionFigures,
  suggestionFigures,
} from './revisions/revision.queries.ts';
export { type RevisionDecision, type RevisionStepInput, revisionStep } from './revisions/revision-step.ts';
export { fillBannedWords } from './signals/fill-banned-words.ts';
export type { Duplicate, PriceSignal, Signal } from './signals/signals.queries.ts';
export { storefrontCategories, storefrontProduct, storefrontProducts, storefrontVendor } from './storefront/storefront.queries.ts';
export { type Kept, showStorefrontCache } from './storefront/storefront-cache.ts';
export { storefrontImage } from './storefront/storefront-image.queries.ts';
export { productListQuery } from './storefront/storefront-query.ts';
export { storeCommands } from './stores/store-commands.ts';
export { storeProductCounts } from './stores/store-products.queries.ts';
