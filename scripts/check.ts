import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { runScript } from './plain-failure.ts';
import { projectRoot, runNode, runProgram } from './run-program.ts';

type Step = { name: string; run(): Promise<{ code: number; output: string }> };

const bin = (name: string) => join(projectRoot, 'node_modules/.bin', name);

const steps: readonly Step[] = [
  { name: 'lock file', run: () => runNode(['scripts/fix-lock.ts', '--check']) },
  { name: 'generate', run: () => runNode(['prisma/runner/generate.ts']) },
  { name: 'format and lint', run: () => runProgram(bin('biome'), ['ci', '--colors=off', '--error-on-warnings', '.']) },
  { name: 'types', run: () => runProgram(bin('tsc'), ['-p', '.']) },
  { name: 'boundaries', run: () => runNode(['scripts/check-boundaries.ts']) },
  { name: 'dead code', run: () => runProgram(bin('knip'), []) },
  { name: 'migrations lint', run: () => runNode(['scripts/lint-migrations.ts']) },
  { name: 'drift', run: () => runNode(['scripts/check-drift.ts']) },
  { name: 'back-office files', run: () => runNode(['scripts/build-admin.ts']) },
];

/**
 * `npm run check`: every habit of this project, then the tests. All steps run even when one fails; what failed is shown at
 * once. Ends with `N passed, N failed`, where N are the tests plus the steps before them, and exit code 1 if anything failed.
 */
async function check(): Promise<void> {
  let passedSteps = 0;
  for (const { name, run } of steps) {
    const began = performance.now();
    const { code, output } = await run();
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'}  ${name}  ${seconds} s\n`);
    if (code === 0) passedSteps += 1;
    else process.stdout.write(`${output.trim()}\n`);
  }
  const tests = await runTests();
  const failed = steps.length - passedSteps + tests.failed;
  process.exitCode = failed === 0 && tests.code === 0 ? 0 : 1;
  process.stdout.write(`${passedSteps + tests.passed} passed, ${failed} failed\n`);
}

type Tests = { code: number; passed: number; failed: number };

/** Runs `npm test` as a person would, showing it as it goes, and reads its closing line. A run without one counts as a failure. */
function runTests(): Promise<Tests> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['test'], { cwd: projectRoot, stdio: ['ignore', 'pipe', 'inherit'] });
    let tail = '';
    child.stdout.on('data', (part: Buffer) => {
      process.stdout.write(part);
      tail = (tail + part.toString('utf8')).slice(-2_000);
    });
    child.once('error', reject);
    child.once('close', (status) => {
      const code = status ?? 1;
      const line = /(\d+) passed, (\d+) failed\s*$/.exec(tail);
      const failed = Number(line?.[2] ?? 1);
      resolve({ code, passed: Number(line?.[1] ?? 0), failed: code === 0 ? failed : Math.max(failed, 1) });
    });
  });
}

await runScript(check);
