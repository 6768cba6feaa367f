import { describeFilter } from './export-filter.ts';
import type { ExportSpec } from './write-export.ts';

export const readmeFileName = 'readme.txt';

/** What a person reads first: whose export it is, what it holds, and how anybody may check it. */
export function readmeText(facts: { spec: ExportSpec; origin: string; at: Date; rows: number; unsealed: number }): string {
  const { spec, origin, at, rows, unsealed } = facts;
  return `Export of the audit history of ${origin}

Made for      ${oneLine(spec.by)}
Made at       ${at.toISOString()}
Export        ${spec.actionId} (the action that recorded it; also in every line of rows.csv)
Asked for     ${describeFilter(spec.filter)}
Rows          ${rows}
Left out      ${unsealed} ${unsealed === 1 ? 'row that was' : 'rows that were'} not sealed yet

Confidential. It names people. Keep it no longer than you need it, and pass it on to nobody who has no part in the matter.

rows.ndjson   the rows, each with the texts it committed to
proofs.ndjson the path of each row to the root of the signed checkpoint
manifest.json what was asked for, counts, and the SHA-256 of every file
manifest.sig  the signature over the manifest

To check it without a database: npm run audit:verify -- --export FOLDER --keys FILE
FILE holds the public keys that the platform published; do not take it from whoever gave you this export.
`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
