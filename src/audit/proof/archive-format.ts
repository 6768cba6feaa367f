import { z } from 'zod';

/**
 * The archive of one month (audit.md section 15): `audit-<YYYY-MM>.ndjson.zst`, one JSON object a line: a header, each event
 * and action of the month in the order of their leaves, an end. Control rows stay in the database and are not in it.
 */
export const archiveFileName = (month: string): string => `audit-${month}.ndjson.zst`;

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
/** `YYYY-MM`, in UTC. */
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
/** Control bodies hold strings only. */
const decimal = z.string().regex(/^(0|[1-9]\d*)$/);
const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);

const archiveHeader = z.strictObject({ k: z.literal('archive'), v: z.literal(1), month, origin: z.string() });

/** What a commitment was made of, readable by anybody. */
export const clearContent = z.strictObject({ salt: hex(16), body: z.string() });

/**
 * The same under the data keys of the people it is about: base64 of an AES-256-GCM box around the JSON of the clear content.
 * With several people the box of the first is inside the box of the second, so that each erasure alone shreds it. The salt is
 * inside: with it, a short value could be guessed from its commitment.
 */
const sealedContent = z.strictObject({ people: z.array(z.uuid()).min(1), box: z.base64() });

/** Null: erased before the archive was made, or never there (`leaf.value` or `leaf.snap` is then null too). */
const archivedContent = z.union([clearContent, sealedContent]).nullable();

const archivedRow = z.strictObject({
  k: z.literal('row'),
  seq: z.int().nonnegative(),
  /** The leaf as in audit.leaf. */
  hash: hex(32),
  /** The leaf object, all columns of the row: `hash` is leafHash(leaf). */
  leaf: z.looseObject({ v: z.literal(1), k: z.enum(['event', 'action']), id: z.uuid(), at: instant, value: hex(32).nullable() }),
  value: archivedContent,
  snapshot: archivedContent,
});

const archiveEnd = z.strictObject({
  k: z.literal('end'),
  events: z.int(),
  actions: z.int(),
  values: z.int(),
  snapshots: z.int(),
  /** As `leaves` of the seal. */
  leaves: hex(32),
});

/** One line of an archive. */
export const archiveLine = z.discriminatedUnion('k', [archiveHeader, archivedRow, archiveEnd]);

export type ArchivedContent = z.infer<typeof archivedContent>;
export type ArchivedRow = z.infer<typeof archivedRow>;
export type ArchiveLine = z.infer<typeof archiveLine>;

/** Where a sealed content belongs; it opens nowhere else. `part` is `value` or `snapshot`. */
export const archivePlace = (part: 'value' | 'snapshot', rowId: string): string => `archive.${part}:${rowId}`;

/**
 * Body of a `partition_seal` control row. Once its month is dropped, the leaves of that month have no rows any more: there must
 * be exactly `events` + `actions` of them, and SHA-256 over their lines (see leafLine) in the order of seq must be `leaves`.
 */
export const partitionSealBody = z.strictObject({
  v: z.literal('1'),
  month,
  file: z.string(),
  /** SHA-256 of the compressed file. */
  sha256: hex(32),
  bytes: decimal,
  /** Number of leaves of each kind in the month, and of contents in the file. */
  events: decimal,
  actions: decimal,
  values: decimal,
  snapshots: decimal,
  firstSeq: decimal,
  lastSeq: decimal,
  leaves: hex(32),
});
export type PartitionSealBody = z.infer<typeof partitionSealBody>;

/** What `leaves` of a seal is made of: each leaf of the month as this line, in the order of seq. `at` has six digits and ends in Z. */
export function leafLine(row: { seq: bigint | number | string; rowId: string; at: string; kind: number; leaf: Uint8Array }): string {
  return `${row.seq} ${row.rowId} ${row.at} ${row.kind} ${Buffer.from(row.leaf).toString('hex')}\n`;
}

/**
 * Body of an `erasure` control row: from then on values and snapshots about `subject` with occurred_at up to `to` may be absent.
 * `history`: rows deleted in schema audit; `rows`: what was deleted or emptied elsewhere, by table. `actions` and `records`:
 * rows about the person that erasureCovers() cannot tell from the row itself. Ids only: a control row is never erased.
 */
export const erasureBody = z.strictObject({
  v: z.literal('1'),
  subject: z.uuid(),
  history: z.strictObject({ value: decimal, snapshot: decimal, search: decimal, enrichment: decimal }),
  rows: z.record(z.string(), decimal),
  /** Times of the earliest and the latest row deleted; empty when there was none. */
  from: z.union([instant, z.literal('')]),
  to: z.union([instant, z.literal('')]),
  actions: z.array(z.uuid()),
  /** `schema.table:id` */
  records: z.array(z.string()),
  /** The action that erased the person; empty when a later sweep found rows that came after. */
  action: z.union([z.uuid(), z.literal('')]),
  approval: z.union([z.uuid(), z.literal('')]),
  /** The two people; empty for a sweep. */
  requestedBy: z.union([z.uuid(), z.literal('')]).optional(),
  approvedBy: z.union([z.uuid(), z.literal('')]).optional(),
});
export type ErasureBody = z.infer<typeof erasureBody>;

/** Of a leaf object, what says whom it is about. */
export type AboutWhom =
  | { k: 'event'; id: string; at: string; subject: string | null; tbl: string; rec: string }
  | { k: 'action'; id: string; at: string; actor: string | null; recs: readonly string[]; out: string };

/**
 * Whether an erasure explains that the content of this row is gone. Events name their subject. Of actions, the person's own and
 * those aimed at the person are covered; what staff merely read (outcome `read`) holds nothing about the person and stays.
 */
export function erasureCovers(erasure: Pick<ErasureBody, 'subject' | 'to' | 'actions' | 'records'>, row: AboutWhom): boolean {
  if (row.at > erasure.to) return false;
  if (row.k === 'event') return row.subject === erasure.subject || erasure.records.includes(`${row.tbl}:${row.rec}`);
  if (row.actor === erasure.subject || erasure.actions.includes(row.id)) return true;
  return row.out !== 'read' && row.recs.includes(erasure.subject);
}

/**
 * Body of `hold` and, with the same `hold` id, of `hold_release`. `reason` is the code; what the person wrote is in audit.hold and
 * in the value of `action`, both erasable, and committed to by that action's leaf. Unused targets are empty.
 */
export const holdBody = z.strictObject({
  v: z.literal('1'),
  hold: z.uuid(),
  subject: z.string(),
  table: z.string(),
  record: z.string(),
  /** `YYYY-MM` or empty. */
  month: z.string(),
  reason: z.string(),
  by: z.uuid(),
  action: z.string(),
});
export type HoldBody = z.infer<typeof holdBody>;
