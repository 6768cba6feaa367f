import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { type ArchiveLine, archiveFileName, leafLine, type PartitionSealBody } from '../proof/archive-format.ts';
import { leafKinds } from '../proof/leaf.ts';
import { type MonthRow, type MonthSpan, monthRows } from './archive-rows.ts';
import { type DataKeysOf, sealContent } from './seal-content.ts';

type Source = { span: MonthSpan; range: { first: string; last: string }; dataKeysOf: DataKeysOf };

/**
 * Writes the archive of a month into AUDIT_ARCHIVE_DIR, checking every row against its leaf on the way, and returns what its seal
 * says. The file appears under its name only when it is whole and on disk. Repeating it writes it anew.
 * @throws AlteredHistoryError
 */
export async function writeArchive(deps: CommandDeps, source: Source): Promise<PartitionSealBody> {
  const folder = deps.config.auditArchiveDir;
  await mkdir(folder, { recursive: true });
  const file = archiveFileName(source.span.month);
  const unfinished = join(folder, `${file}.part`);
  const counted = { events: 0, actions: 0, values: 0, snapshots: 0, leaves: createHash('sha256') };
  const digest = createHash('sha256');
  let bytes = 0;
  const measured = new Transform({
    transform(part: Buffer, _encoding, done) {
      digest.update(part);
      bytes += part.length;
      done(null, part);
    },
  });
  try {
    await pipeline(
      Readable.from(archiveText(deps, source, counted)),
      createZstdCompress(),
      measured,
      createWriteStream(unfinished, { mode: 0o600 }),
    );
    await syncToDisk(unfinished);
    await rename(unfinished, join(folder, file));
    await syncToDisk(folder);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return {
    v: '1',
    month: source.span.month,
    file,
    sha256: digest.digest('hex'),
    bytes: String(bytes),
    events: String(counted.events),
    actions: String(counted.actions),
    values: String(counted.values),
    snapshots: String(counted.snapshots),
    firstSeq: source.range.first,
    lastSeq: source.range.last,
    leaves: counted.leaves.digest('hex'),
  };
}

type Counted = { events: number; actions: number; values: number; snapshots: number; leaves: ReturnType<typeof createHash> };

const rowsPerLookUp = 500;

async function* archiveText(deps: CommandDeps, { span, range, dataKeysOf }: Source, counted: Counted): AsyncGenerator<string> {
  yield line({ k: 'archive', v: 1, month: span.month, origin: deps.config.auditOrigin });
  let waiting: MonthRow[] = [];
  for await (const row of monthRows(deps, span, range)) {
    waiting.push(row);
    if (waiting.length < rowsPerLookUp) continue;
    yield await rowLines(deps, dataKeysOf, { rows: waiting, counted });
    waiting = [];
  }
  yield await rowLines(deps, dataKeysOf, { rows: waiting, counted });
  const { leaves, ...counts } = counted;
  yield line({ k: 'end', ...counts, leaves: leaves.copy().digest('hex') });
}

async function rowLines(
  deps: CommandDeps,
  dataKeysOf: DataKeysOf,
  { rows, counted }: { rows: readonly MonthRow[]; counted: Counted },
): Promise<string> {
  const keys = await dataKeysOf(deps, [...new Set(rows.flatMap((row) => row.people))]);
  return rows.map((row) => line(archivedRow(deps, row, { keys, counted }))).join('');
}

function archivedRow(
  { keyring }: CommandDeps,
  row: MonthRow,
  { keys, counted }: { keys: ReadonlyMap<string, Buffer | null>; counted: Counted },
): ArchiveLine {
  const { leaf, people, seq, hash } = row;
  const sealed = (part: 'value' | 'snapshot') => {
    const content = row[part];
    return content && sealContent(keyring, content, { place: { part, rowId: leaf.id }, people, keys });
  };
  const [value, snapshot] = [sealed('value'), sealed('snapshot')];
  counted[leaf.k === 'event' ? 'events' : 'actions'] += 1;
  counted.values += value ? 1 : 0;
  counted.snapshots += snapshot ? 1 : 0;
  counted.leaves.update(leafLine({ seq, rowId: leaf.id, at: leaf.at, kind: leafKinds[leaf.k], leaf: hash }));
  return { k: 'row', seq, hash: hash.toString('hex'), leaf, value, snapshot };
}

function line(content: ArchiveLine): string {
  return `${JSON.stringify(content)}\n`;
}

async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
