import type { Action, Tone } from './admin-types.component.tsx';
import { t } from './text.component.tsx';

/** Where runs are read and told what to do, below /admin and /admin/api. */
export const bulkRunsPath = '/pages/bulk-runs';

export type RowOutcome = 'waiting' | 'changed' | 'unchanged' | 'refused';

export type BulkRunJson = {
  id: string;
  resource: string;
  list: string;
  action: string;
  by: string;
  isOwn: boolean;
  status: 'queued' | 'running' | 'completed' | 'cancelled' | 'failed';
  total: number;
  counts: Readonly<Record<RowOutcome, number>>;
  createdAt: string;
  finishedAt: string | null;
  actionId: string | null;
  undoOf: string | null;
  undoneBy: string | null;
  undoUntil: string | null;
  canCancel: boolean;
};

export type BulkRowJson = { id: string; outcome: RowOutcome; title: string | null; reason?: string; actionId?: string };
export type BulkRunAnswer = {
  run: BulkRunJson & { reason: { code: string; text: string | null } | null };
  rows: readonly BulkRowJson[];
  undo: Action;
};

export const runStates: Readonly<Record<BulkRunJson['status'], { label: string; tone: Tone }>> = {
  queued: { label: t('Waiting'), tone: 'neutral' },
  running: { label: t('Running'), tone: 'info' },
  completed: { label: t('Finished'), tone: 'ok' },
  cancelled: { label: t('Stopped'), tone: 'warn' },
  failed: { label: t('Ended early'), tone: 'danger' },
};
