import type { ShownValue } from '../../audit/index.ts';
import { shownIp } from '../../foundation/command/action-row.ts';
import { personFields, stateWords } from './field-words.ts';

/** A value of the history as people read it. Times and days are formatted in the browser, in the person's zone. */
export type ValueJson =
  | { kind: 'text' | 'time' | 'day'; text: string }
  | { kind: 'empty' | 'encrypted' | 'secret' | 'erased' }
  | { kind: 'large'; bytes: number; sha256: string };

/** Names of people by id, for fields that hold the id of a person. */
export type Names = ReadonlyMap<string, string>;

export function valueJson(field: { table: string; field: string }, shown: ShownValue, names: Names): ValueJson {
  switch (shown.kind) {
    case 'empty':
    case 'encrypted':
    case 'secret':
    case 'erased':
      return { kind: shown.kind };
    case 'truncated':
      return { kind: 'large', bytes: shown.bytes, sha256: shown.sha256 };
    case 'plain':
      return plainJson(field, shown.value, names);
    default:
      return shown satisfies never;
  }
}

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const day = /^\d{4}-\d\d-\d\d$/;
const addresses: ReadonlySet<string> = new Set(['ip', 'last_ip']);
const numbers = new Intl.NumberFormat('en');
const naira = new Intl.NumberFormat('en-NG', { style: 'currency', currency: 'NGN' });

function plainJson({ table, field }: { table: string; field: string }, value: unknown, names: Names): ValueJson {
  if (typeof value === 'string') {
    if (value === '') return { kind: 'empty' };
    if (moment.test(value)) return { kind: 'time', text: value };
    if (day.test(value)) return { kind: 'day', text: value };
    if (addresses.has(field)) return { kind: 'text', text: shownIp(value, 'truncated') ?? value };
    if (personFields.test(field)) return { kind: 'text', text: names.get(value) ?? value };
    return { kind: 'text', text: stateWords(table, field, value) ?? value };
  }
  if (typeof value === 'boolean') return { kind: 'text', text: value ? 'Yes' : 'No' };
  if (typeof value === 'number') return { kind: 'text', text: numberText(field, value) };
  if (Array.isArray(value) && value.length === 0) return { kind: 'empty' };
  return { kind: 'text', text: structureText(value, 0) };
}

function numberText(field: string, value: number): string {
  if (field.endsWith('_bps')) return `${(value / 100).toFixed(2)} %`;
  if (field.endsWith('_kobo')) return naira.format(value / 100);
  return numbers.format(value);
}

/** Lists with commas, members one a line: nobody should have to read braces. */
function structureText(value: unknown, depth: number): string {
  if (Array.isArray(value)) return value.map((item) => structureText(item, depth + 1)).join(', ');
  if (typeof value !== 'object' || value === null) return value === null ? 'none' : String(value);
  const lines = Object.entries(value).map(([key, item]) => {
    const isNested = typeof item === 'object' && item !== null && !Array.isArray(item);
    return `${'  '.repeat(depth)}${key}:${isNested ? '\n' : ' '}${structureText(item, depth + 1)}`;
  });
  return lines.join('\n');
}
