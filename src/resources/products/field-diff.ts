import type { DiffJson } from '../../admin/index.ts';

type Change = { field: string; label: string; old: unknown; new: unknown };

/** A proposed change as the diff view draws it. */
export function fieldDiff({ field, label, old, new: fresh }: Change): DiffJson {
  return { table: 'catalog.product', recordId: '', eventId: '', field, label, before: shownValue(old), after: shownValue(fresh) };
}

function shownValue(value: unknown): DiffJson['before'] {
  const text = textOf(value);
  return text === '' ? { kind: 'empty' } : { kind: 'text', text };
}

/** Lists with commas, images by their texts: nobody should have to read braces. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((item, index) => (isImage(item) ? imageText(item, index) : textOf(item))).join(', ');
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

type Image = { fileId: string; alt?: unknown; isCover?: unknown };

function isImage(value: unknown): value is Image {
  return typeof value === 'object' && value !== null && 'fileId' in value;
}

function imageText({ fileId, alt, isCover }: Image, index: number): string {
  const words = typeof alt === 'string' && alt !== '' ? alt : 'without a text';
  return `image ${index + 1} (${fileId.slice(-6)}): ${words}${isCover === true ? ', cover' : ''}`;
}
