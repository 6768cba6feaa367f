import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../scripts/run-program.ts';
import { lineOf, type Result } from './compare.ts';

const resultsFile = join(projectRoot, 'bench/results.json');
const manifest = z.object({ dependencies: z.record(z.string(), z.string()) });
const named = ['adminjs', '@adminjs/prisma', '@prisma/client', 'express', 'pg', 'bcrypt', 'piscina'];

/** Prints the table and keeps it, with what it was measured on, in bench/results.json. */
export function writeReport(results: readonly Result[], postgres: string): void {
  const { dependencies } = manifest.parse(JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')));
  const machine = {
    cpus: availableParallelism(),
    model: cpus()[0]?.model ?? 'unknown',
    memoryMb: Math.round(totalmem() / 1_048_576),
    // Others on the machine show here: the bench itself keeps it near 2.
    load: loadavg().map((value) => Number(value.toFixed(2))),
  };
  const versions = { node: process.version, postgres, ...Object.fromEntries(named.map((name) => [name, dependencies[name]])) };
  const at = new Date().toISOString();
  writeFileSync(resultsFile, `${JSON.stringify({ at, machine, versions, results }, null, 2)}\n`);
  console.log(`\nNode ${versions.node}, PostgreSQL ${postgres}, ${machine.cpus} CPUs (${machine.model}), load ${machine.load.join(' ')}`);
  console.log('ratio: median (min-max) of the rounds, bar, then both sides in their unit\n');
  for (const result of results) console.log(lineOf(result));
  const missed = results.filter((result) => !result.isMet);
  console.log(`\n${results.length - missed.length} met, ${missed.length} missed. Kept in bench/results.json.`);
}
