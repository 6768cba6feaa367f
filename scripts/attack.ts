import { parseArgs } from 'node:util';
import { accessFamily } from './attack/access.ts';
import { browserFamily } from './attack/browser.ts';
import type { Family } from './attack/case.ts';
import { clientFamily } from './attack/clients.ts';
import { codeFamily } from './attack/codes.ts';
import { enumerationFamily } from './attack/enumeration.ts';
import { openGround } from './attack/ground.ts';
import { inputFamily } from './attack/input.ts';
import { limitFamily } from './attack/limits.ts';
import { recoveryFamily } from './attack/recovery.ts';
import { reportOf, runFamilies } from './attack/report.ts';
import { sessionFamily } from './attack/sessions.ts';
import { openTarget } from './attack/target.ts';
import { tokenFamily } from './attack/tokens.ts';
import { PlainFailure, runScript } from './plain-failure.ts';

const usage = `npm run attack -- --url http://127.0.0.1:PORT [options]
  --only WORD               families whose name holds WORD
  --seconds N               stop beginning cases after N seconds (default 300)
  --client ID               confidential client that the attack speaks for (default storefront-bff)
  --forwarding-secret TEXT  its forwarding secret (default the one of demo and lab)
Attacks a deployment on this machine, whose dev inbox gives it codes (npm start, npm run start:lab). Exit 1 when one gets through.`;

const families: readonly Family[] = [
  tokenFamily,
  codeFamily,
  sessionFamily,
  enumerationFamily,
  browserFamily,
  inputFamily,
  accessFamily,
  recoveryFamily,
  clientFamily,
  limitFamily,
];

/** `npm run attack`: black-box cases against a local deployment, then a table of the ASVS clauses they cover. */
async function main(): Promise<void> {
  const {
    url,
    only = '',
    seconds = '300',
    client = 'storefront-bff',
    'forwarding-secret': forwardingSecret = 'dev-forwarding-secret',
  } = readFlags();
  if (!url) throw new PlainFailure(usage);
  const target = openTarget(url);
  await target.ask('GET', '/health/live').catch(() => {
    throw new PlainFailure(`Nobody answers at ${url}.`);
  });
  const ground = openGround(target, { clientId: client, forwardingSecret });
  const began = performance.now();
  const end = began + Number(seconds) * 1000;
  const chosen = families.filter(({ name }) => name.includes(only));
  const results = await runFamilies(chosen, ground, {
    isOver: () => performance.now() > end,
    onCase: (name) => void (process.stderr.isTTY && process.stderr.write(`\r${name.slice(0, 100)}\x1b[K`)),
  });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  process.stdout.write(`${reportOf(results)}; ${target.asked()} requests in ${Math.round((performance.now() - began) / 1000)} s\n`);
  if (results.some(({ outcome }) => outcome === 'BREACHED' || outcome === 'no time')) process.exitCode = 1;
}

function readFlags() {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ options: { url: text, only: text, seconds: text, client: text, 'forwarding-secret': text } }).values;
  } catch (error) {
    throw new PlainFailure(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

await runScript(main);
