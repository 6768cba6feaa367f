import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';

const input = z.strictObject({ limit: z.number().int().min(1).max(5_000) });

type Wrapped = { id: string; wrappedKey: Uint8Array; kekKid: string };

/** Puts one batch of the delivery log's row keys under the current key-encryption key, as `rewrap-data-keys` does for people. */
export const rewrapDeliveries = defineCommand<z.infer<typeof input>, { rewrapped: number }>({
  name: 'rewrap-deliveries',
  resource: 'key',
  access: 'system',
  input,
  isIdempotent: false,
  async run({ tx, deps, note }, { limit }) {
    const [current] = deps.config.secrets.piiKeks;
    if (!current) throw new Error('PII_KEKS names no key');
    const rows = await tx.$queryRaw<Wrapped[]>`
      SELECT id, wrapped_row_key AS "wrappedKey", kek_kid AS "kekKid" FROM notifications.delivery
       WHERE kek_kid <> ${current.kid} AND wrapped_row_key IS NOT NULL
       ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
    const fresh = rows.flatMap(({ id, wrappedKey, kekKid }) => {
      const changed = deps.keyring.rewrapDataKey(wrappedKey, kekKid);
      return changed ? [{ id, key: changed.wrappedKey }] : [];
    });
    const rewrapped = await tx.$executeRaw`
      UPDATE notifications.delivery AS d SET wrapped_row_key = n.key, kek_kid = ${current.kid}
        FROM unnest(${fresh.map(({ id }) => id)}::uuid[], ${fresh.map(({ key }) => key)}::bytea[]) AS n (id, key) WHERE d.id = n.id`;
    note(`${rewrapped} delivery keys under ${current.kid}`);
    return { rewrapped };
  },
});
