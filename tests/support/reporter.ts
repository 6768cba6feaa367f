import type { Reporter, SerializedError, TestModule, TestRunEndReason } from 'vitest/node';

/** Ends the run with the plain line `N passed, N failed`. A file that could not run and an error outside a test count as failures. */
export default class PlainReporter implements Reporter {
  #line = '';

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[], reason: TestRunEndReason): void {
    let passed = 0;
    let failed = unhandled.length;
    for (const module of modules) {
      const broken = module.errors().length;
      failed += broken;
      // A hook of a block that failed: its tests are skipped, not failed.
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        if (state === 'failed' || (state === 'pending' && broken === 0)) failed += 1;
      }
    }
    if (passed + failed === 0) process.exitCode = 1;
    if (reason === 'interrupted') process.exitCode = 130;
    this.#line = `${passed} passed, ${failed} failed`;
    // Written at the very end: coverage tables and the other reporter's summary come after this event.
    process.once('exit', () => process.stdout.write(`${this.#line}\n`));
  }
}
