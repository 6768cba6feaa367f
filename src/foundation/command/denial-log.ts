import type { Actor } from '../runtime/actor.ts';
import { actorIdOf } from '../runtime/actor.ts';
import { type RequestContext, requireContext, runInContext } from '../runtime/request-context.ts';
import { recordAction } from './action-row.ts';
import type { CommandDeps } from './command.ts';

const perMinute = 60;
const minuteMs = 60_000;

type Window = { minute: number; count: number; context: RequestContext; resource: string; action: string; errorCode: string };

/**
 * Records refusals of signed-in actors: one row each up to 60 a minute, the rest as one row per actor and minute whose
 * record_count says how many (audit.md section 6). Call `flush()` at shutdown.
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
    windows.delete(key);
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

  return {
    async record(denial) {
      const context = requireContext();
      const key = keyOf(context.actor);
      if (!key) return;
      const minute = Math.floor(deps.clock.now().getTime() / minuteMs);
      const open = windows.get(key);
      if (open && open.minute !== minute) await close(key, open);
      const window = windows.get(key) ?? {
        minute,
        count: 0,
        context,
        resource: denial.resource,
        action: denial.action,
        errorCode: denial.errorCode,
      };
      window.count += 1;
      windows.set(key, window);
      if (window.count > perMinute) return;
      await recordAction(deps, { ...denial, outcome: 'denied' });
    },
    async flush() {
      const minute = Math.floor(deps.clock.now().getTime() / minuteMs);
      const due = [...windows].filter(([, window]) => window.minute !== minute || window.count > perMinute);
      for (const [key, window] of due) await close(key, window);
    },
  };
}

/** Anonymous refusals belong to the API log and the login events. */
function keyOf(actor: Actor): string | null {
  return actor.kind === 'system' ? `system:${actor.name}` : actorIdOf(actor);
}
