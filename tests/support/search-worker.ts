import { enrichAll, indexAll } from '../../src/audit/index.ts';
import type { CommandDeps } from '../../src/foundation/command/command.ts';
import type { TestApp } from './app.ts';
import { sealEverything } from './seal.ts';
import { workerDeps } from './worker-deps.ts';

export type SearchWorker = {
  deps: CommandDeps;
  /** Seals, describes and indexes everything that is committed by now, as the worker does. */
  settle(): Promise<void>;
  stop(): Promise<void>;
};

/** The part of the worker that search lives on, over the database of a test's application. */
export function searchWorker(app: TestApp): SearchWorker {
  const deps = workerDeps(app.deps.config, { clock: app.clock, logs: [], url: app.database.workerUrl });
  return {
    deps,
    async settle() {
      await sealEverything(app);
      await enrichAll(deps);
      await indexAll(deps);
    },
    async stop() {
      await deps.hasher.close();
      await deps.database.close();
    },
  };
}
