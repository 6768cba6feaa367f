import { createHash } from 'node:crypto';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { openBox, sealBox } from '../../../foundation/crypto/sealed-box.ts';

const partBytes = 1024 * 1024;

/** Where a part belongs; it opens nowhere else. */
const place = (exportId: string, position: number) => `audit.export:${exportId}:${position}`;

/** Stores a file in sealed pieces under the export's own key. Returns its SHA-256 and size. */
export async function storeParts(
  deps: CommandDeps,
  order: { id: string; dataKey: Uint8Array },
  file: AsyncIterable<Buffer>,
): Promise<{ sha256: Buffer; bytes: number }> {
  const digest = createHash('sha256');
  let waiting: Buffer[] = [];
  let size = 0;
  let bytes = 0;
  let position = 0;
  const flush = async () => {
    if (size === 0) return;
    const box = sealBox(order.dataKey, place(order.id, position), Buffer.concat(waiting));
    await deps.database.pool.query('SELECT audit.put_export_part($1, $2, $3)', [order.id, position, box]);
    position += 1;
    [waiting, size] = [[], 0];
  };
  for await (const chunk of file) {
    digest.update(chunk);
    waiting.push(chunk);
    size += chunk.length;
    bytes += chunk.length;
    if (size >= partBytes) await flush();
  }
  await flush();
  return { sha256: digest.digest(), bytes };
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
  for (let position = 0; ; position += 1) {
    const part = await pool.query<{ box: Buffer | null }>('SELECT audit.read_export_part($1, $2) AS box', [exportId, position]);
    const box = part.rows[0]?.box;
    if (!box) break;
    yield openBox(dataKey, place(exportId, position), box);
  }
  await pool.query('SELECT audit.close_export($1)', [exportId]);
}
