import type { CommandDeps } from '../../foundation/command/command.ts';
import { type DevMessage, inboxKey, openDevMessage } from './drivers/dev-message.ts';

export type DevInboxItem = DevMessage & { id: string };

const maxItems = 50;

/**
 * What the capture driver kept for one address, newest first, 50 at most; with null, for all addresses (auth-api.md section
 * 2.8). `to` must be the stored form: lower-case email or E.164. Empty in strict production, where nothing is captured.
 */
export async function devInbox(
  deps: Pick<CommandDeps, 'database' | 'keyring' | 'config'>,
  to: string | null,
  limit: number = maxItems,
): Promise<DevInboxItem[]> {
  if (deps.config.mode === 'production') return [];
  const rows = await deps.database.prisma.devMessage.findMany({
    where: to === null ? {} : { to: inboxKey(deps.keyring, to) },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: Math.min(limit, maxItems),
    select: { id: true, text: true },
  });
  return rows.flatMap((row) => {
    const message = openDevMessage(deps.keyring, row.text);
    return message ? [{ id: row.id, ...message }] : [];
  });
}
