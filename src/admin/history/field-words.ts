/** Words for tables where their names do not read well, in the singular. */
const tables: Readonly<Record<string, string>> = {
  'identity.user': 'Account',
  'identity.client': 'Client',
  'identity.client_address': 'Delivery address',
  'identity.vendor': 'Store',
  'identity.vendor_setup': 'Store set-up',
  'support.approval_request': 'Approval request',
  'support.privacy_request': 'Privacy request',
  'identity.vendor_settings': 'Store settings',
  'identity.vendor_bank_account': 'Bank account',
  'identity.external_identity': 'Linked account',
  'identity.credential': 'Password',
  'identity.totp': 'Authenticator',
  'identity.staff_profile': 'Staff profile',
  'identity.staff_role_grant': 'Role',
  'identity.staff_invite': 'Invitation',
  'identity.access_review': 'Access review',
  'identity.access_review_line': 'Line of an access review',
  'identity.private_file': 'File',
  'notifications.delivery': 'Message',
  'platform.feature_flag': 'Feature flag',
  'platform.setting': 'Setting',
  'notifications.webhook_endpoint': 'Webhook endpoint',
  'reference.refresh_run': 'Refresh of countries',
  'catalog.product': 'Product',
  'catalog.product_media': 'Image',
  'catalog.product_revision': 'Proposed change',
  'catalog.banned_word': 'Word of the list',
  'review.kyc_submission': 'KYC submission',
  'review.kyc_document': 'KYC document',
};

/** `identity.vendor_settings` -> "Store settings". */
export function tableWords(table: string): string {
  return tables[table] ?? sentence(table.replace(/^.*\./, ''));
}

/** Words for columns where their names do not read well. */
const fields: Readonly<Record<string, string>> = {
  account_last4: 'Account number, last four',
  auth_method: 'Signs in by',
  bidx_kid: 'Key of the blind index',
  commission_bps: 'Commission',
  country_code: 'Country',
  mime: 'Type of file',
  notes_to_vendor: 'Words to the owner',
  number_last4: 'Number, last four',
  retention_until: 'Kept until',
  favourite_colours: 'Favourite colours',
  identifier_verified_at: 'Contact verified',
  instagram_url: 'Instagram',
  ip: 'Network',
  kind: 'Kind',
  last_editor_id: 'Last changed by',
  editor_ids: 'Changed by',
  live_revision: 'Live revision',
  meta_description: 'Search description',
  meta_title: 'Search title',
  stock_qty: 'In stock',
  alt: 'Text of the image',
  max_products: 'Products at most',
  member_id: 'Member id',
  owner_user_id: 'Owner',
  password_hash: 'Password',
  phone_bidx: 'Phone, for finding',
  email_bidx: 'Email, for finding',
  tax_id_bidx: 'Tax id, for finding',
  store_slug: 'Address of the shop',
  subscription_tier: 'Tier',
  tiktok_url: 'TikTok',
  timezone: 'Time zone',
  totp: 'Authenticator',
  user_id: 'Person',
  verified_how: 'How verified',
  website_url: 'Website',
};

/** `first_name` -> "First name", `phone_enc` -> "Phone", `phone_masked` -> "Phone, masked". */
export function fieldWords(field: string): string {
  const known = fields[field];
  if (known) return known;
  if (field.endsWith('_enc')) return sentence(field.slice(0, -4));
  if (field.endsWith('_masked')) return `${sentence(field.slice(0, -7))}, masked`;
  if (field.endsWith('_at')) return sentence(field.slice(0, -3));
  return sentence(field);
}

/** Columns that hold the id of a person. */
export const personFields = /^(?:owner_|subject_|author_|actor_)?user_id$|_by$|^(?:author|actor|last_editor)_id$/;

/** Columns whose values are codes of a fixed list. */
const coded =
  /^(?:status|kind|.*_method|.*_mode|.*_type|.*_tier|loyalty_tier|role|gender|channel|purpose|surface|outcome|verified_how|provider|.*_code)$/;

/** Where a state has a word of its own on its screen, the history says the same. */
const words: Readonly<Record<string, string>> = {
  'identity.vendor.status.submitted': 'Waiting',
  'catalog.product.status.pending': 'Waiting',
  'catalog.product.status.suspended': 'Taken down',
  'catalog.product_revision.status.proposed': 'Waiting',
  'catalog.product_revision.status.superseded': 'Overtaken',
};

/** "In review" for `in_review`; null where the column does not hold codes, and for codes of other people's lists such as `NG`. */
export function stateWords(table: string, field: string, value: string): string | null {
  const own = words[`${table}.${field}.${value}`];
  if (own) return own;
  return coded.test(field) && /^[a-z]+(?:_[a-z]+)*$/.test(value) ? sentence(value) : null;
}

function sentence(name: string): string {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Bookkeeping of the row itself, and what only repeats another column, which no reader of a history asks for. */
export const housekeeping: ReadonlySet<string> = new Set([
  'id',
  'created_at',
  'updated_at',
  'version',
  'bidx_kid',
  'owner_user_id',
  'store_name_folded',
]);
