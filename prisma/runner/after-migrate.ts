/** What must exist in the database besides the migrations, such as the queues of pg-boss. Runs as `migrator`, after every migrate. */
export type AfterMigrateStep = {
  /** Shown as progress. */
  name: string;
  /** Safe to repeat. */
  run(migratorUrl: string): Promise<void>;
};

/** The list, in order. */
export const afterMigrateSteps: readonly AfterMigrateStep[] = [];
