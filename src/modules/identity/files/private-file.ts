import type { PrivateFile } from '@prisma/client';
import type { CommandDeps, CommandScope } from '../../../foundation/command/command.ts';
import { sha256 } from '../../../foundation/crypto/digest.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { dataKeyOf } from '../account.ts';
import { bytesOf } from '../bytes.ts';
import { cleanFile } from './clean-file.ts';
import type { FileMime } from './file-kind.ts';
import { newStorageKey } from './file-storage.ts';
import { storageOf } from './storage-of.ts';

export type FilePurpose = PrivateFile['purpose'];

/** `allow`: the types that this purpose takes. Whoever calls has limited the size while reading. */
export type NewFile = { ownerUserId: string; bytes: Buffer; purpose: FilePurpose; allow: readonly FileMime[] };

/** Of the file as it is kept, which for an image is not the file that came. */
export type StoredFile = { fileId: string; contentType: FileMime; bytes: number; sha256: string };

/** Lies in the store under a name that no row keeps yet. */
export type WrittenFile = { row: Omit<PrivateFile, 'createdAt' | 'updatedAt' | 'version' | 'deletedAt'>; contentType: FileMime };

/** Where the bytes of a file belong: sealed for this file and under its owner's key, they open nowhere else. */
export const fileBox = (fileId: string): string => `private_file:${fileId}`;

/** Longer than any command takes: bytes that no transaction kept by then are nobody's. */
const abandonedSeconds = 3600;

type FileDeps = Pick<CommandDeps, 'config' | 'keyring' | 'database' | 'clock'>;

/**
 * First half of storing a file, outside any transaction: looked through, made anew where it is a picture, sealed under the data key of
 * its owner and written. Before the first byte lies anywhere a row says that it has to go again; keepPrivateFile() takes that back.
 * What is refused leaves neither bytes nor rows.
 * @throws AppError 404 `not_found` for somebody who is erased, 415, 422 and 503 of cleanFile(), 503 `unavailable`
 */
export async function writePrivateFile(deps: FileDeps, { ownerUserId, bytes, purpose, allow }: NewFile): Promise<WrittenFile> {
  const { prisma } = deps.database;
  const key = await prisma.userKey.findUnique({ where: { userId: ownerUserId } });
  const dataKey = (key && dataKeyOf(deps.keyring, key)) ?? fail('not_found');
  const clean = await cleanFile(bytes, allow);
  const id = newId();
  const storageKey = newStorageKey();
  const now = deps.clock.now();
  await prisma.fileRemoval.createMany({ data: { storageKey, dueAt: addSeconds(now, abandonedSeconds) } });
  await storageOf(deps.config).write(storageKey, deps.keyring.encryptBytes(dataKey, fileBox(id), clean.bytes));
  const row = { id, ownerUserId, storageKey, sha256: bytesOf(sha256(clean.bytes)), mime: clean.mime, bytes: clean.bytes.length, purpose };
  return { row: { ...row, scannedAt: now }, contentType: clean.mime };
}

/** Second half, in the transaction of the command that the file is for. @throws AppError 503 `unavailable` where that took an hour */
export async function keepPrivateFile(scope: CommandScope, { row, contentType }: WrittenFile): Promise<StoredFile> {
  const { count } = await scope.tx.fileRemoval.deleteMany({ where: { storageKey: row.storageKey } });
  if (count === 0) fail('unavailable');
  await scope.tx.privateFile.createMany({ data: { ...row, createdAt: scope.now } });
  scope.touched(row.id);
  return { fileId: row.id, contentType, bytes: row.bytes, sha256: Buffer.from(row.sha256).toString('hex') };
}

/** In clear, for whoever has been allowed to see it; `bytes` are those that were kept. */
export type OpenedFile = { fileId: string; ownerUserId: string; mime: FileMime; bytes: Buffer };

/**
 * The file in clear. Whoever calls has asked who may, and recorded it.
 * @throws AppError 404 `not_found` once it is deleted or its owner erased; 503 `unavailable` where the store does not give it
 */
export async function readPrivateFile(deps: FileDeps, fileId: string): Promise<OpenedFile> {
  const { prisma } = deps.database;
  const row = (await prisma.privateFile.findFirst({ where: { id: fileId, deletedAt: null } })) ?? fail('not_found');
  const key = await prisma.userKey.findUnique({ where: { userId: row.ownerUserId } });
  const dataKey = (key && dataKeyOf(deps.keyring, key)) ?? fail('not_found');
  const box = (await storageOf(deps.config).read(row.storageKey)) ?? fail('unavailable');
  const bytes = deps.keyring.decryptBytes(dataKey, fileBox(fileId), box);
  return { fileId, ownerUserId: row.ownerUserId, mime: requireMime(row.mime), bytes };
}

function requireMime(mime: string): FileMime {
  switch (mime) {
    case 'image/jpeg':
    case 'image/png':
    case 'image/webp':
    case 'application/pdf':
      return mime;
    default:
      return fail('not_found');
  }
}
