import type { TemplateVariables } from '../../../src/modules/notifications/templates/variables.ts';

const shop = 'https://shop.fashionistar.example';
const storeName = 'Adire <b>House</b> & Sons';
const title = 'Indigo wrapper "two yards"';
const reasonText = 'Please tell customers where you sew.\nAnd how long an order takes.';
const notes = [{ field: 'description', note: 'Two or three sentences <are> enough.' }];
const bank = { bankName: 'Sample Bank', last4: '0042', notMeUrl: `${shop}/not-me#t=${'n'.repeat(91)}` };
const own = `${shop}/dashboard/vendor/products/0199a000-0000-7000-8000-000000000001`;

type ShopTemplate = Extract<
  keyof TemplateVariables,
  `vendor_${string}` | `kyc_${string}` | `bank_${string}` | `product_${string}` | 'suggestion_proposed'
>;

/** Of every message about stores, proofs, accounts and products; with characters that HTML knows. */
export const shopSamples: Omit<Pick<TemplateVariables, ShopTemplate>, 'vendor_submitted'> = {
  vendor_changes_requested: { storeName, reasonText, notes, notesUrl: `${shop}/onboarding` },
  vendor_approved: { storeName, reasonText: null, url: `${shop}/dashboard/vendor` },
  vendor_rejected: { storeName, reasonText, notes, supportUrl: `${shop}/support` },
  vendor_suspended: { storeName, reasonText, supportUrl: `${shop}/support` },
  vendor_reactivated: { storeName, url: `${shop}/dashboard/vendor` },
  vendor_closed: { storeName, supportUrl: `${shop}/support` },
  kyc_received: { url: `${shop}/onboarding/documents` },
  kyc_approved: { reasonText: null, url: `${shop}/onboarding` },
  kyc_resubmit: { reasonText, notes: [{ field: 'NIN card', note: 'All four corners must be seen.' }], url: `${shop}/onboarding/documents` },
  kyc_rejected: { reasonText, notes: [], supportUrl: `${shop}/support` },
  bank_added: bank,
  bank_verified: bank,
  bank_failed: bank,
  bank_changed: { ...bank, isRemoved: false },
  product_published: { title, isChange: false, reasonText: null, url: `${shop}/products/indigo-wrapper` },
  product_changes_requested: { title, reasonText, notes, url: own },
  product_rejected: { title, isChange: false, reasonText, notes: [], url: own },
  product_edited_by_staff: { title, change: 'price', now: 'NGN 15000.00', url: own, supportUrl: `${shop}/support` },
  product_taken_down: { title, isArchived: false, reasonText, url: own },
  suggestion_proposed: { title, url: own },
  product_digest: {
    published: 2,
    toChange: 1,
    rejected: 0,
    takenDown: 0,
    edited: 0,
    suggestions: 1,
    url: `${shop}/dashboard/vendor/products`,
  },
};
