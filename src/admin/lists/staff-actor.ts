import type { CommandScope } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';

/** The member of staff behind a command of the frame. @throws AppError 403 `forbidden` for anyone else */
export function requireStaff({ actor }: Pick<CommandScope, 'actor'>): StaffActor {
  return actor.kind === 'staff' ? actor : fail('forbidden', { extra: { rule: 'not_staff' } });
}
