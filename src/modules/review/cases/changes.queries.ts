import type { ReviewCase } from '@prisma/client';
import { type ComparedField, compareVersions } from '../../../audit/index.ts';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import type { CaseKind } from '../checklists.ts';
import type { ChangedValue } from './case-shapes.ts';
import { subjectFacts, subjectTables } from './subject.ts';

/** Columns in which the work on a record shows, and nothing that was handed in. */
const ofTheWork: ReadonlySet<string> = new Set([
  ...['id', 'created_at', 'updated_at', 'version', 'status', 'submitted_at', 'reviewed_at', 'reviewed_by', 'second_reviewed_by'],
  ...['verified_at', 'decision_code', 'decision_reason', 'decision_notes', 'review_notes', 'rejected_at', 'published_at', 'live_revision'],
  ...['risk_score', 'trust_score', 'last_editor_id', 'editor_ids', 'needs_lead', 'signals', 'missing_quality', 'bidx_kid', 'tax_id_bidx'],
  ...['notes_to_vendor', 'retention_until', 'suspended_at', 'suspended_by', 'suspended_reason', 'suspended_version', 'checks'],
]);

type Seen = Pick<ReviewCase, 'kind' | 'subjectId' | 'snapshotId'>;

/**
 * What differs between the version that somebody looked at and the one of now, in the words of the columns: encrypted values only say that
 * they changed. Read from the history, so that it also holds for changes nobody told the review of. Empty where nothing was kept.
 */
export async function changesSince(deps: CommandDeps, { kind, subjectId, snapshotId }: Seen): Promise<ChangedValue[]> {
  if (!snapshotId) return [];
  const record = { table: subjectTables[kind], recordId: subjectId };
  const { left, fields } = await compareVersions(deps, record, [{ eventId: snapshotId }, { at: 'infinity' }]);
  if (left.version === null) return [];
  return fields.filter(({ field, isChanged }) => isChanged && !ofTheWork.has(field)).map(changedValue);
}

function changedValue({ field, left, right }: ComparedField): ChangedValue {
  const isEncrypted = left.kind === 'encrypted' || right.kind === 'encrypted';
  return { field, label: words(field), before: plain(left), after: plain(right), isEncrypted };
}

const plain = (value: ComparedField['left']): unknown => (value.kind === 'plain' ? value.value : null);

/** `store_name` -> "Store name". */
function words(column: string): string {
  const text = column.replace(/_(?:enc|masked)$/, '').replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** For the refusal of a stale decision: what is different now. Compares nothing while the version is still the one that was looked at. */
export async function changesSinceSeen(deps: CommandDeps, caseId: string): Promise<ChangedValue[]> {
  const { prisma } = deps.database;
  const seen = await prisma.reviewCase.findUnique({
    where: { id: caseId },
    select: { kind: true, subjectId: true, snapshotId: true, subjectVersion: true, sampleOfId: true },
  });
  if (!seen || seen.sampleOfId) return [];
  const facts = await subjectFacts(prisma, seen);
  return !facts || facts.version === seen.subjectVersion ? [] : changesSince(deps, seen);
}

/** Kinds whose rounds can be compared field by field; a revision is its own comparison. */
export function hasRounds(kind: CaseKind): boolean {
  return kind !== 'product_revision';
}
