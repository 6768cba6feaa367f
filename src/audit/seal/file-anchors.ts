import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sizeOfAnchorName } from '../proof/anchor-text.ts';
import { AnchorConflictError } from './anchor-conflict.ts';
import type { AnchorTarget } from './anchor-targets.ts';

/** Anchors as files of a folder, in production one that another host lends. A file is whole or absent, and is never written again. */
export function fileAnchors(folder: string): AnchorTarget {
  return {
    name: 'file',
    async put(name, content) {
      await mkdir(folder, { recursive: true });
      const path = join(folder, name);
      const draft = join(folder, `.${name}.${randomUUID()}`);
      try {
        await writeDurably(draft, content);
        // Unlike a rename, a link refuses a name that is taken.
        await link(draft, path);
        await syncFolder(folder);
      } catch (error) {
        if (!isTaken(error)) throw error;
        if ((await readFile(path, 'utf8')) !== content) throw new AnchorConflictError('file', name);
      } finally {
        await rm(draft, { force: true });
      }
      return name;
    },
    async largest() {
      const sizes = (await namesIn(folder)).map(sizeOfAnchorName).filter((size) => size !== null);
      return sizes.length > 0 ? Math.max(...sizes) : null;
    },
  };
}

async function writeDurably(path: string, content: string): Promise<void> {
  const file = await open(path, 'w', 0o444);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The name itself must survive a power cut too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

const isTaken = (error: unknown) => hasCode(error, 'EEXIST');

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
