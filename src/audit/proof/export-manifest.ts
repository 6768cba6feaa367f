import { z } from 'zod';

/**
 * What leaves the house as proof (docs/adr/0014-verify-streams-and-resumes.md). A folder of four files, or one file with the same
 * parts for a single row:
 *
 * - `rows.ndjson`: one {@link exportRow} a line, ascending by seq;
 * - `proofs.ndjson`: one {@link exportProof} a line, for the same seqs in the same order;
 * - `manifest.json`: {@link exportManifest}, which names every other file with its SHA-256;
 * - `manifest.sig`: base64 of the Ed25519 signature over the SHA-256 of the bytes of manifest.json, then a newline.
 *
 * Every line and the manifest are canonical JSON (RFC 8785) in UTF-8; lines end in `\n`, the manifest has no newline at its end.
 * More files, such as `rows.csv` for a spreadsheet, may lie beside them if the manifest names them.
 */
export const exportFiles = { manifest: 'manifest.json', signature: 'manifest.sig', rows: 'rows.ndjson', proofs: 'proofs.ndjson' } as const;

/** `format` of the manifest of a folder and of a one-file proof. */
export const exportFormat = 'fashionistar-audit-export/v1';
export const proofFileFormat = 'fashionistar-audit-proof/v1';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const hex = z.string().regex(/^([0-9a-f]{2})*$/);
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
const decimal = z.string().regex(/^(0|[1-9]\d*)$/);
const seq = z.number().int().nonnegative();
const textOrNull = z.string().nullable();

/** audit.md section 7: all keys always present. */
const eventLeaf = z.strictObject({
  v: z.literal(1),
  k: z.literal('event'),
  id: z.uuid(),
  at: time,
  txid: decimal,
  epoch: z.number().int(),
  action: textOrNull,
  actor: textOrNull,
  actorType: z.string(),
  db: z.string(),
  op: z.number().int(),
  tbl: z.string(),
  rec: z.string(),
  subject: textOrNull,
  changed: z.array(z.string()),
  value: hash.nullable(),
  snap: hash.nullable(),
});
const actionLeaf = z.strictObject({
  v: z.literal(1),
  k: z.literal('action'),
  id: z.uuid(),
  at: time,
  txid: decimal,
  epoch: z.number().int(),
  req: z.string(),
  door: z.string(),
  res: z.string(),
  act: z.string(),
  out: z.string(),
  err: textOrNull,
  recs: z.array(z.string()),
  n: z.number().int(),
  ms: z.number().int(),
  actor: textOrNull,
  actorType: z.string(),
  roles: z.array(z.string()),
  sess: hex.nullable(),
  mfa: z.boolean(),
  reverts: textOrNull,
  ticket: textOrNull,
  approval: textOrNull,
  value: hash,
});
const controlLeaf = z.strictObject({
  v: z.literal(1),
  k: z.literal('control'),
  id: z.uuid(),
  at: time,
  txid: decimal,
  epoch: z.number().int(),
  type: z.string(),
  body: z.string(),
});

/** The leaf object of a row as it is hashed. */
export const exportLeaf = z.discriminatedUnion('k', [eventLeaf, actionLeaf, controlLeaf]);

/**
 * What a row committed to. `erased`: deleted under an erasure that is itself part of the history. `withheld`: left out because the
 * reader may not see it. `archived`: its month was archived and dropped. The row is proved all the same; its value then is not shown.
 */
const committed = z.union([
  z.strictObject({ salt: z.string().regex(/^[0-9a-f]{32}$/), body: z.string() }),
  z.strictObject({ absent: z.enum(['erased', 'withheld', 'archived']) }),
]);

/** One line of rows.ndjson. `value` and `snapshot` are null where the leaf holds no commitment. */
export const exportRow = z.strictObject({
  seq,
  kind: z.enum(['event', 'action', 'control']),
  leaf: exportLeaf,
  value: committed.nullable(),
  snapshot: committed.nullable(),
});
export type ExportRow = z.infer<typeof exportRow>;

/** One line of proofs.ndjson: the inclusion path of a row in the tree of the manifest's checkpoint (RFC 9162), leaf to root. */
export const exportProof = z.strictObject({ seq, path: z.array(hash) });
export type ExportProof = z.infer<typeof exportProof>;

export const exportManifest = z.strictObject({
  v: z.literal(1),
  format: z.enum([exportFormat, proofFileFormat]),
  /** As in the checkpoint text. */
  origin: z.string().min(1),
  at: time,
  /** Id of the audit action that recorded the export before it was written. */
  actionId: z.uuid(),
  /** What was asked for. `from`, `to` (times, both inclusive) and `actor` (an id) are checked against the rows. */
  filter: z.record(z.string(), z.union([z.string(), z.array(z.string()), z.null()])),
  counts: z.strictObject({
    rows: seq,
    events: seq,
    actions: seq,
    controls: seq,
    /** Values and snapshots whose bodies are in the file. */
    bodies: seq,
    /** Values and snapshots that are absent, for whatever reason. */
    absent: seq,
  }),
  /** Every file but the manifest and its signature. `rows`: lines, without the heading of a CSV. */
  files: z.array(z.strictObject({ name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,80}$/), sha256: hash, rows: seq })),
  /** The checkpoint that every path leads to: its text, and its signature in base64. */
  checkpoint: z.strictObject({ text: z.string(), signature: z.base64() }),
  /** The key that signed manifest.json. */
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
});
export type ExportManifest = z.infer<typeof exportManifest>;

/**
 * The one-file form, `proof.json`: the same parts in one JSON object, laid out for people. The canonical JSON of `manifest` is what
 * `signature` (base64) covers, and the canonical lines of `rows` and `proofs` are what `manifest.files` counts and hashes.
 */
export const proofFile = z.strictObject({
  format: z.literal(proofFileFormat),
  manifest: exportManifest,
  signature: z.base64(),
  rows: z.array(exportRow),
  proofs: z.array(exportProof),
});
export type ProofFile = z.infer<typeof proofFile>;
