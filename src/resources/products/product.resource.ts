import { join } from 'node:path';
import { defineResource, type ResourceActor, type Row, type Where } from '../../admin/index.ts';
import { grantFor } from '../../foundation/access/evaluate.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { productActions } from './product-actions.ts';
import { productExtra } from './product-extra.ts';
import { moneyText, productStatuses } from './product-words.ts';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const slug = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** What vendors sell: to find, to look at, to improve and to take down. */
export const productResource = defineResource({
  id: 'Product',
  noun: 'product',
  title: 'Products',
  singular: 'product',
  icon: 'package',
  navigationGroup: 'Marketplace',
  model: 'Product',
  columns: {
    title: { type: 'text', label: 'Title', isKey: true },
    status: { type: 'enum', label: 'Status', states: productStatuses, isKey: true },
    vendorId: { type: 'reference', label: 'Store', reference: 'Vendor', isKey: true },
    price: {
      type: 'decimal',
      label: 'Price',
      from: ['price', 'currency'],
      value: (row) => moneyText(String(row.price), String(row.currency)),
    },
    quality: {
      type: 'integer',
      label: 'Quality',
      from: ['missingQuality'],
      value: (row) => (typeof row.missingQuality === 'number' ? 100 - row.missingQuality : null),
    },
    riskScore: { type: 'integer', label: 'Risk' },
    stockQty: { type: 'integer', label: 'In stock', section: 'Offer' },
    createdAt: { type: 'datetime', label: 'Written' },
    deletedAt: { type: 'datetime', label: 'Deleted', in: ['show'] },
    slug: { type: 'text', label: 'Address', in: ['show'] },
    oldPrice: {
      type: 'decimal',
      label: 'Old price',
      from: ['oldPrice', 'currency'],
      value: (row) => (row.oldPrice === null ? null : moneyText(String(row.oldPrice), String(row.currency))),
      in: ['show'],
      section: 'Offer',
    },
    condition: { type: 'enum', label: 'Condition', in: ['show'], section: 'Offer' },
    genderTarget: { type: 'enum', label: 'For', in: ['show'], section: 'Offer' },
    requiresMeasurement: { type: 'boolean', label: 'Needs measurements', in: ['show'], section: 'Offer' },
    isPreOrder: { type: 'boolean', label: 'Pre-order', in: ['show'], section: 'Offer' },
    preOrderDate: { type: 'date', label: 'Pre-order date', in: ['show'], section: 'Offer' },
    featured: { type: 'boolean', label: 'Featured', in: ['show'], section: 'Offer' },
    tags: { type: 'text', label: 'Tags', value: (row) => listText(row.tags), in: ['show'], section: 'Words' },
    styleTags: { type: 'text', label: 'Style tags', value: (row) => listText(row.styleTags), in: ['show'], section: 'Words' },
    occasionTags: { type: 'text', label: 'Occasion tags', value: (row) => listText(row.occasionTags), in: ['show'], section: 'Words' },
    metaTitle: { type: 'text', label: 'Search title', in: ['show'], section: 'Words' },
    metaDescription: { type: 'text', label: 'Search description', in: ['show'], section: 'Words' },
    submittedAt: { type: 'datetime', label: 'Handed in', in: ['show'], section: 'Review' },
    publishedAt: { type: 'datetime', label: 'Published', in: ['show'], section: 'Review' },
    liveRevision: { type: 'integer', label: 'Live revision', in: ['show'], section: 'Review' },
    reviewedBy: { type: 'reference', label: 'Decided by', reference: 'Staff', in: ['show'], section: 'Review' },
    decisionCode: { type: 'text', label: 'Decision', in: ['show'], section: 'Review' },
    decisionReason: { type: 'text', label: 'Reason given', in: ['show'], section: 'Review' },
    needsLead: { type: 'boolean', label: 'Needs a lead', in: ['show'], section: 'Review' },
    lastEditorId: { type: 'reference', label: 'Last changed by', reference: 'Staff', orReference: 'User', in: ['show'], section: 'Review' },
    suspendedAt: { type: 'datetime', label: 'Taken down', in: ['show'], section: 'Review' },
    suspendedBy: { type: 'reference', label: 'Taken down by', reference: 'Staff', in: ['show'], section: 'Review' },
    duplicateOfId: { type: 'reference', label: 'Repeats', reference: 'Product', in: ['show'], section: 'Review' },
    ownerUserId: { type: 'reference', label: 'Owner', reference: 'User', in: ['show'] },
    updatedAt: { type: 'datetime', label: 'Changed', in: ['show'] },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    status: { type: 'enum', label: 'Status', operators: ['equals', 'in'] },
    title: { type: 'text', label: 'Title', operators: ['contains'] },
    vendorId: { type: 'uuid', label: 'Store', operators: ['equals', 'in'] },
    categoryCodes: { type: 'text', label: 'Category (code)', operators: ['equals'], where: inCategory },
    price: { type: 'decimal', label: 'Price', operators: ['between'] },
    riskScore: { type: 'integer', label: 'Risk', operators: ['between'] },
    missingQuality: { type: 'integer', label: 'Lacks (0 to 100)', operators: ['between'] },
    needsLead: { type: 'boolean', label: 'Needs a lead', operators: ['equals'] },
    duplicateOfId: { type: 'uuid', label: 'Repeats', operators: ['isEmpty', 'equals'] },
    suspendedBy: { type: 'uuid', label: 'Taken down by', operators: ['equals', 'in'] },
    createdAt: { type: 'datetime', label: 'Written', operators: ['between'] },
    deletedAt: { type: 'datetime', label: 'Deleted', operators: ['isEmpty', 'between'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  sorts: { createdAt: { index: 'product_created_at_id_idx' }, missingQuality: { index: 'product_missing_quality_id_idx' } },
  defaultSort: { field: 'createdAt', direction: 'desc' },
  search: searchProducts,
  globalSearch: { detail: (row) => [moneyText(String(row.price), String(row.currency)), statusWord(row)].filter(Boolean).join(', ') },
  scope: notDeleted,
  permissions: { list: 'product.list', show: 'product.show', search: 'product.list' },
  recordTitle: { from: ['title'], of: (row) => (typeof row.title === 'string' ? row.title : 'Product') },
  subject: (row) => ({ userId: String(row.ownerUserId), kind: 'vendor', rank: 0 }),
  hidden: ['version', 'suspendedVersion', 'description', 'missingQuality'],
  actions: productActions,
  components: { show: join(import.meta.dirname, 'product-page.component.tsx') },
  extra: productExtra,
  historyTable: 'catalog.product',
  isPersonalData: false,
});

/** Deleted products are there for those who may restore them. */
function notDeleted({ staff, deps }: ResourceActor): Where {
  return grantFor(staff, 'product.restore', { now: deps.clock.now() }) ? {} : { deletedAt: null };
}

function inCategory(value: string): Where {
  if (!slug.test(value) || value.length > 60) throw new AppError('invalid_filter', { extra: { filter: 'categoryCodes' } });
  return { categoryCodes: { has: value } };
}

/** An id, part of a title, or the whole address in links. */
function searchProducts(text: string): Where | null {
  const typed = text.trim();
  if (uuid.test(typed)) return { OR: [{ id: { equals: typed } }, { vendorId: { equals: typed } }] };
  if (typed.length < 3) return null;
  const byTitle: Where = { title: { contains: typed.replaceAll(/[\\%_]/g, '\\$&'), mode: 'insensitive' } };
  return slug.test(typed) ? { OR: [byTitle, { slug: { equals: typed } }] } : byTitle;
}

const listText = (list: unknown): string | null => (Array.isArray(list) && list.length > 0 ? list.join(', ') : null);

function statusWord(row: Row): string {
  return Object.entries(productStatuses).find(([value]) => value === row.status)?.[1].label ?? String(row.status);
}
