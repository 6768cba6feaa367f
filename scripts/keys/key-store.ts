import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PlainFailure } from '../plain-failure.ts';
import { type KeyListName, keyLists } from './key-list.ts';

/** Where a list of keys stands: in the environment, which only its owner can change, or in the data folder of demo and lab. */
export type KeyStore = {
  read(name: KeyListName): string;
  /** Keeps the new list; says on one line what is left for a person to do. */
  write(name: KeyListName, value: string): string;
};

const fileForm = z.record(z.string(), z.string());

export function openKeyStore(env: Record<string, string | undefined>, dataDir: string): KeyStore {
  const path = join(dataDir, 'secrets.json');
  const kept = () => (existsSync(path) ? fileForm.parse(JSON.parse(readFileSync(path, 'utf8'))) : {});
  return {
    read(name) {
      const variable = keyLists[name];
      const value = env[variable] || kept()[variable];
      if (!value) throw new PlainFailure(`${variable} is neither in the environment nor in ${path}.`);
      return value;
    },
    write(name, value) {
      const variable = keyLists[name];
      if (env[variable]) return `Put this into the secret store and restart every process:\n${variable}='${value}'`;
      // Written aside and renamed: a crash half way must not lose the keys of existing data.
      const draft = `${path}.${process.pid}`;
      writeFileSync(draft, `${JSON.stringify({ ...kept(), [variable]: value }, null, 2)}\n`, { mode: 0o600 });
      chmodSync(draft, 0o600);
      renameSync(draft, path);
      return `Kept in ${path}; restart every process.`;
    },
  };
}
