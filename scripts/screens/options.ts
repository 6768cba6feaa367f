import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PlainFailure } from '../plain-failure.ts';

export type ScreensOptions = {
  /** Grades to be; all when empty. */
  roles: readonly string[];
  /** Parts of screen names; all when empty. */
  screens: readonly string[];
  widths: readonly number[];
  isCompact: boolean;
  isPseudo: boolean;
  /** Looks at the copy of PUBLIC_URL (or PORT) and DATA_DIR, instead of starting one. */
  isRunning: boolean;
  folder: string;
};

const allWidths = [360, 390, 768, 1024, 1280, 1920];
const usualWidths = [1280, 390];

/** What `npm run screens -- ...` was asked for. Throws PlainFailure for an option that does not exist. */
export function readOptions(args: readonly string[]): ScreensOptions {
  const { values } = parse(args);
  const list = (given: readonly string[] | undefined) => (given ?? []).flatMap((text) => text.split(',')).filter(Boolean);
  return {
    roles: list(values.role),
    screens: list(values.screen),
    widths: values.widths ? allWidths : usualWidths,
    isCompact: values.compact === true,
    isPseudo: values.pseudo === true,
    isRunning: values.running === true,
    folder: resolve(values.out ?? 'screens'),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        role: { type: 'string', multiple: true },
        screen: { type: 'string', multiple: true },
        widths: { type: 'boolean' },
        compact: { type: 'boolean' },
        pseudo: { type: 'boolean' },
        running: { type: 'boolean' },
        out: { type: 'string' },
      },
    });
  } catch (error) {
    const usage =
      'npm run screens -- [--role support,auditor] [--screen user] [--widths] [--compact] [--pseudo] [--running] [--out folder]';
    throw new PlainFailure(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}
