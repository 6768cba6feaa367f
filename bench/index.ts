import { parseArgs } from 'node:util';
import { lineOf, type Result } from './compare.ts';
import { adminAction } from './comparisons/admin-action.ts';
import { auditSeal } from './comparisons/audit-seal.ts';
import { auditVerify, auditVerifyMillion } from './comparisons/audit-verify.ts';
import { auditedWrite } from './comparisons/audited-write.ts';
import { betterAuth } from './comparisons/better-auth.ts';
import { catalogRead } from './comparisons/catalog-read.ts';
import { enrich } from './comparisons/enrich.ts';
import { guessStorm } from './comparisons/guess-storm.ts';
import { otpVerify } from './comparisons/otp-verify.ts';
import { refresh } from './comparisons/refresh.ts';
import { requestLog } from './comparisons/request-log.ts';
import { sealLag } from './comparisons/seal-lag.ts';
import { signInCpu } from './comparisons/sign-in-cpu.ts';
import { startUp } from './comparisons/start-up.ts';
import { storm } from './comparisons/storm.ts';
import { tokenCheck } from './comparisons/token-check.ts';
import { prepareGround } from './ground.ts';
import { writeReport } from './report.ts';
import type { Suite } from './suite.ts';

const suites: readonly Suite[] = [
  tokenCheck,
  catalogRead,
  signInCpu,
  storm,
  guessStorm,
  refresh,
  otpVerify,
  auditedWrite,
  auditSeal,
  auditVerify,
  adminAction,
  enrich,
  startUp,
  requestLog,
  betterAuth,
];

/** Minutes each: only when named. */
const longSuites: readonly Suite[] = [auditVerifyMillion, sealLag];

/** `npm run bench [-- --only name,name]`: prints each ratio as it is known and the whole table at the end. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const wanted = values.only?.split(',') ?? suites.map((suite) => suite.name);
  const unknown = wanted.filter((name) => ![...suites, ...longSuites].some((suite) => suite.name === name));
  if (unknown.length > 0)
    throw new Error(
      `No such comparison: ${unknown.join(', ')}. There are: ${[...suites, ...longSuites].map(({ name }) => name).join(', ')}.`,
    );
  const ground = await prepareGround();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void ground.stop().finally(() => process.exit(130)));
  const results: Result[] = [];
  const failed: string[] = [];
  try {
    for (const suite of [...suites, ...longSuites].filter(({ name }) => wanted.includes(name))) {
      const began = performance.now();
      try {
        const found = await suite.run(ground);
        results.push(...found);
        console.log(`${suite.name} (${((performance.now() - began) / 1000).toFixed(0)} s)`);
        for (const result of found) console.log(`  ${lineOf(result)}`);
      } catch (error) {
        failed.push(suite.name);
        console.error(`${suite.name} could not be measured: ${error instanceof Error ? error.stack : String(error)}`);
      }
    }
  } finally {
    await ground.stop();
  }
  writeReport(results, ground.serverVersion);
  // A missed bar is a finding, not a failure of the program; a comparison that did not run is.
  process.exit(failed.length > 0 ? 1 : 0);
}

await main();
