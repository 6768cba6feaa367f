import type { Action } from '../../admin/components/admin-types.component.tsx';
import type { ActionTarget } from '../../admin/components/reason-form.component.tsx';

export type Figures = {
  queue: string;
  policy: string;
  schedule: string | null;
  waiting: number;
  retrying: number;
  active: number;
  done: number;
  failed: number;
  dead: number;
  oldestSeconds: number | null;
  perMinute: number;
  p95Ms: number | null;
};

export type JobState = 'waiting' | 'active' | 'failed' | 'dead' | 'done';

export type Job = {
  id: string;
  state: JobState;
  attempts: number;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  dueAt: string | null;
  error: { type: string | null; message: string } | null;
  values: readonly { path: string; value: string }[];
};

export type OpenQueue = {
  figures: Figures;
  state: JobState;
  error: string | null;
  groups: readonly { error: string | null; count: number }[];
  items: readonly Job[];
  next: string | null;
};

export type QueuesView = {
  queues: readonly Figures[];
  at: string;
  actions: { retry: Action; retryAll: Action; cancel: Action };
  open: OpenQueue | null;
};

/** A form that is open: what, and on which jobs. */
export type OpenForm = { action: Action; target: ActionTarget };

export const queuesPath = '/pages/queues';

export function queueHref(queue: string, more: Readonly<Record<string, string>> = {}): string {
  return `/admin/pages/queues?${new URLSearchParams({ queue, ...more }).toString()}`;
}

export function formFor(action: Action, fixedInput: Readonly<Record<string, unknown>>): OpenForm {
  return { action, target: { path: queuesPath, base: queuesPath, pageAction: action.name, record: null, version: null, fixedInput } };
}
