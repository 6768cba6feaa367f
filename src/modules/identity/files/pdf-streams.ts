import { constants, inflateSync } from 'node:zlib';
import { namesIn } from './pdf-names.ts';

/** What stands in front of the word `stream` (`from` until `at`), where its bytes begin, and whether it says that they are objects. */
export type PdfStream = { from: number; at: number; body: number; dictionary: string; isPacked: boolean };

/** Far more than a dictionary in front of a stream takes. */
const dictionaryBytes = 4096;
/** Objects take less; pictures are cut off here. */
const mostTried = 2 * 1024 * 1024;

/** Every place that a reader could take for the beginning of a stream; null for more than `most`. */
export function streamsOf(text: string, most: number): PdfStream[] | null {
  const streams: PdfStream[] = [];
  // Readers skip to the end of the line.
  for (const match of text.matchAll(/(?<!end)stream[^\r\n]{0,80}(?:\r\n|\r|\n)/g)) {
    if (streams.length >= most) return null;
    const at = match.index;
    const window = Math.max(0, at - dictionaryBytes);
    const before = text.slice(window, at);
    const from = before.lastIndexOf('obj') + (before.includes('obj') ? 3 : 0);
    const dictionary = before.slice(from);
    const isPacked = [...namesIn(dictionary)].some(({ name }) => name === 'ObjStm' || name === 'First');
    streams.push({ from: window + from, at, body: at + match[0].length, dictionary, isPacked });
  }
  return streams;
}

/** The objects in clear; where nothing is said of a filter, what can be unpacked all the same. Null for what cannot be looked into. */
export function unpackObjects(bytes: Buffer, stream: PdfStream, most: number): string | null {
  const { body, dictionary } = stream;
  const hasFilter = [...namesIn(dictionary)].some(({ name }) => name === 'Filter');
  if (!hasFilter) return tryUnpack(bytes, stream).text;
  if (!/\/Filter\s*(?:\/FlateDecode\b|\[\s*\/FlateDecode\s*\])/.test(dictionary)) return null;
  return inflate(bytes.subarray(body), most);
}

/** What a stream unfolds to where it is packed in the usual way, and how much work that was. */
export function tryUnpack(bytes: Buffer, { body }: Pick<PdfStream, 'body'>): { text: string; length: number } {
  const packed = bytes.subarray(body);
  if (!isZlib(packed)) return { text: '', length: 0 };
  const text = inflate(packed, mostTried);
  return { text: text ?? '', length: text?.length ?? mostTried };
}

/** A header of zlib: deflate, with its check bits. */
function isZlib(packed: Buffer): boolean {
  const [method = 0, flags = 0] = packed;
  return (method & 0x0f) === 8 && (method * 256 + flags) % 31 === 0;
}

function inflate(packed: Buffer, most: number): string | null {
  try {
    // A few bytes may stand between the data and `endstream`; what follows is not read.
    return inflateSync(packed, { maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1');
  } catch {
    return null;
  }
}
