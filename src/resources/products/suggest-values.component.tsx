import type { Listing, Suggesting } from './product-types.component.tsx';

/** What the form holds: texts as they stand, lists with commas. */
export type Values = Readonly<Record<string, string | undefined>>;

const texts = ['title', 'description', 'metaTitle', 'metaDescription'] as const;
const lists = ['tags', 'styleTags', 'occasionTags', 'categoryCodes'] as const;

/** The live texts, with what the own draft says instead. */
export function firstValues({ content, images }: Listing, draft: Suggesting['draft']): Values {
  const values: Record<string, string> = {};
  for (const field of texts) values[field] = content[field] ?? '';
  for (const field of lists) values[field] = content[field].join(', ');
  for (const { position, alt } of images) values[`media.${position}.alt`] = alt ?? '';
  for (const change of draft?.changes ?? []) values[change.field] = typedOf(change.new);
  return values;
}

function typedOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' ? value : '';
}

/** The fields that differ from what is live, as the command takes them. */
export function changesOf(listing: Listing, values: Values): Readonly<Record<string, unknown>> {
  const live = firstValues(listing, null);
  const changed = Object.entries(values).filter(([field, value]) => (value ?? '').trim() !== (live[field] ?? '').trim());
  return Object.fromEntries(
    changed.map(([field, value]) => [field, lists.some((list) => list === field) ? listOf(value ?? '') : (value ?? '')]),
  );
}

/** "a, b" as a list without empty entries. */
export function listOf(typed: string): string[] {
  return typed.split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
}
