import type { AppError } from '../errors/app-error.ts';
import type { Actor } from '../runtime/actor.ts';
import { actorIdOf } from '../runtime/actor.ts';
import { type RequestContext, requireContext, runInContext } from '../runtime/request-context.ts';
import { recordAction } from './action-row.ts';
import type { CommandDeps } from './command.ts';

const perMinute = 60;
const minuteMs = 60_000;

type Window = {
  minute: number;
  count: number;
  context: RequestContext;
  resource: string;
  action: string;
  errorCode: string;
  timer: NodeJS.Timeout;
};

/**
 * Records refusals of signed-in actors: one row each up to 60 a minute, the rest as one row per actor and minute whose
 * record_count says how many, written when the minute is over (audit.md section 6). Call `flush()` at shutdown.
 */
export type DenialLog = {
  record(denial: {
    id?: string;
    resource: string;
    action: string;
    errorCode: string;
    recordIds?: readonly string[];
    note?: string;
  }): Promise<void>;
  flush(): Promise<void>;
};

export function createDenialLog(deps: CommandDeps): DenialLog {
  const windows = new Map<string, Window>();

  async function close(key: string, window: Window): Promise<void> {
    if (windows.get(key) !== window) return;
    windows.delete(key);
    clearTimeout(window.timer);
    const surplus = window.count - perMinute;
    if (surplus <= 0) return;
    await runInContext(window.context, () =>
      recordAction(deps, {
        resource: window.resource,
        action: window.action,
        outcome: 'denied',
        errorCode: window.errorCode,
        recordCount: surplus,
        note: `${surplus} more refusals within one minute`,
      }),
    );
  }

  function open(key: string, first: Omit<Window, 'count' | 'timer'>): Window {
    const msLeft = (first.minute + 1) * minuteMs - deps.clock.now().getTime();
    // A failure was logged where it happened; there is nobody left to answer.
    const timer = setTimeout(() => void close(key, window).catch(() => undefined), msLeft).unref();
    const window: Window = { ...first, count: 0, timer };
    windows.set(key, window);
    return window;
  }

  return {
    async record(denial) {
      const context = requireContext();
      const key = keyOf(context.actor);
      if (!key) return;
      const minute = Math.floor(deps.clock.now().getTime() / minuteMs);
      const last = windows.get(key);
      if (last && last.minute !== minute) await close(key, last);
      const { resource, action, errorCode } = denial;
      const window = windows.get(key) ?? open(key, { minute, context, resource, action, errorCode });
      window.count += 1;
      if (window.count > perMinute) return;
      await recordAction(deps, { ...denial, outcome: 'denied' });
    },
    async flush() {
      for (const [key, window] of windows) await close(key, window);
    },
  };
}

const recorded = new WeakSet<AppError>();

/** The error has its action row: whoever passes it on need not make another. */
export function markRecorded(error: AppError): void {
  recorded.add(error);
}

export function isRecorded(error: AppError): boolean {
  return recorded.has(error);
}

/** Anonymous refusals belong to the API log and the login events. */
function keyOf(actor: Actor): string | null {
  return actor.kind === 'system' ? `system:${actor.name}` : actorIdOf(actor);
}
