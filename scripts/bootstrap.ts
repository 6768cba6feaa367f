import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { createApp } from '../src/app.ts';
import { runCommand } from '../src/foundation/command/run-command.ts';
import { AppError } from '../src/foundation/errors/app-error.ts';
import { runInContext, systemContext } from '../src/foundation/runtime/request-context.ts';
import { systemCommands } from '../src/modules/identity/index.ts';
import { operatorConfig } from './operator-config.ts';
import { PlainFailure, runScript } from './plain-failure.ts';

const usage =
  'Usage: npm run bootstrap -- --email ada@example.com --first-name Ada --last-name Obi   (the password is asked for, or read from standard input)';

/** `npm run bootstrap`: makes the first super admin of an installation, on the server, with the settings of the service. */
async function bootstrap(): Promise<void> {
  const person = readPerson();
  const app = await createApp({ config: operatorConfig() });
  try {
    const password = await askPassword();
    await runInContext(systemContext('operator', 'cli'), () =>
      runCommand(app.deps, systemCommands.createFirstAdmin, { input: { ...person, password } }),
    );
    process.stdout.write(
      `${person.email} is the first super admin. Sign in at ${app.deps.config.publicUrl}/admin; the first sign-in sets up the second factor.\n`,
    );
  } catch (error) {
    throw error instanceof AppError ? new PlainFailure(explain(error)) : error;
  } finally {
    await app.stop();
  }
}

function readPerson(): { email: string; firstName: string; lastName: string } {
  const { email, 'first-name': firstName, 'last-name': lastName } = readOptions();
  if (!email || !firstName || !lastName) throw new PlainFailure(usage);
  return { email, firstName, lastName };
}

function readOptions() {
  try {
    const text = { type: 'string' } as const;
    return parseArgs({ options: { email: text, 'first-name': text, 'last-name': text } }).values;
  } catch (error) {
    throw new PlainFailure(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

/** Asked twice and not shown at a terminal; one line of a pipe otherwise. Never an argument: others can read those. */
async function askPassword(): Promise<string> {
  const { stdin, stderr } = process;
  const silent = new Writable({ write: (_part, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: silent, terminal: Boolean(stdin.isTTY) });
  try {
    if (!stdin.isTTY) {
      for await (const line of lines) return line;
      throw new PlainFailure(`No password came on standard input.\n${usage}`);
    }
    stderr.write('Password (at least 15 characters): ');
    const first = await lines.question('');
    stderr.write('\nOnce more: ');
    const second = await lines.question('');
    stderr.write('\n');
    if (first !== second) throw new PlainFailure('The two passwords differ: nothing was changed.');
    return first;
  } finally {
    lines.close();
  }
}

function explain(error: AppError): string {
  if (error.code === 'already_exists') {
    return 'Refused: there is a super admin already, or the address belongs to somebody. Further super admins are granted by two people in the back office.';
  }
  const fields = (error.details.errors ?? []).map(({ path, code }) => `${path}: ${code}`);
  return `Refused (${[error.code, ...fields].join(', ')}): nothing was changed.`;
}

await runScript(bootstrap);
process.exit();
