import { AppError } from '../../foundation/errors/app-error.ts';

/**
 * Text fields of a small multipart body (RFC 7578) that is in memory already. A part with a file name is refused: the back
 * office takes no files here, and nothing may reach the disk (H20).
 * @throws AppError bad_request, unsupported_media_type
 */
export function parseMultipart(bytes: Buffer, contentType: string): readonly (readonly [string, string])[] {
  const boundary = /boundary="?([^";]{1,70})"?/i.exec(contentType)?.[1];
  if (!boundary) throw new AppError('bad_request');
  const text = bytes.toString('latin1');
  const parts = text.split(`--${boundary}`);
  if (parts.length < 2 || !parts.pop()?.startsWith('--')) throw new AppError('bad_request');
  return parts.slice(1).map(parsePart);
}

function parsePart(part: string): readonly [string, string] {
  const split = part.indexOf('\r\n\r\n');
  if (!part.startsWith('\r\n') || !part.endsWith('\r\n') || split === -1) throw new AppError('bad_request');
  const disposition = part
    .slice(2, split)
    .split('\r\n')
    .find((line) => /^content-disposition:/i.test(line));
  if (!disposition) throw new AppError('bad_request');
  const name = /;\s*name="([^"]{1,200})"/i.exec(disposition)?.[1];
  if (name === undefined) throw new AppError('bad_request');
  if (/;\s*filename/i.test(disposition)) throw new AppError('unsupported_media_type');
  const value = part.slice(split + 4, -2);
  return [Buffer.from(name, 'latin1').toString('utf8'), Buffer.from(value, 'latin1').toString('utf8')];
}
