import type { AnyJobDefinition } from '../foundation/jobs/job.ts';
import { enrichJob } from './enrich.job.ts';

export { actionsByDay, actionsPerPerson, type DayCount, denialsByDay } from './action-figures.queries.ts';
export { type ActionFilter, type ActionListRow, countActions, countCeiling, listActions } from './action-list.queries.ts';
export { enrichAll, enrichmentLagSeconds } from './enrich.job.ts';
export { type HistoryChange, type HistoryCursor, type HistoryEntry, type HistoryOf, readHistory } from './record-history.queries.ts';

/** Jobs of this room, served by the worker. */
export const auditJobs: readonly AnyJobDefinition[] = [enrichJob];
