import { z } from 'zod';
import type { SearchFilter } from '../search-filter.ts';

const word = z.string().max(160);
const moment = z.iso.datetime({ offset: true, precision: null });

/** What an export is asked to hold: the filters of the explorer, or all rows about a person or of a record. */
export const exportFilter = z.strictObject({
  from: moment,
  to: moment,
  text: z.string().max(200).optional(),
  actorId: z.uuid().optional(),
  actorType: word.optional(),
  resource: word.optional(),
  action: word.optional(),
  outcome: word.optional(),
  role: word.optional(),
  recordId: word.optional(),
  field: word.optional(),
  country: word.optional(),
  minScore: z.int().min(0).max(100).optional(),
  ticket: word.optional(),
  door: word.optional(),
  requestId: z.uuid().optional(),
  actionId: z.uuid().optional(),
  txid: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional(),
  /** The person that changes are about. Only these changes, and the actions that made them or were aimed at the person. */
  subjectId: z.uuid().optional(),
  /** `schema.table:id`. Only changes of this row, and the actions that made them or were aimed at it. */
  record: z
    .string()
    .regex(/^[a-z_]+\.[a-z_]+:.{1,80}$/)
    .optional(),
});
export type ExportFilter = z.infer<typeof exportFilter>;

export const exportFormats = ['ndjson', 'csv'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** As the manifest names it. Times with six digits, as in the leaves that they are compared with. */
export function manifestFilter(filter: ExportFilter): Record<string, string> {
  const { from, to, actorId, minScore, ...rest } = filter;
  const named = Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return {
    from: sixDigits(from),
    to: sixDigits(to),
    ...(actorId ? { actor: actorId } : {}),
    ...(minScore === undefined ? {} : { minScore: String(minScore) }),
    ...Object.fromEntries(named),
  };
}

/** `2026-01-02T03:04:05.006Z` or any offset -> `2026-01-02T03:04:05.006000Z`. */
export function sixDigits(moment: string): string {
  const fraction = /\.(\d{4,6})/.exec(moment)?.[1];
  const iso = new Date(moment).toISOString();
  return `${iso.slice(0, 19)}.${(fraction ?? iso.slice(20, 23)).padEnd(6, '0').slice(0, 6)}Z`;
}

/** What was asked for, in a line of the audit: what was typed stays out, since it may be a name. */
export function describeFilter({ text, ...filter }: ExportFilter): string {
  const named = Object.entries(manifestFilter(filter)).map(([name, value]) => `${name}=${value}`);
  return [...named, ...(text === undefined ? [] : ['text'])].join(' ');
}

/** The part that the explorer knows. */
export function searchFilterOf({ subjectId: _, record: __, ...filter }: ExportFilter): SearchFilter {
  return filter;
}
