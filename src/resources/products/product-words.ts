/** Words and tones of the states, the same in the list, on the page and in every pill. */
export const productStatuses = {
  draft: { label: 'Draft', tone: 'neutral' },
  pending: { label: 'Waiting', tone: 'info' },
  in_review: { label: 'In review', tone: 'info' },
  changes_requested: { label: 'Changes requested', tone: 'warn' },
  published: { label: 'Published', tone: 'ok' },
  rejected: { label: 'Rejected', tone: 'danger' },
  suspended: { label: 'Taken down', tone: 'danger' },
  archived: { label: 'Archived', tone: 'neutral' },
} as const;

export const revisionStatuses = {
  draft: { label: 'Draft', tone: 'neutral' },
  proposed: { label: 'Waiting', tone: 'info' },
  accepted: { label: 'Accepted', tone: 'ok' },
  partly_accepted: { label: 'Partly accepted', tone: 'ok' },
  rejected: { label: 'Declined', tone: 'danger' },
  withdrawn: { label: 'Withdrawn', tone: 'neutral' },
  superseded: { label: 'Overtaken', tone: 'neutral' },
} as const;

export const revisionKinds = {
  suggestion: { label: 'Suggestion', tone: 'neutral' },
  vendor_edit: { label: 'Change by the vendor', tone: 'neutral' },
} as const;

/** "NGN 15,000.00" */
export function moneyText(amount: string | null, currency: string): string | null {
  if (amount === null) return null;
  return new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' })
    .format(Number(amount))
    .replaceAll('\u00a0', ' ');
}

/** What a listing lacks, in words, worst first. */
export function lackingWords(listing: {
  description: string | null;
  alts: readonly (string | null)[];
  title: string;
  tags: readonly string[];
  metaTitle: string | null;
  metaDescription: string | null;
}): string[] {
  const length = (listing.description ?? '').trim().length;
  const withoutAlt = listing.alts.filter((alt) => !alt).length;
  return [
    ...(length === 0 ? ['No description'] : length < 300 ? [`Short text, ${length} characters`] : []),
    ...(listing.alts.length === 0 ? ['No image'] : withoutAlt > 0 ? [`${withoutAlt} of ${listing.alts.length} images without a text`] : []),
    ...(listing.title.length < 20 ? ['Short title'] : []),
    ...(listing.tags.length < 3 ? [listing.tags.length === 0 ? 'No tags' : 'Few tags'] : []),
    ...(listing.metaTitle ? [] : ['No search title']),
    ...(listing.metaDescription ? [] : ['No search description']),
  ];
}

export function numberIn(value: unknown, name: string): number | null {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : null;
  return typeof found === 'number' ? found : null;
}

export function isUnchanged(output: unknown): boolean {
  return typeof output === 'object' && output !== null && 'isUnchanged' in output && output.isUnchanged === true;
}
