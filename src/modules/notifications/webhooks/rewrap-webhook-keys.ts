import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';

const input = z.strictObject({ limit: z.number().int().min(1).max(5_000) });

/** Puts one batch of the endpoints' row keys under the current key-encryption key, as `rewrap-data-keys` does for people. */
export const rewrapWebhookKeys = defineCommand<z.infer<typeof input>, { rewrapped: number }>({
  name: 'rewrap-webhook-keys',
  resource: 'key',
  access: 'system',
  input,
  isIdempotent: false,
  async run({ tx, deps, note }, { limit }) {
    const [current] = deps.config.secrets.piiKeks;
    if (!current) throw new Error('PII_KEKS names no key');
    const rows = await tx.webhookEndpoint.findMany({
      where: { kekKid: { not: current.kid } },
      select: { id: true, wrappedRowKey: true, kekKid: true },
      orderBy: { id: 'asc' },
      take: limit,
    });
    for (const { id, wrappedRowKey, kekKid } of rows) {
      const fresh = deps.keyring.rewrapDataKey(wrappedRowKey, kekKid);
      if (!fresh) continue;
      // Compare-and-set: a key that changed meanwhile is left for the next batch.
      await tx.webhookEndpoint.updateMany({
        where: { id, kekKid },
        data: { wrappedRowKey: new Uint8Array(fresh.wrappedKey), kekKid: fresh.kekKid },
      });
    }
    note(`${rows.length} webhook keys under ${current.kid}`);
    return { rewrapped: rows.length };
  },
});
