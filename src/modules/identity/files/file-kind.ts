/** What people may hand in. SVG is none of it: it is a program. */
export const fileMimes = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'] as const;
export type FileMime = (typeof fileMimes)[number];
export type ImageMime = Exclude<FileMime, 'application/pdf'>;

export const imageMimes = ['image/jpeg', 'image/png', 'image/webp'] as const satisfies readonly ImageMime[];

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const jpeg = Buffer.from([0xff, 0xd8, 0xff]);

/** By the first bytes alone, never by a name or by what the sender says; null for everything else, an empty file included. */
export function mimeOf(bytes: Buffer): FileMime | null {
  if (bytes.subarray(0, png.length).equals(png)) return 'image/png';
  if (bytes.subarray(0, jpeg.length).equals(jpeg)) return 'image/jpeg';
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return 'image/webp';
  return bytes.toString('latin1', 0, 5) === '%PDF-' ? 'application/pdf' : null;
}
