import { type AnyCommand, type CommandScope, type Envelope, isRefusal } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import type { CommandParts } from '../command-handlers.ts';

/** Carries the result of a rehearsal out of its transaction, which rolls back. */
class Rehearsed extends Error {
  readonly result: unknown;
  readonly effects: readonly string[];

  constructor(result: unknown, effects: readonly string[]) {
    super('Rolled back: it was a rehearsal');
    this.name = 'Rehearsed';
    this.result = result;
    this.effects = effects;
  }
}

/**
 * What a command would do to one record: loaded, authorised and really run, in a transaction that is rolled back; no event, no
 * action row, no mail leaves it. A command with a `prepare`, which may count or send, is only previewed.
 * @throws AppError what the command would be refused with
 */
export async function rehearse(
  parts: CommandParts,
  command: AnyCommand,
  envelope: Envelope,
): Promise<{ isUnchanged: boolean; effects: readonly string[] }> {
  const trial: AnyCommand = {
    ...command,
    async preview(scope: CommandScope, input: unknown, loaded: unknown): Promise<readonly string[]> {
      const effects = (await command.preview?.(scope, input, loaded)) ?? [];
      if (command.prepare) return effects;
      const result: unknown = await command.run(scope, input, loaded, undefined);
      throw new Rehearsed(result, effects);
    },
  };
  try {
    return { isUnchanged: false, effects: await parts.previewCommand(parts.deps, trial, envelope) };
  } catch (thrown) {
    if (!(thrown instanceof Rehearsed)) throw thrown;
    const { result, effects } = thrown;
    if (isRefusal(result)) throw new AppError(result.refused, result.details);
    return { isUnchanged: isUnchanged(result), effects };
  }
}

/** Commands that find everything as it is to be say so in their output. */
export function isUnchanged(output: unknown): boolean {
  return typeof output === 'object' && output !== null && 'isUnchanged' in output && output.isUnchanged === true;
}
