import type { FilterDefinition, ResourceActor, Where } from '../../admin/index.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { readContact } from '../../modules/identity/index.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A whole email, looked up by its blind index. @throws AppError invalid_filter */
export function contactFilter(label: string): FilterDefinition {
  return {
    type: 'text',
    label,
    operators: ['equals'],
    isPersonal: true,
    where(text, _operator, deps) {
      const found = emailWhere(deps, text);
      if (!found) throw new AppError('invalid_filter', { extra: { filter: 'email' } });
      return found;
    },
  };
}

function emailWhere(deps: CommandDeps, text: string): Where | null {
  try {
    return { emailBidx: { equals: readContact(deps, { email: text.trim() }).bidx } };
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** An id, a whole email, or the beginning of a name; staff are few. */
export function searchStaff(text: string, { deps }: ResourceActor): Where | null {
  const typed = text.trim();
  if (uuid.test(typed)) return { id: { equals: typed } };
  if (typed.includes('@')) return emailWhere(deps, typed);
  if (typed.length < 2) return null;
  return { displayName: { startsWith: typed.replaceAll(/[\\%_]/g, '\\$&'), mode: 'insensitive' } };
}
