import sharp from 'sharp';
import type { Picture, PictureSize, PictureSource } from '../../admin/index.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { type FilePurpose, privateFileFacts, readPrivateFile } from '../../modules/identity/index.ts';

/** What is handed in to be shown to everybody; a proof of identity is none of it, whatever its bytes are. */
const forTheShop: ReadonlySet<FilePurpose> = new Set(['product', 'logo', 'cover']);
const smallPixels = 320;

/** Pictures of products and stores as whoever reviews them sees them, also before they are in the shop. */
export const shopPictures: PictureSource = {
  noun: 'product',
  permission: 'product.show',
  async open(deps, fileId, size) {
    const facts = (await privateFileFacts(deps.database.prisma, [fileId])).get(fileId);
    if (!facts || facts.isDeleted || !forTheShop.has(facts.purpose) || !facts.mime.startsWith('image/')) return null;
    try {
      const { mime, bytes } = await readPrivateFile(deps, fileId);
      return await inSize({ type: mime, bytes }, size);
    } catch (error) {
      // The row outlived its bytes, as after an erasure.
      if (error instanceof AppError && error.status === 404) return null;
      throw error;
    }
  },
};

async function inSize(whole: Picture, size: PictureSize): Promise<Picture> {
  if (size === 'whole') return whole;
  const bytes = await sharp(whole.bytes)
    .rotate()
    .resize(smallPixels, smallPixels, { fit: 'inside', withoutEnlargement: true })
    .webp()
    .toBuffer();
  return { type: 'image/webp', bytes };
}
