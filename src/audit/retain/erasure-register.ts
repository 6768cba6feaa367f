import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';

const entry = z.strictObject({ v: z.literal(1), subject: z.uuid(), at: z.iso.datetime() });

/** `erasures.ndjson` beside the archives: ids and times, nothing else. */
export const registerPath = (deps: Pick<CommandDeps, 'config'>): string => join(deps.config.auditArchiveDir, 'erasures.ndjson');

/**
 * Notes outside the database that a person was erased. A backup of an earlier day knows nothing of it and holds the data key: after
 * a restore, `npm run erasures:reapply` erases everybody who is listed here again. On disk when this resolves; listed once.
 */
export async function registerErasure(deps: CommandDeps, erased: { subjectId: string; at: Date }): Promise<void> {
  if ((await registeredErasures(deps)).includes(erased.subjectId)) return;
  await mkdir(deps.config.auditArchiveDir, { recursive: true });
  const file = await open(registerPath(deps), 'a', 0o600);
  try {
    await file.write(`${JSON.stringify({ v: 1, subject: erased.subjectId, at: erased.at.toISOString() })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Ids of everybody who is listed, in the order of erasing. A line that was cut off by a crash is left out. */
export async function registeredErasures(deps: Pick<CommandDeps, 'config'>): Promise<readonly string[]> {
  const text = await readFile(registerPath(deps), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const subjects = text.split('\n').flatMap((line) => {
    const parsed = entry.safeParse(parseLine(line));
    return parsed.success ? [parsed.data.subject] : [];
  });
  return [...new Set(subjects)];
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
