import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../../foundation/errors/app-error.ts';
import { type FileStorage, storagePath } from './file-storage.ts';

/** Files on a disk, readable by this process's user only. For one host, or for a folder that every host mounts. */
export function createLocalStorage(directory: string): FileStorage {
  const pathOf = (key: string) => join(directory, storagePath(key));
  return {
    write: (key, bytes) => guarded(() => writeWhole(pathOf(key), bytes)),
    read: (key) => guarded(() => readOrNull(pathOf(key))),
    remove: (key) => guarded(() => removeBoth(pathOf(key))),
  };
}

const partOf = (path: string) => `${path}.part`;

/** Under another name until the last byte is on the disk: a file is whole or not there. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const part = partOf(path);
  try {
    const file = await open(part, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function readOrNull(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function removeBoth(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(partOf(path), { force: true });
}

async function guarded<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw new AppError('unavailable', { cause });
  }
}
