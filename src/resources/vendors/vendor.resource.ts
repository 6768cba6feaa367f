import { join } from 'node:path';
import { defineResource, type ResourceActor, type Where } from '../../admin/index.ts';
import { actorNames } from '../../modules/identity/index.ts';
import { vendorActions } from './vendor-actions.ts';
import { vendorExtra } from './vendor-extra.ts';
import { vendorStatusStates } from './vendor-words.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const slug = /^[a-z0-9]+(?:-[a-z0-9]+)+$/;

/** Shops, to look at, correct and hold: their review belongs to the review queue. */
export const vendorResource = defineResource({
  id: 'Vendor',
  noun: 'vendor',
  title: 'Vendors',
  singular: 'vendor',
  icon: 'store',
  navigationGroup: 'Marketplace',
  model: 'Vendor',
  related: { user: { select: { payoutHoldUntil: true } } },
  columns: {
    storeName: { type: 'text', label: 'Store', isKey: true },
    status: { type: 'enum', label: 'Status', states: vendorStatusStates, isKey: true },
    userId: { type: 'reference', label: 'Owner', reference: 'User', isKey: true },
    businessType: { type: 'enum', label: 'Business' },
    countryCode: { type: 'text', label: 'Country' },
    city: { type: 'text', label: 'City' },
    subscriptionTier: { type: 'enum', label: 'Tier' },
    riskScore: { type: 'integer', label: 'Risk' },
    createdAt: { type: 'datetime', label: 'Since' },
    storeSlug: { type: 'text', label: 'Address of the shop', in: ['show'], section: 'Profile' },
    tagline: { type: 'text', label: 'Tagline', in: ['show'], section: 'Profile' },
    description: { type: 'text', label: 'Description', in: ['show'], section: 'Profile' },
    collections: { type: 'json', label: 'Collections', in: ['show'], section: 'Profile' },
    state: { type: 'text', label: 'State', in: ['show'], section: 'Profile' },
    websiteUrl: { type: 'text', label: 'Website', in: ['show'], section: 'Profile' },
    instagramUrl: { type: 'text', label: 'Instagram', in: ['show'], section: 'Profile' },
    tiktokUrl: { type: 'text', label: 'TikTok', in: ['show'], section: 'Profile' },
    taxIdMasked: { type: 'masked', label: 'Tax id', in: ['show'], section: 'Business' },
    commissionBps: {
      type: 'text',
      label: 'Commission',
      value: (row) => (typeof row.commissionBps === 'number' ? `${(row.commissionBps / 100).toFixed(2)} %` : null),
      in: ['show'],
      section: 'Business',
    },
    maxProducts: { type: 'integer', label: 'Products at most', in: ['show'], section: 'Business' },
    isFeatured: { type: 'boolean', label: 'Featured', in: ['show'], section: 'Business' },
    trustScore: { type: 'integer', label: 'Trust', in: ['show'], section: 'Business' },
    submittedAt: { type: 'datetime', label: 'Sent for review', in: ['show'], section: 'Review' },
    reviewedAt: { type: 'datetime', label: 'Reviewed', in: ['show'], section: 'Review' },
    reviewedBy: { type: 'reference', label: 'Reviewed by', reference: 'Staff', in: ['show'], section: 'Review' },
    verifiedAt: { type: 'datetime', label: 'Approved', in: ['show'], section: 'Review' },
    decisionCode: { type: 'text', label: 'Decision', in: ['show'], section: 'Review' },
    decisionReason: { type: 'text', label: 'Reason given', in: ['show'], section: 'Review' },
    suspendedAt: { type: 'datetime', label: 'Suspended', in: ['show'], section: 'Review' },
    suspendedReason: { type: 'text', label: 'Why suspended', in: ['show'], section: 'Review' },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    status: { type: 'enum', label: 'Status', operators: ['equals', 'in'] },
    storeName: { type: 'text', label: 'Store', operators: ['contains', 'starts', 'isEmpty'] },
    businessType: { type: 'enum', label: 'Business', operators: ['equals', 'in', 'isEmpty'] },
    countryCode: { type: 'text', label: 'Country (two letters)', operators: ['equals', 'in', 'isEmpty'] },
    subscriptionTier: { type: 'enum', label: 'Tier', operators: ['equals', 'in'] },
    isFeatured: { type: 'boolean', label: 'Featured', operators: ['equals'] },
    riskScore: { type: 'integer', label: 'Risk', operators: ['between'] },
    createdAt: { type: 'datetime', label: 'Since', operators: ['between'] },
    userId: { type: 'uuid', label: 'Owner', operators: ['equals', 'in'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  sorts: { createdAt: { index: 'vendor_created_at_id_idx' } },
  defaultSort: { field: 'createdAt', direction: 'desc' },
  search: searchVendors,
  globalSearch: { detail: (row) => [row.countryCode, String(row.status).replaceAll('_', ' ')].filter(Boolean).join(', ') },
  scope: null,
  permissions: { list: 'vendor.list', show: 'vendor.show', search: 'vendor.list' },
  recordTitle: { from: ['storeName'], of: (row) => (typeof row.storeName === 'string' ? row.storeName : 'Store without a name') },
  names: (ids, { deps }) => actorNames(deps, ids),
  subject: (row) => ({ userId: String(row.userId), kind: 'vendor', rank: 0 }),
  hidden: ['version', 'suspendedBy'],
  actions: vendorActions,
  components: { show: join(import.meta.dirname, 'vendor-page.component.tsx') },
  extra: vendorExtra,
  historyTable: 'identity.vendor',
  isPersonalData: true,
});

/** An id, part of a store's name, or its whole address in links. */
function searchVendors(text: string, _actor: ResourceActor): Where | null {
  const typed = text.trim();
  if (uuid.test(typed)) return { OR: [{ id: { equals: typed } }, { userId: { equals: typed } }] };
  if (typed.length < 3) return null;
  const byName: Where = { storeName: { contains: typed.replaceAll(/[\\%_]/g, '\\$&'), mode: 'insensitive' } };
  return slug.test(typed) ? { OR: [byName, { storeSlug: { equals: typed } }] } : byName;
}
