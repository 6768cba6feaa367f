import { fail, validationError } from '../../../foundation/errors/app-error.ts';
import { namesIn } from './pdf-names.ts';
import { type PdfStream, streamsOf, tryUnpack, unpackObjects } from './pdf-streams.ts';

/** Names that start something, carry a file, or hide what they carry. */
const unsafeNames: ReadonlySet<string> = new Set([
  ...['JavaScript', 'Launch', 'EmbeddedFile', 'EmbeddedFiles', 'RichMedia', 'XFA', 'SubmitForm', 'ImportData', 'GoToE', 'Encrypt'],
]);
/** Ways to pack objects that are not looked into, as readers know them. */
const hidingFilters: ReadonlySet<string> = new Set([
  ...['LZWDecode', 'ASCIIHexDecode', 'ASCII85Decode', 'RunLengthDecode', 'Crypt', 'LZW', 'AHx', 'A85'],
]);
/** Too short to stand alone: in five megabytes of packed pictures they occur by chance. Only as the key of a script. */
const scriptKey = /\/(?:J|#4[aA])(?:S|#53)[\s\0]*(?:\(|<|\d+\s+\d+\s+R)/;
/** Names so short occur by chance in what a picture unfolds to. */
const shortestCertain = 6;

const mostStreams = 10_000;
const mostUnpacked = 32 * 1024 * 1024;

/**
 * A PDF that shows pages and does nothing else: it begins with its header, ends with its end mark, and holds no script, no file, no
 * form that sends anything and no encryption; also not in names spelled with #xx, in packed object streams, or in streams that do not
 * say that they hold objects.
 * @throws AppError 415 `file_type_not_allowed` for a file without its end, 422 `file_unsafe` for the rest
 */
export function checkPdf(bytes: Buffer): void {
  const text = bytes.toString('latin1');
  const end = text.lastIndexOf('%%EOF');
  if (end === -1) fail('file_type_not_allowed');
  // What lies behind the end is for somebody else than a reader of PDFs.
  if (!/^[\s\0]*$/.test(text.slice(end + 5))) refuse();
  const { packedAt, hasPackedObjects } = look(text);
  const streams = streamsOf(text, mostStreams) ?? refuse();
  const packed = streams.filter(({ isPacked }) => isPacked);
  // Objects whose dictionary is written so that its stream is not recognised are hidden on purpose.
  for (const at of packedAt) if (!packed.some((stream) => stream.from <= at && at < stream.at)) refuse();
  requireHarmlessObjects(bytes, packed);
  const rest = streams.filter(({ isPacked }) => !isPacked);
  requireHarmlessRest(bytes, rest, hasPackedObjects);
}

function refuse(): never {
  throw validationError([{ path: 'file', code: 'file_unsafe' }]);
}

/** What stands in the file unpacked. `packedAt`: where it says that objects are packed. */
function look(text: string): { packedAt: number[]; hasPackedObjects: boolean } {
  if (scriptKey.test(text)) refuse();
  const packedAt: number[] = [];
  let hasTable = false;
  let isHiding = false;
  for (const { name, at } of namesIn(text)) {
    if (unsafeNames.has(name)) refuse();
    if (name === 'ObjStm' && packedAt.push(at) > mostStreams) refuse();
    hasTable ||= name === 'XRef';
    isHiding ||= hidingFilters.has(name);
  }
  const hasPackedObjects = hasTable || packedAt.length > 0;
  if (hasPackedObjects && isHiding) refuse();
  return { packedAt, hasPackedObjects };
}

function requireHarmlessObjects(bytes: Buffer, packed: readonly PdfStream[]): void {
  let unpacked = 0;
  for (const stream of packed) {
    const inner = unpackObjects(bytes, stream, mostUnpacked) ?? refuse();
    unpacked += inner.length;
    if (unpacked > mostUnpacked) refuse();
    look(inner);
  }
}

/** Readers find objects in streams that do not say so. Beyond the budget a file of pictures is let be, one with packed objects is not. */
function requireHarmlessRest(bytes: Buffer, streams: readonly PdfStream[], hasPackedObjects: boolean): void {
  let unpacked = 0;
  for (const stream of streams) {
    const { text, length } = tryUnpack(bytes, stream);
    unpacked += length;
    for (const { name } of namesIn(text)) if (name.length >= shortestCertain && unsafeNames.has(name)) refuse();
    if (unpacked <= 2 * mostUnpacked) continue;
    if (hasPackedObjects) refuse();
    return;
  }
}
