import type { ValueJson } from '../../admin/history/value-json.ts';

/** Any stored value as the diff view draws it. */
export function storedValue(value: unknown): ValueJson {
  if (value === null || value === undefined || value === '') return { kind: 'empty' };
  if (Array.isArray(value)) return value.length === 0 ? { kind: 'empty' } : { kind: 'text', text: value.map(plain).join(', ') };
  if (typeof value === 'boolean') return { kind: 'text', text: value ? 'Yes' : 'No' };
  return { kind: 'text', text: plain(value) };
}

function plain(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key}: ${plain(inner)}`)
    .join(', ');
}
