import { parseArgs } from 'node:util';
import { openGround, type Person } from './attack/ground.ts';
import { openTarget } from './attack/target.ts';
import { PlainFailure, runScript } from './plain-failure.ts';
import { createProgress } from './progress.ts';
import { comparisonsOf, usesOfOne } from './timing/comparisons.ts';
import { lineOf, measure } from './timing/measure.ts';

const usage = `npm run timing -- --url http://127.0.0.1:PORT [--pairs N] [--client ID] [--forwarding-secret TEXT]
Whether an account exists must not be told by the time an answer takes (auth-api.md P2): N interleaved pairs (default 200), Mann-Whitney U.
Run it on a machine that does nothing else. Exit 1 when a pair differs twice.`;

const atOnce = 8;

/** `npm run timing`: apart from `npm test`, because a shared machine cannot tell five milliseconds. */
async function main(): Promise<void> {
  const {
    url,
    pairs: count = '200',
    client: clientId = 'storefront-bff',
    'forwarding-secret': forwardingSecret = 'dev-forwarding-secret',
  } = readFlags();
  const pairs = Number(count);
  if (!url || !(pairs >= 20)) throw new PlainFailure(usage);
  const ground = openGround(openTarget(url), { clientId, forwardingSecret });
  let differs = false;
  // Failures and messages of each kind have counters of their own, so one set of people serves every comparison once.
  let people = await peopleFor(pairs, ground.newPerson);
  const look = async (about: string, index: number) => {
    if (about !== '') people = await peopleFor(pairs, ground.newPerson);
    const comparison = comparisonsOf(ground, people)[index];
    if (!comparison) return null;
    const measured = await measure(comparison, pairs);
    process.stdout.write(`${lineOf(measured)}${about}\n`);
    return measured;
  };
  for (let index = 0; index < comparisonsOf(ground, []).length; index += 1) {
    const first = await look('', index);
    // Of six tests at p 0.01 one in twenty runs fails by chance alone: what differs must differ again, with other people.
    if (first?.isAlike === false && (await look(' (once more)', index))?.isAlike === false) differs = true;
  }
  if (differs) process.exitCode = 1;
}

async function peopleFor(pairs: number, newPerson: () => Promise<Person>): Promise<Person[]> {
  const progress = createProgress('people');
  const people: Person[] = [];
  const total = Math.ceil((pairs + 5) / usesOfOne);
  const work = async () => {
    for (let left = Math.ceil(total / atOnce); left > 0; left -= 1) {
      people.push(await newPerson());
      progress.update(Math.min(people.length, total), total);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  progress.end();
  return people;
}

function readFlags() {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ options: { url: text, pairs: text, client: text, 'forwarding-secret': text } }).values;
  } catch (error) {
    throw new PlainFailure(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

await runScript(main);
