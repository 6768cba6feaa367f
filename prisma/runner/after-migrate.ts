/** What must exist in the database besides the migrations, such as the queues of pg-boss. The application names its own in src/app.ts. */
export type AfterMigrateStep = {
  /** Shown as progress. */
  name: string;
  /** Runs as the login `migrator`, after every migrate; must be safe to repeat. */
  run(migratorUrl: string): Promise<void>;
};
