import { compareSync, hashSync } from 'bcrypt';

export type PasswordTask = { do: 'hash'; secret: string; cost: number } | { do: 'compare'; secret: string; stored: string };

/**
 * Runs in a worker thread. The synchronous calls are on purpose: they keep bcrypt on this low-priority thread, where the
 * asynchronous ones would take libuv's pool away from everything else in the process.
 */
export function runPasswordTask(task: PasswordTask): string | boolean {
  switch (task.do) {
    case 'hash':
      return hashSync(task.secret, task.cost);
    case 'compare':
      return compareSync(task.secret, task.stored);
  }
}
