import { redactText } from '../runtime/redact.ts';

/** One value of a payload, by its path. */
export type PayloadValue = { path: string; value: string };

const longestValue = 80;
const mostValues = 40;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const plainCode = /^[a-z0-9][a-z0-9_.:-]*$/i;

/**
 * What a job is about: the ids, codes, numbers and times of its payload. Payloads hold nothing else; a value that looks like anything
 * else is not shown, whoever put it there.
 */
export function payloadValues(data: unknown): PayloadValue[] {
  const found: PayloadValue[] = [];
  collect('', data, found);
  return found.slice(0, mostValues);
}

function collect(path: string, value: unknown, found: PayloadValue[]): void {
  if (found.length >= mostValues || value === null || value === undefined) return;
  if (typeof value === 'object') {
    for (const [name, inner] of Object.entries(value)) collect(path === '' ? name : `${path}.${name}`, inner, found);
    return;
  }
  found.push({ path, value: shownValue(value) });
}

function shownValue(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return '(not shown)';
  if (uuid.test(value)) return value;
  const isCode = value.length <= longestValue && plainCode.test(value) && redactText(value) === value;
  return isCode ? value : '(not shown)';
}

/** The last error of a job, redacted when it was stored and once more here; null where there is none. */
export function errorOf(output: unknown): { type: string | null; message: string } | null {
  const record = recordOf(output);
  const error = recordOf(record?.error) ?? record;
  const message = typeof error?.message === 'string' ? error.message : null;
  if (!error || message === null) return null;
  return { type: typeof error.type === 'string' ? error.type : null, message: redactText(message).slice(0, 500) };
}

function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}
