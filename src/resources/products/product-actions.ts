import { type CommandAction, commandAction, type Row } from '../../admin/index.ts';
import { productCommands } from '../../modules/catalog/index.ts';
import { isUnchanged, numberIn, productStatuses } from './product-words.ts';

const { takeDownProduct, putBackProduct, archiveProduct, editPrice, editStock, deleteProduct, restoreProduct } = productCommands;
const { tagProduct, markDuplicate, suggestChange } = productCommands;

/** What staff may do with a product, in the order of the action rail. Decisions on what was handed in belong to the review queue. */
export const productActions: readonly CommandAction[] = [
  commandAction(suggestChange, {
    name: 'suggest',
    label: 'Suggest better words',
    effect: 'The live product stays as it is until the vendor or a reviewer accepts',
    placement: ['record'],
    group: 'everyday',
    isInline: true,
    message: suggestedWords,
    shown: (output) => ({ outcome: output }),
    refusal: (row) => notDeleted(row) ?? improvableOnly(row),
  }),
  commandAction(tagProduct, {
    name: 'tag',
    label: 'Tag',
    effect: 'Words by which it is found; whoever tags it does not review it',
    placement: ['record'],
    group: 'everyday',
    isEdit: true,
    form: [{ name: 'tags', label: 'Tags', type: 'text', maxLength: 1300, help: 'Separated by commas, at most 30' }],
    // What was not changed is not sent.
    toInput: ({ tags }, { recordId, row }) => ({ id: recordId, tags: tags === undefined ? (row?.tags ?? []) : tagsOf(tags) }),
    message: (output) => (isUnchanged(output) ? 'Nothing was different.' : 'Tagged.'),
    refusal: notDeleted,
  }),
  commandAction(markDuplicate, {
    name: 'markDuplicate',
    label: 'Mark as duplicate',
    effect: 'Puts it on the list of duplicates, with what it repeats',
    placement: ['record'],
    group: 'everyday',
    form: [{ name: 'of', label: 'Repeats', type: 'text', isRequired: true, maxLength: 300, help: 'Id or address of the other product' }],
    message: () => 'Marked. Whoever reviews it sees what it repeats.',
    refusal: notDeleted,
  }),
  commandAction(markDuplicate, {
    name: 'unmarkDuplicate',
    label: 'Not a duplicate',
    effect: 'Takes it off the list of duplicates',
    placement: ['record'],
    group: 'everyday',
    isVisible: (row) => row.duplicateOfId !== null,
    toInput: (_form, target) => ({ id: target.recordId, of: null }),
    message: () => 'Taken off the list of duplicates.',
  }),
  commandAction(takeDownProduct, {
    name: 'takeDown',
    label: 'Take down',
    effect: 'Gone from the shop at once; the vendor is told',
    placement: ['record', 'bulk'],
    group: 'careful',
    reasonCodes: ['policy', 'fraud', 'abuse', 'quality', 'legal', 'error_correction', 'other'],
    message: (_output, row) => `Taken down. Customers do not see ${titleOf(row)} any more.`,
    refusal: (row) => publishedOnly(row),
    undo: { action: 'putBack', seconds: 15 * 60, version: (output) => numberIn(output, 'version') },
  }),
  commandAction(putBackProduct, {
    name: 'putBack',
    label: 'Put back',
    effect: 'As it was, for 15 minutes, by whoever took it off the shop',
    placement: ['record', 'bulk'],
    group: 'careful',
    isVisible: (row) => row.status === 'suspended' || (row.status === 'archived' && row.suspendedBy !== null),
    message: (_output, row) => `Put back. Customers see ${titleOf(row)} again.`,
    refusal: putBackRefusal,
  }),
  commandAction(archiveProduct, {
    name: 'archive',
    label: 'Archive',
    effect: 'Off the shop; the vendor may hand it in again',
    placement: ['record', 'bulk'],
    group: 'careful',
    reasonCodes: ['customer_request', 'policy', 'quality', 'error_correction', 'other'],
    message: (_output, row) => `Archived. Customers do not see ${titleOf(row)} any more.`,
    refusal: (row) => publishedOnly(row),
    undo: { action: 'putBack', seconds: 15 * 60, version: (output) => numberIn(output, 'version') },
  }),
  commandAction(editPrice, {
    name: 'editPrice',
    label: 'Correct price',
    effect: 'At once, also where the product is live',
    placement: ['record'],
    group: 'careful',
    form: [
      { name: 'price', label: 'Price', type: 'text', isRequired: true, maxLength: 12, help: 'Two decimals, such as 15000.00' },
      { name: 'oldPrice', label: 'Old price', type: 'text', maxLength: 12, help: 'Higher than the price; leave empty to keep it' },
    ],
    reasonCodes: ['customer_request', 'error_correction', 'legal', 'other'],
    message: (output) => (isUnchanged(output) ? 'Nothing was different.' : 'Corrected. The vendor is told.'),
    refusal: notDeleted,
  }),
  commandAction(editStock, {
    name: 'editStock',
    label: 'Correct stock',
    effect: 'At once, also where the product is live',
    placement: ['record'],
    group: 'careful',
    form: [{ name: 'stockQty', label: 'In stock', type: 'number', isRequired: true }],
    reasonCodes: ['customer_request', 'error_correction', 'other'],
    message: (output) => (isUnchanged(output) ? 'Nothing was different.' : 'Corrected. The vendor is told.'),
    refusal: notDeleted,
  }),
  commandAction(deleteProduct, {
    name: 'deleteProduct',
    label: 'Delete',
    effect: 'The vendor does not see it any more; it can be restored',
    placement: ['record'],
    group: 'careful',
    isVisible: (row) => row.deletedAt === null,
    message: () => 'Deleted, and the vendor is told. It can be restored.',
    refusal: (row) => (row.status === 'published' ? 'It is published: take it down or archive it first.' : null),
    undo: { action: 'restore', seconds: 15 * 60, version: (output) => numberIn(output, 'version') },
  }),
  commandAction(restoreProduct, {
    name: 'restore',
    label: 'Restore',
    effect: 'In the state it was in; one that waited is a draft again',
    placement: ['record'],
    group: 'careful',
    isVisible: (row) => row.deletedAt !== null,
    message: () => 'Restored. The vendor sees it again, and is told.',
  }),
];

function suggestedWords(output: unknown): string {
  const isProposed = typeof output === 'object' && output !== null && 'status' in output && output.status === 'proposed';
  return isProposed ? 'Proposed. The vendor or a reviewer decides.' : 'Kept as your draft: look at the checks that failed.';
}

const titleOf = (row: Row | null): string => (typeof row?.title === 'string' ? row.title : 'the product');

function notDeleted(row: Row): string | null {
  return row.deletedAt === null ? null : 'It is deleted.';
}

function publishedOnly(row: Row): string | null {
  if (row.deletedAt !== null) return 'It is deleted.';
  return row.status === 'published' ? null : `Published products only: this one is ${stateOf(row)}.`;
}

function improvableOnly(row: Row): string | null {
  const isImprovable = row.status === 'published' || row.status === 'pending' || row.status === 'in_review';
  return isImprovable ? null : `Published and waiting products only: this one is ${stateOf(row)}.`;
}

function stateOf({ status }: Row): string {
  const state = Object.entries(productStatuses).find(([value]) => value === status)?.[1];
  return (state?.label ?? String(status)).toLowerCase();
}

function putBackRefusal(row: Row, staff: { id: string }, now: Date): string | null {
  if (row.suspendedBy !== staff.id) return 'Whoever took it off the shop can put it back; otherwise the vendor hands it in again.';
  const isOver = !(row.suspendedAt instanceof Date) || now.getTime() - row.suspendedAt.getTime() >= 15 * 60_000;
  if (isOver) return 'The 15 minutes are over: the vendor hands it in again.';
  return row.suspendedVersion === row.version ? null : 'The vendor changed it since: it is reviewed again.';
}

function tagsOf(typed: unknown): unknown {
  if (typed === null) return [];
  if (typeof typed !== 'string') return typed;
  return typed.split(',').flatMap((tag) => (tag.trim() === '' ? [] : [tag.trim()]));
}
