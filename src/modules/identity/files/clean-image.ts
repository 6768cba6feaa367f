import sharp, { type Sharp } from 'sharp';
import { createBoundedQueue } from '../../../foundation/crypto/bounded-queue.ts';
import { AppError, fail, validationError } from '../../../foundation/errors/app-error.ts';
import type { ImageMime } from './file-kind.ts';

/** More than any phone takes in five megabytes; a picture of it fits in memory. */
const maxPixels = 50_000_000;
/** Longest side of what is kept; enough to read the small print of a document. */
const longestSide = 4096;
const seconds = 10;

const formats: Readonly<Record<ImageMime, 'jpeg' | 'png' | 'webp'>> = { 'image/jpeg': 'jpeg', 'image/png': 'png', 'image/webp': 'webp' };

/** Decoding is the only work here that costs memory: two at a time, and a line that is refused rather than endless. */
const decoders = createBoundedQueue({ concurrency: 2, queue: 32, waitMs: 10_000 });

/** Pixels of one person's document do not stay in memory for the next. */
sharp.cache(false);
sharp.concurrency(1);

/**
 * The same picture without anything else: metadata, colour profile, thumbnails, further frames and bytes behind the end are gone, the
 * orientation is applied, and the longest side is at most 4096 pixels. Its size is read from the header before a pixel is unpacked.
 * @throws AppError 415 `file_type_not_allowed` for what does not decode, 422 `file_unsafe` for too many pixels, 503 `overloaded`
 */
export function cleanImage(bytes: Buffer, mime: ImageMime): Promise<Buffer> {
  return decoders.run(async () => {
    await checkHeader(bytes, mime);
    const image = sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error', pages: 1 })
      .timeout({ seconds })
      .autoOrient()
      .resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb');
    try {
      return await encode(image, mime).toBuffer();
    } catch (cause) {
      throw refusalOf(cause);
    }
  });
}

async function checkHeader(bytes: Buffer, mime: ImageMime): Promise<void> {
  const header = await sharp(bytes, { limitInputPixels: false, failOn: 'error' })
    .metadata()
    .catch((cause: unknown) => {
      throw refusalOf(cause);
    });
  const { width, height, format } = header;
  if (format !== formats[mime]) fail('file_type_not_allowed');
  if (width * height > maxPixels) throw validationError([{ path: 'file', code: 'file_unsafe' }]);
}

function encode(image: Sharp, mime: ImageMime): Sharp {
  if (mime === 'image/png') return image.png({ compressionLevel: 8 });
  return mime === 'image/webp' ? image.webp({ quality: 88 }) : image.jpeg({ quality: 88 });
}

/** Whatever sharp says of a picture, it is not one that we can use. What takes too long is built to. */
function refusalOf(cause: unknown): AppError {
  const isSlow = cause instanceof Error && /timeout/i.test(cause.message);
  if (isSlow) return new AppError('file_unsafe', { cause, errors: [{ path: 'file', code: 'file_unsafe' }] });
  return new AppError('file_type_not_allowed', { cause });
}
