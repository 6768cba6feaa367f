import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { runNode } from '../../scripts/run-program.ts';
import { adminAction } from '../comparisons/admin-action.ts';
import { startUp } from '../comparisons/start-up.ts';
import { type Ground, prepareGround } from '../ground.ts';
import { measureBrowser } from './browser.ts';
import { type Finding, findingOf, tableOf } from './finding.ts';
import { measureHistory } from './history.ts';
import { measureService } from './service.ts';

const manyPeople = 1_000_000;
const fewPeople = 10_000;

type Part = { name: string; isLong?: boolean; run(ground: Ground): Promise<Finding[]> };

/** The parts of the table. With --quick the databases stay small: the figures of lists are then those of 10,000 users. */
const partsOf = (isQuick: boolean): readonly Part[] => [
  { name: 'browser', run: measureBrowser },
  { name: 'service', run: (ground) => measureService(ground, isQuick ? fewPeople : manyPeople) },
  {
    name: 'action',
    run: async (ground) =>
      (await adminAction.run(ground)).map((result) => findingOf(result, 'audited action against a plain AdminJS edit')),
  },
  {
    name: 'process',
    async run(ground) {
      const [time, memory] = await startUp.run(ground);
      if (!time || !memory) throw new Error('The start of the process was not measured');
      return [
        findingOf(time, 'start to ready, against bare Express and plain AdminJS'),
        findingOf(memory, 'resident memory beyond bare Express and plain AdminJS', ' MB'),
      ];
    },
  },
  { name: 'history', isLong: true, run: () => measureHistory() },
];

/**
 * `npm run budgets [-- --quick] [-- --only browser,service]`: every budget of back-office.md section 11 with what was measured. Exit
 * code 1 when one is missed or could not be measured. Times are medians of at least nine rounds in turn.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean' }, only: { type: 'string' } } });
  const wanted = values.only?.split(',');
  const parts = partsOf(values.quick === true).filter(({ name, isLong }) => wanted?.includes(name) ?? !(values.quick && isLong));
  const built = await runNode(['scripts/build-admin.ts', '--best']);
  if (built.code !== 0) throw new Error(`The back office could not be built.\n${built.output}`);
  const ground = await prepareGround();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void ground.stop().finally(() => process.exit(130)));
  const findings: Finding[] = [];
  try {
    for (const part of parts) {
      const began = performance.now();
      findings.push(...(await measured(part, ground)));
      process.stdout.write(`${part.name}: ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
    }
  } finally {
    await ground.stop();
  }
  const missed = findings.filter(({ isMet }) => !isMet).length;
  process.stdout.write(
    `\nload ${loadavg()
      .map((value) => value.toFixed(2))
      .join(' ')}\n\n${tableOf(findings)}\n\n${findings.length - missed} met, ${missed} missed.\n`,
  );
  process.exit(missed > 0 ? 1 : 0);
}

/** What cannot be measured is a miss, and does not keep the rest from being measured. */
async function measured(part: Part, ground: Ground): Promise<Finding[]> {
  try {
    return await part.run(ground);
  } catch (error) {
    process.stderr.write(`${part.name} could not be measured: ${error instanceof Error ? error.stack : String(error)}\n`);
    return [
      { what: part.name, measured: 'failed', budget: '', isMet: false, note: error instanceof Error ? error.message.slice(0, 120) : '' },
    ];
  }
}

await main();
