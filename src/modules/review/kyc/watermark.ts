import sharp from 'sharp';
import type { ImageMime } from '../../identity/index.ts';
import { dotsOf, drawableText, glyphAdvance, glyphHeight } from './glyphs.ts';

/** Smaller pictures are enlarged: a mark has to be read. */
const narrowest = 640;
/** An A4 page at 200 dots an inch: its small print can be read. */
const longestSide = 2400;
const angle = -24;
type Ink = readonly [number, number, number, number];
const clear = { r: 0, g: 0, b: 0, alpha: 0 };
const dark: Ink = [0, 0, 0, 110];
const light: Ink = [255, 255, 255, 150];

/** The picture with the lines written across all of it, again and again; they are pixels of it and cannot be switched off. */
export async function watermarked(bytes: Buffer, { mime, lines }: { mime: ImageMime; lines: readonly string[] }): Promise<Buffer> {
  const { width = narrowest } = await sharp(bytes).metadata();
  const enlarged = await sharp(bytes, { failOn: 'error' })
    .resize(width < narrowest ? { width: narrowest } : { width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { info } = enlarged;
  const tile = await tileOf(lines, info);
  const marked = sharp(enlarged.data, { raw: { width: info.width, height: info.height, channels: 4 } }).composite([
    { input: tile, tile: true, blend: 'over' },
  ]);
  if (mime === 'image/png') return marked.png().toBuffer();
  return mime === 'image/webp' ? marked.webp({ quality: 88 }).toBuffer() : marked.flatten().jpeg({ quality: 88 }).toBuffer();
}

/** A slanted block of the lines, no larger than the picture. */
async function tileOf(lines: readonly string[], picture: { width: number; height: number }): Promise<Buffer> {
  const drawn = lines.map(drawableText);
  const letters = Math.max(...drawn.map((line) => line.length));
  const dot = Math.max(2, Math.round(picture.width / (letters * glyphAdvance * 3)));
  const lineHeight = (glyphHeight + 4) * dot;
  const width = letters * glyphAdvance * dot + 8 * dot;
  const height = lineHeight * drawn.length + 10 * dot;
  const block = Buffer.alloc(width * height * 4);
  const fill = (left: number, top: number, ink: Ink) => {
    for (let y = top; y < Math.min(top + dot, height); y += 1) {
      for (let x = left; x < Math.min(left + dot, width); x += 1) block.set(ink, (y * width + x) * 4);
    }
  };
  const shadow = Math.max(1, Math.round(dot / 2));
  for (const [ink, shift] of [
    [dark, shadow],
    [light, 0],
  ] as const) {
    for (const [index, line] of drawn.entries()) {
      for (const { x, y } of dotsOf(line)) fill(4 * dot + x * dot + shift, index * lineHeight + 4 * dot + y * dot + shift, ink);
    }
  }
  const slanted = await sharp(block, { raw: { width, height, channels: 4 } })
    .rotate(angle, { background: clear })
    .png()
    .toBuffer({ resolveWithObject: true });
  const fits = { width: Math.min(slanted.info.width, picture.width), height: Math.min(slanted.info.height, picture.height) };
  return sharp(slanted.data)
    .extract({ left: 0, top: 0, ...fits })
    .png()
    .toBuffer();
}
