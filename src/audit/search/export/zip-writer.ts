import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { crc32, createDeflateRaw } from 'node:zlib';

/**
 * A .zip of a few files (PKWARE APPNOTE 6.3.10, without its 64-bit part), piece by piece: what opens by itself on every desk, and
 * needs no package. Sizes follow each file, since they are not known before. Throws RangeError for what would need 64 bits.
 */
export async function* zipOf(paths: readonly string[], at: Date): AsyncGenerator<Buffer> {
  const stamp = dosTime(at);
  const entries: Entry[] = [];
  let offset = 0;
  for (const path of paths) {
    const { size } = await stat(path);
    if (offset + size > maxBytes) throw new RangeError('an archive of 4 GB or more needs another format');
    const entry: Entry = { name: Buffer.from(basename(path)), offset, crc: 0, packed: 0, size: 0 };
    const head = localHeader(entry, stamp);
    yield head;
    offset += head.length;
    for await (const chunk of packed(path, entry)) {
      yield chunk;
      offset += chunk.length;
    }
    const tail = descriptor(entry);
    yield tail;
    offset += tail.length;
    entries.push(entry);
  }
  const directory = Buffer.concat(entries.map((entry) => directoryEntry(entry, stamp)));
  yield Buffer.concat([directory, directoryEnd(entries.length, directory.length, offset)]);
}

type Entry = { name: Buffer; offset: number; crc: number; packed: number; size: number };

const maxBytes = 0xffff_ffff;
const version = 20;
/** Sizes come after the data; names are UTF-8. */
const flags = 0x0808;
const deflate = 8;

async function* packed(path: string, entry: Entry): AsyncGenerator<Buffer> {
  const packer = createDeflateRaw({ level: 6 });
  const feeding = feed(path, packer, entry);
  feeding.catch((error: Error) => packer.destroy(error));
  for await (const chunk of packer) {
    const bytes: Buffer = chunk;
    entry.packed += bytes.length;
    yield bytes;
  }
  await feeding;
}

async function feed(path: string, packer: ReturnType<typeof createDeflateRaw>, entry: Entry): Promise<void> {
  for await (const chunk of createReadStream(path)) {
    const bytes: Buffer = chunk;
    entry.crc = crc32(bytes, entry.crc);
    entry.size += bytes.length;
    if (!packer.write(bytes)) await once(packer, 'drain');
  }
  packer.end();
}

function localHeader({ name }: Entry, stamp: number): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x0403_4b50, 0);
  head.writeUInt16LE(version, 4);
  head.writeUInt16LE(flags, 6);
  head.writeUInt16LE(deflate, 8);
  head.writeUInt32LE(stamp, 10);
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, name]);
}

function descriptor({ crc, packed: packedSize, size }: Entry): Buffer {
  const tail = Buffer.alloc(16);
  tail.writeUInt32LE(0x0807_4b50, 0);
  tail.writeUInt32LE(crc, 4);
  tail.writeUInt32LE(packedSize, 8);
  tail.writeUInt32LE(size, 12);
  return tail;
}

function directoryEntry({ name, offset, crc, packed: packedSize, size }: Entry, stamp: number): Buffer {
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x0201_4b50, 0);
  head.writeUInt16LE(version, 4);
  head.writeUInt16LE(version, 6);
  head.writeUInt16LE(flags, 8);
  head.writeUInt16LE(deflate, 10);
  head.writeUInt32LE(stamp, 12);
  head.writeUInt32LE(crc, 16);
  head.writeUInt32LE(packedSize, 20);
  head.writeUInt32LE(size, 24);
  head.writeUInt16LE(name.length, 28);
  head.writeUInt32LE(offset, 42);
  return Buffer.concat([head, name]);
}

function directoryEnd(count: number, bytes: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(bytes, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

/** Time in the low half, date in the high one, two seconds apart, in UTC. */
function dosTime(at: Date): number {
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  return date * 0x1_0000 + time;
}
