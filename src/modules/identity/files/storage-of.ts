import { join } from 'node:path';
import type { Config } from '../../../foundation/config/config.ts';
import type { FileStorage } from './file-storage.ts';
import { createLocalStorage } from './local-storage.ts';
import { createS3Storage } from './s3-storage.ts';

const storages = new WeakMap<Config['files'], FileStorage>();

/** The store that the configuration names; one for the process. */
export function storageOf({ files, dataDir }: Pick<Config, 'files' | 'dataDir'>): FileStorage {
  const known = storages.get(files);
  if (known) return known;
  const made = files.driver === 's3' ? createS3Storage(files.s3) : createLocalStorage(files.directory ?? join(dataDir, 'files'));
  storages.set(files, made);
  return made;
}
