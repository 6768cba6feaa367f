import { sha256Hex } from '../../../../foundation/crypto/digest.ts';
import { csvLine } from '../../../../foundation/runtime/csv.ts';
import type { ReviewLine, ReviewView } from './review.queries.ts';

export type ReviewFile = { fileName: string; text: string; sha256: string };

const heading = [
  ...['quarter', 'person', 'member_id', 'job', 'role', 'lead', 'since', 'ends', 'why', 'last_used', 'last_sign_in'],
  ...['outcome', 'decided_by', 'decided_at', 'reason'],
];

/** The review as a sheet, every cell quoted and safe from formulas; times in UTC. `names` are those of the deciders. */
export function reviewFile(
  review: Pick<ReviewView, 'quarter'>,
  lines: readonly ReviewLine[],
  names: ReadonlyMap<string, string>,
): ReviewFile {
  const rows = lines.map((line) => [
    ...[
      review.quarter,
      line.name,
      line.memberId,
      line.jobTitle,
      line.role,
      line.isLead ? 'yes' : 'no',
      iso(line.since),
      iso(line.expiresAt),
    ],
    ...[line.grantReason, iso(line.lastUsedAt), iso(line.lastLoginAt), line.state],
    ...[line.decidedBy ? (names.get(line.decidedBy) ?? line.decidedBy) : null, iso(line.decidedAt), line.reason],
  ]);
  const text = [heading, ...rows].map(csvLine).join('');
  return { fileName: `access-review-${review.quarter}.csv`, text, sha256: sha256Hex(text) };
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
