import type { ProductEvidence, RevisionEvidence } from '../../modules/catalog/index.ts';
import { adminImage, dayText, sentence } from './evidence-words.ts';
import type { Fact, ImageJson, RevisionField, Section } from './review-types.ts';
import { storedValue } from './stored-value.ts';

type Preview = { title: string; url: string; description: string };

const naira = new Intl.NumberFormat('en', { style: 'currency', currency: 'NGN' });
const yesNo = (value: boolean) => (value ? 'Yes' : 'No');

/** A product as its reviewer reads it, in the order of the checklist. */
export function productSections(evidence: ProductEvidence, preview: Preview): readonly Section[] {
  return [
    { kind: 'images', title: `Images, ${evidence.images.length}`, images: evidence.images.map(imageJson) },
    { kind: 'facts', title: 'Listing', facts: listingFacts(evidence) },
    { kind: 'price', title: 'Price', ...priceOf(evidence.price, evidence.content.price) },
    {
      kind: 'links',
      title: 'Look-alikes',
      whenEmpty: 'No listing resembles it.',
      lines: evidence.duplicates.map(({ id, title, status, price, score, isSameStore }) => ({
        label: title,
        href: `/admin/resources/Product/records/${id}/show`,
        note: `${score} % alike, ${sentence(status).toLowerCase()}, ${naira.format(Number(price))}, ${isSameStore ? 'of this store' : 'of another store'}`,
      })),
    },
    { kind: 'preview', title: 'In a search engine', heading: preview.title, address: preview.url, text: preview.description },
    { kind: 'facts', title: 'Tags and details', facts: detailFacts(evidence) },
  ];
}

function listingFacts({ content, quality }: ProductEvidence): readonly Fact[] {
  return [
    { label: 'Title', value: content.title, isLong: true },
    { label: 'Description', value: content.description, isLong: true },
    { label: 'Categories', value: content.categoryCodes.map(sentence).join(', ') },
    { label: 'Condition', value: sentence(content.condition) },
    { label: 'For', value: sentence(content.genderTarget) },
    { label: 'Needs measurements', value: yesNo(content.requiresMeasurement) },
    {
      label: 'Pre-order',
      value: content.isPreOrder ? `From ${content.preOrderDate ? dayText(content.preOrderDate) : 'an unknown day'}` : 'No',
    },
    { label: 'In stock', value: String(content.stockQty) },
    { label: 'Completeness of the listing', value: `${quality} of 100`, ...(quality < 50 ? { tone: 'warn' as const } : {}) },
  ];
}

function detailFacts({ content, liveRevision, publishedAt, acceptedSuggestions }: ProductEvidence): readonly Fact[] {
  return [
    { label: 'Tags', value: content.tags.join(', ') },
    { label: 'Style tags', value: content.styleTags.join(', ') },
    { label: 'Occasion tags', value: content.occasionTags.join(', ') },
    { label: 'Live before', value: publishedAt ? `Since ${dayText(publishedAt)}, revision ${liveRevision}` : 'Never' },
    {
      label: 'Suggestions taken over',
      value:
        acceptedSuggestions.length === 0 ? 'None' : acceptedSuggestions.map(({ fields }) => fields.map(sentence).join(', ')).join('; '),
    },
  ];
}

function imageJson({ id, fileId, alt, isCover }: ProductEvidence['images'][number]): ImageJson {
  return { id, url: adminImage(fileId), alt, isCover };
}

function priceOf(signal: ProductEvidence['price'], price: string) {
  return {
    price: Number(price),
    categories: signal.categories.map(({ name, median }) => ({ name, median: median === null ? null : Number(median) })),
    isOutlier: signal.isOutlier,
  };
}

/** A proposed change: only the changed fields, each with what the checks found. */
export function revisionSections(evidence: RevisionEvidence, isDecidable: boolean): readonly Section[] {
  const { product, price, changes } = evidence;
  const proposed = changes.find(({ field }) => field === 'price')?.new;
  return [
    {
      kind: 'fields',
      title: evidence.kind === 'suggestion' ? 'What an enhancer proposes' : 'What the vendor proposes',
      fields: changes.map((change) => fieldOf(change, evidence.status === 'proposed')),
      isDecidable,
    },
    ...checksOf(evidence),
    ...(price && typeof proposed === 'string' ? [{ kind: 'price' as const, title: 'Proposed price', ...priceOf(price, proposed) }] : []),
    { kind: 'images', title: `Images of the live product, ${product.images.length}`, images: product.images.map(imageJson) },
    {
      kind: 'facts',
      title: 'The live product',
      facts: [
        { label: 'Title', value: product.title, isLong: true },
        { label: 'State', value: sentence(product.status) },
        { label: 'Proposed on', value: dayText(evidence.createdAt) },
      ],
    },
  ];
}

/** Once it is decided, the live value is no news. */
function fieldOf(change: RevisionEvidence['changes'][number], isOpen: boolean): RevisionField {
  const { field, label, old, new: fresh, now } = change;
  const isStale = isOpen && change.isStale;
  return {
    field,
    label,
    diff: { table: '', recordId: '', eventId: '', field, label, before: storedValue(isStale ? now : old), after: storedValue(fresh) },
    isStale,
  };
}

const checkWords: Readonly<Record<RevisionEvidence['checks'][number]['rule'], string>> = {
  length: 'Length',
  banned_words: 'Words that no listing may carry',
  price: 'Price untouched',
  readability: 'Easy to read',
  language: 'Language',
};

function checksOf({ checks }: RevisionEvidence): readonly Section[] {
  if (checks.length === 0) return [];
  const facts = checks.map(({ rule, ok, note }) => ({
    label: checkWords[rule],
    value: ok ? 'Fine' : 'Look closely',
    ...(ok ? {} : { tone: 'warn' as const }),
    ...(note === '' ? {} : { note }),
  }));
  return [{ kind: 'facts', title: 'Automatic checks', facts }];
}
