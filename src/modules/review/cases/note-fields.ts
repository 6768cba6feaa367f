import type { CaseKind } from '../checklists.ts';

type Field = Readonly<{ field: string; label: string }>;
const field = (name: string, label: string): Field => ({ field: name, label });

const listing: readonly Field[] = [
  field('title', 'Title'),
  field('description', 'Description'),
  field('images', 'Images'),
  field('categoryCodes', 'Category'),
  field('price', 'Price'),
  field('oldPrice', 'Old price'),
  field('tags', 'Tags'),
  field('condition', 'Condition'),
  field('genderTarget', 'For whom'),
  field('requiresMeasurement', 'Size guide'),
  field('preOrderDate', 'Pre-order date'),
  field('stockQty', 'Stock'),
  field('metaTitle', 'Search title'),
  field('metaDescription', 'Search description'),
  field('styleTags', 'Style tags'),
  field('occasionTags', 'Occasion tags'),
  field('other', 'Something else'),
];

/** What a note to the vendor can be about, by kind of case: the names of the API, the words of the screen. */
export const noteFields: Readonly<Record<CaseKind, readonly Field[]>> = {
  vendor: [
    field('storeName', 'Store name'),
    field('tagline', 'Tagline'),
    field('description', 'Description'),
    field('logo', 'Logo'),
    field('cover', 'Cover'),
    field('businessType', 'Business type'),
    field('taxId', 'Tax id'),
    field('countryCode', 'Country'),
    field('state', 'State'),
    field('city', 'City'),
    field('address', 'Address'),
    field('businessHours', 'Business hours'),
    field('collections', 'Collections'),
    field('instagramUrl', 'Instagram'),
    field('tiktokUrl', 'TikTok'),
    field('websiteUrl', 'Website'),
    field('bankAccount', 'Bank account'),
    field('kyc', 'KYC'),
    field('other', 'Something else'),
  ],
  kyc: [
    field('legalName', 'Legal name'),
    field('nin_card', 'NIN card'),
    field('bvn_slip', 'BVN slip'),
    field('passport', 'Passport'),
    field('drivers_licence', 'Driver’s licence'),
    field('voters_card', 'Voter’s card'),
    field('selfie', 'Selfie'),
    field('cac_certificate', 'CAC certificate'),
    field('utility_bill', 'Utility bill'),
    field('other', 'Something else'),
  ],
  product: listing,
  product_revision: listing,
};
