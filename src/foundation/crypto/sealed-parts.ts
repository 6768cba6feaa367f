import { createHash } from 'node:crypto';
import type { Bytes } from './digest.ts';
import { openBox, sealBox } from './sealed-box.ts';

const partBytes = 1024 * 1024;

/** Where the pieces of a file lie: each opens under this key and in its own place only. */
export type PartPlace = { dataKey: Uint8Array; contextOf: (position: number) => string };

/** Seals a file in pieces of a megabyte, handing each to `put` as it is done. Returns its SHA-256 and size. */
export async function sealParts(
  file: AsyncIterable<Buffer>,
  place: PartPlace,
  put: (position: number, box: Bytes) => Promise<void>,
): Promise<{ sha256: Bytes; bytes: number }> {
  const digest = createHash('sha256');
  let waiting: Buffer[] = [];
  let size = 0;
  let bytes = 0;
  let position = 0;
  const flush = async () => {
    if (size === 0) return;
    await put(position, sealBox(place.dataKey, place.contextOf(position), Buffer.concat(waiting)));
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

/** The file again, piece by piece, until `read` has no more. Throws BrokenBoxError for a piece that was altered or moved. */
export async function* openParts(
  place: PartPlace,
  read: (position: number) => Promise<Uint8Array | null>,
): AsyncGenerator<Buffer, void, undefined> {
  for (let position = 0; ; position += 1) {
    const box = await read(position);
    if (!box) return;
    yield Buffer.from(openBox(place.dataKey, place.contextOf(position), box));
  }
}
