import type { AnyJobDefinition } from '../foundation/jobs/job.ts';
import { foldTreeJob } from './history/fold-tree.job.ts';
import { partitionsJob } from './retain/partitions.job.ts';
import { anchorJob } from './seal/anchor.job.ts';
import { sealJob } from './seal/seal.job.ts';
import { watchSealJob } from './seal/watch-seal.job.ts';
import { enrichJob } from './search/enrich.job.ts';
import { exportJob, forgetExportsJob } from './search/export/export.job.ts';
import { indexJob } from './search/index.job.ts';
import { doctorJob } from './verify/doctor.job.ts';
import { verifyJob } from './verify/verify.job.ts';
import { verifyNowJob } from './verify/verify-now.job.ts';

export { actorOfAction } from './action-actor.queries.ts';
export { actionsByDay, actionsPerPerson, type DayCount, denialsByDay, type HeldGrade, lastUses } from './action-figures.queries.ts';
export { type RecordState, type StoredField, type StoredState, stateAt } from './history/as-of.queries.ts';
export { auditProblems } from './history/audit-problems.ts';
export { type ComparedField, type Comparison, compareVersions } from './history/compare-versions.queries.ts';
export { type FieldStep, readFieldTimeline } from './history/field-timeline.queries.ts';
export { type Moment, newestEventId, type Version } from './history/find-version.ts';
export { foldTree } from './history/fold-tree.job.ts';
export type {
  FieldChange,
  HistoryChange,
  HistoryCursor,
  HistoryEntry,
  HistoryOf,
  HistoryPage,
  RecordRef,
} from './history/history-types.ts';
export { type LastVerify, lastVerifyOf } from './history/last-verify.ts';
export { makeProofFile } from './history/proof-file.ts';
export { type HistoryFilter, type HistoryKind, readHistory } from './history/record-history.queries.ts';
export { type RestorePoint, readRestorePoint, readStoredValue } from './history/restore-point.queries.ts';
export { type CoveringCheckpoint, type RowProof, readRowProof } from './history/row-proof.queries.ts';
export type { ShownValue } from './history/shown-value.ts';
export { type SubjectAction, type SubjectActionCursor, subjectActions } from './history/subject-actions.queries.ts';
export { recordsOfSubject } from './history/subject-records.queries.ts';
export type { PinnedKey } from './proof/pinned-keys.ts';
export {
  type ErasedPerson,
  eraseSubjectJob,
  eraseSubjectSubscription,
  type Forgetter,
  finishErasures,
} from './retain/erase-subject.job.ts';
export { type ErasureReceipt, erasureReceipt, type KeptData } from './retain/erasure.ts';
export { registeredErasures } from './retain/erasure-register.ts';
export { countOpenHolds, type HoldItem, listHolds } from './retain/hold.queries.ts';
export { holdMonth } from './retain/hold-month.ts';
export { holdRecord } from './retain/hold-record.ts';
export { endHold, holdsAgainstErasure, holdsOnPerson, writeHold } from './retain/holds.ts';
export { type ArchiveFilter, type OpenedRow, readArchive } from './retain/read-archive.ts';
export { releaseHold } from './retain/release-hold.ts';
export { type RetainedMonth, type RetentionPorts, retentionJob, runRetention } from './retain/retention.job.ts';
export type { DataKeysOf } from './retain/seal-content.ts';
export { type SubjectAccessRow, subjectAccessRows } from './retain/subject-access.queries.ts';
export { showSealFigures } from './seal/seal-figures.ts';
export { type AnchorState, readSealState, type SealState } from './seal/seal-state.queries.ts';
export { requirePinnedKey } from './seal/signing-key.ts';
export type { ClickRow } from './search/click-rows.ts';
export { enrichAll, enrichmentLagSeconds } from './search/enrich-range.ts';
export { askExport } from './search/export/ask-export.ts';
export { exportSubscription, forgetExportFiles } from './search/export/export.job.ts';
export { type ExportEntry, type ExportStatus, listExports } from './search/export/export.queries.ts';
export { readParts as readExportFile } from './search/export/export-parts.ts';
export { type FetchedExport, fetchExport } from './search/export/fetch-export.ts';
export { indexAll, searchLagSeconds } from './search/index.job.ts';
export { countActions, countCeiling, type SearchAnswer, searchActions } from './search/search.queries.ts';
export type { SearchFilter, SearchReach } from './search/search-filter.ts';
export { requestVerification } from './verify/request-verification.ts';
export { readVerification, type Verification } from './verify/verification.queries.ts';
export { verifyNowSubscription } from './verify/verify-now.job.ts';

/** Jobs of this room, served by the worker. */
export const auditJobs: readonly AnyJobDefinition[] = [
  anchorJob,
  sealJob,
  watchSealJob,
  partitionsJob,
  enrichJob,
  indexJob,
  exportJob,
  forgetExportsJob,
  foldTreeJob,
  verifyJob,
  verifyNowJob,
  doctorJob,
];
