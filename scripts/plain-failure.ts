/** A failure whose message is all that a person needs: one line that says what to do. Shown without a stack, exit code 1. */
export class PlainFailure extends Error {}

/** Runs a script's work; ends the process with code 1 and one clear line for a PlainFailure, with the stack for anything else. */
export async function runScript(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    process.exitCode = 1;
  }
}

function describe(error: unknown): string {
  if (error instanceof PlainFailure) return error.message;
  if (systemCode(error) === 'ECONNREFUSED')
    return 'The database does not answer. Start it (npm start brings its own), or name another by DATABASE_URL.';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The `code` of a system error such as EACCES or EADDRINUSE; undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
