import type { CommandDeps } from '../../src/foundation/command/command.ts';
import { type DevInboxItem, devInbox } from '../../src/modules/notifications/index.ts';

export type Inbox = {
  /** What one address got so far, newest first. */
  items(to: string): Promise<DevInboxItem[]>;
  /** The newest message to an address, once there is one that fits; fails after `timeoutMs`. */
  wait(to: string, fits?: { template?: string; atLeast?: number }, timeoutMs?: number): Promise<DevInboxItem>;
  /** The code of the newest message of a template. */
  code(to: string, template: string): Promise<string>;
};

/** Reads captured mail and SMS the way `/dev/inbox` does. `to` is the stored form: lower-case email or E.164. */
export function createInbox(deps: Pick<CommandDeps, 'database' | 'keyring' | 'config'>): Inbox {
  const inbox: Inbox = {
    items: (to) => devInbox(deps, to),
    async wait(to, fits = {}, timeoutMs = 15_000) {
      const end = performance.now() + timeoutMs;
      for (;;) {
        const found = (await devInbox(deps, to)).filter((item) => !fits.template || item.template === fits.template);
        const [newest] = found;
        if (newest && found.length >= (fits.atLeast ?? 1)) return newest;
        if (performance.now() > end)
          throw new Error(`No ${fits.template ?? 'message'} for ${to} after ${timeoutMs} ms; there are ${found.length}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async code(to, template) {
      const item = await inbox.wait(to, { template });
      if (!item.code) throw new Error(`${template} to ${to} has no code`);
      return item.code;
    },
  };
  return inbox;
}
