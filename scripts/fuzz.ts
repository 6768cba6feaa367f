import { parseArgs } from 'node:util';
import { openGround } from './attack/ground.ts';
import { openTarget } from './attack/target.ts';
import { readDocument } from './fuzz/document.ts';
import { play } from './fuzz/play.ts';
import { PlainFailure, runScript } from './plain-failure.ts';
import { createProgress } from './progress.ts';

const usage = `npm run fuzz -- --url http://127.0.0.1:PORT [options]
  --per-operation N         mutated requests to each operation (default 500)
  --seed N                  the same requests again (default: the time)
  --seconds N               stop after N seconds (default 600)
  --client ID, --forwarding-secret TEXT   as for npm run attack
Sends mutated requests to every operation of openapi.json; a 5xx or an answer other than documented is a fault, and exit 1.`;

/** `npm run fuzz`: the long form of tests/api/fuzz.test.ts, against a deployment on this machine. */
async function main(): Promise<void> {
  const flags = readFlags();
  if (!flags.url) throw new PlainFailure(usage);
  const { client: clientId = 'storefront-bff', 'forwarding-secret': forwardingSecret = 'dev-forwarding-secret' } = flags;
  const target = openTarget(flags.url);
  const ground = openGround(target, { clientId, forwardingSecret });
  const document = readDocument((await target.ask('GET', '/openapi.json')).text);
  const seed = Number(flags.seed ?? Date.now() % 1_000_000_000);
  const end = performance.now() + Number(flags.seconds ?? 600) * 1000;
  const progress = createProgress('requests');
  const { sent, faults, statuses } = await play({
    document,
    seed,
    perOperation: Number(flags['per-operation'] ?? 500),
    ask: (method, path, ask) => {
      const { Authorization, ...headers } = { ...ask.headers };
      const accessToken = typeof Authorization === 'string' ? Authorization.slice('Bearer '.length) : undefined;
      return ground.shop(method, path, { ...ask, headers, ...(accessToken === undefined ? {} : { accessToken }) });
    },
    newToken: async () => (await ground.newPerson()).accessToken,
    isOver: () => performance.now() > end,
    onProgress: progress.update,
  });
  progress.end();
  for (const { operation, fault, request } of faults) process.stdout.write(`${operation}\n  ${fault}\n  ${request}\n`);
  process.stdout.write(`${sent} requests, seed ${seed}, answers ${JSON.stringify(statuses)}, ${faults.length} faults\n`);
  if (faults.length > 0) process.exitCode = 1;
}

function readFlags() {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ options: { url: text, 'per-operation': text, seed: text, seconds: text, client: text, 'forwarding-secret': text } })
      .values;
  } catch (error) {
    throw new PlainFailure(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

await runScript(main);
