import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createZstdDecompress } from 'node:zlib';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { type ArchivedRow, archiveFileName, archiveLine } from '../proof/archive-format.ts';
import { type DataKeysOf, openContent } from './seal-content.ts';

/** A row of an archive with what of its contents still opens: null where it was erased, or one of its people is. */
export type OpenedRow = { seq: number; leaf: ArchivedRow['leaf']; value: string | null; snapshot: string | null };

/** Which rows: of one record, about one person, or all. */
export type ArchiveFilter = { record?: { table: string; id: string } | undefined; subjectId?: string | undefined };

/**
 * The rows of an archived month, in the order of their leaves. Whether the file is the one that was sealed is verify's to say. The
 * caller has recorded the read.
 */
export async function* readArchive(
  deps: CommandDeps,
  dataKeysOf: DataKeysOf,
  { month, filter }: { month: string; filter: ArchiveFilter },
): AsyncGenerator<OpenedRow> {
  const file = createReadStream(join(deps.config.auditArchiveDir, archiveFileName(month)));
  const packed = createZstdDecompress();
  // Without this, a file that is missing would end the process instead of this call.
  file.on('error', (error) => packed.destroy(error));
  for await (const line of createInterface({ input: file.pipe(packed), crlfDelay: Number.POSITIVE_INFINITY })) {
    const row = archiveLine.parse(JSON.parse(line));
    if (row.k === 'row' && isWanted(row, filter)) yield await opened(deps, dataKeysOf, row);
  }
}

function isWanted({ leaf, value, snapshot }: ArchivedRow, { record, subjectId }: ArchiveFilter): boolean {
  if (record && !(leaf['tbl'] === record.table && leaf['rec'] === record.id)) return false;
  if (!subjectId) return true;
  const people = [value, snapshot].flatMap((content) => (content && 'people' in content ? content.people : []));
  return leaf['subject'] === subjectId || leaf['actor'] === subjectId || people.includes(subjectId);
}

async function opened(deps: CommandDeps, dataKeysOf: DataKeysOf, { seq, leaf, value, snapshot }: ArchivedRow): Promise<OpenedRow> {
  const people = [value, snapshot].flatMap((content) => (content && 'people' in content ? content.people : []));
  const keys = await dataKeysOf(deps, people);
  const bodyOf = (part: 'value' | 'snapshot') =>
    openContent(deps.keyring, { value, snapshot }[part], { place: { part, rowId: leaf.id }, keys })?.body ?? null;
  return { seq, leaf, value: bodyOf('value'), snapshot: bodyOf('snapshot') };
}
