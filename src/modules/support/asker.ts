import type { CommandScope } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { actorIdOf } from '../../foundation/runtime/actor.ts';

/** Who asks or decides, and in which words. @throws AppError 403 `forbidden` for a caller that is nobody */
export function askerOf({ actor, reason }: Pick<CommandScope, 'actor' | 'reason'>): { by: string; words: string | null } {
  return { by: actorIdOf(actor) ?? fail('forbidden'), words: reason?.text?.trim() || null };
}
