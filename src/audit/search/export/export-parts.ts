import type { CommandDeps } from '../../../foundation/command/command.ts';
import { openParts, type PartPlace, sealParts } from '../../../foundation/crypto/sealed-parts.ts';

/** Where the parts of an export belong; they open nowhere else. */
const placeOf = (exportId: string, dataKey: Uint8Array): PartPlace => ({
  dataKey,
  contextOf: (position) => `audit.export:${exportId}:${position}`,
});

/** Stores a file in sealed pieces under the export's own key. Returns its SHA-256 and size. */
export function storeParts(
  deps: CommandDeps,
  order: { id: string; dataKey: Uint8Array },
  file: AsyncIterable<Buffer>,
): Promise<{ sha256: Buffer; bytes: number }> {
  return sealParts(file, placeOf(order.id, order.dataKey), async (position, box) => {
    await deps.database.pool.query('SELECT audit.put_export_part($1, $2, $3)', [order.id, position, box]);
  });
}

/** The file of an export that was just fetched, piece by piece; the pieces and their key are destroyed when the last one was given. */
export async function* readParts(deps: CommandDeps, exportId: string): AsyncGenerator<Buffer> {
  const { pool } = deps.database;
  const { rows } = await pool.query<{ wrapped_key: Buffer | null; kek_kid: string | null }>(
    'SELECT e.wrapped_key, e.kek_kid FROM audit.export AS e WHERE e.id = $1',
    [exportId],
  );
  const [key] = rows;
  if (!key?.wrapped_key || !key.kek_kid) throw new Error('The file of the export is gone');
  const dataKey = deps.keyring.unwrapDataKey(key.wrapped_key, key.kek_kid);
  yield* openParts(placeOf(exportId, dataKey), async (position) => {
    const part = await pool.query<{ box: Buffer | null }>('SELECT audit.read_export_part($1, $2) AS box', [exportId, position]);
    return part.rows[0]?.box ?? null;
  });
  await pool.query('SELECT audit.close_export($1)', [exportId]);
}
