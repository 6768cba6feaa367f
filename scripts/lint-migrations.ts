import { globSync } from 'node:fs';
import { join } from 'node:path';
import { PlainFailure, runScript } from './plain-failure.ts';
import { projectRoot, runProgram } from './run-program.ts';

/** Migrations up to this stamp build an empty database: nobody waits for their locks. Later ones meet live tables. */
const lastOnEmptyDatabase = '20261121999999';

/** Not asked of any migration, each for its reason. */
const unwantedRules = [
  // The runner records each file and runs it as one transaction; it never runs twice.
  'prefer-robust-stmts',
  // A length limit of the specification belongs to the column.
  'prefer-text-field',
  'ban-char-field',
  // Counters, versions and ranks that cannot reach two thousand million.
  'prefer-bigint-over-int',
  'prefer-bigint-over-smallint',
];

/** Rules about locks on tables that are in use. */
const lockRules = [
  'require-concurrent-index-creation',
  'constraint-missing-not-valid',
  'adding-foreign-key-constraint',
  'adding-required-field',
  'require-lock-timeout',
  'require-statement-timeout',
];

/** The findings of squawk in these SQL files, as it prints them; null when there are none. */
export async function lintMigrations(files: readonly string[]): Promise<string | null> {
  const isEarly = (path: string) => (path.split('/').at(-2) ?? '') <= lastOnEmptyDatabase;
  const runs = [
    { paths: files.filter(isEarly), excluded: [...unwantedRules, ...lockRules] },
    { paths: files.filter((path) => !isEarly(path)), excluded: unwantedRules },
  ];
  const findings: string[] = [];
  for (const { paths, excluded } of runs.filter((run) => run.paths.length > 0)) {
    const flags = ['--pg-version=18', '--reporter=gcc', `--exclude=${excluded.join(',')}`];
    const { code, output } = await runProgram(join(projectRoot, 'node_modules/.bin/squawk'), [...flags, ...paths]);
    if (code !== 0) findings.push(output.trim());
  }
  return findings.length === 0 ? null : findings.join('\n');
}

/** `npm run check` runs this on prisma/migrations. */
async function main(): Promise<void> {
  const files = globSync('prisma/migrations/*/migration.sql', { cwd: projectRoot }).sort();
  if (files.length === 0) throw new PlainFailure('No migrations were found: the check is looking in the wrong place.');
  const findings = await lintMigrations(files.map((path) => join(projectRoot, path)));
  if (findings) throw new PlainFailure(findings);
  process.stdout.write(`${files.length} migrations: nothing found\n`);
}

if (import.meta.main) await runScript(main);
