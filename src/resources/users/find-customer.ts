import type { FilterDefinition, ResourceActor, Where } from '../../admin/index.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { readContact } from '../../modules/identity/index.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const memberId = /^FASTAR\d{1,10}$/i;
const phoneLike = /^\+?[\d\s().-]{7,20}$/;
const shortestName = 3;

/**
 * Whole emails and numbers only, looked up by their blind index: the clear value is neither stored nor compared. A number may
 * be typed as people say it, 0803… included.
 * @throws AppError invalid_filter
 */
export function contactFilter(kind: 'email' | 'phone', label: string): FilterDefinition {
  return { type: 'text', label, operators: ['equals'], isPersonal: true, where: (text, _operator, deps) => whereContact(deps, kind, text) };
}

function whereContact(deps: CommandDeps, kind: 'email' | 'phone', text: string): Where {
  const found = contactWhere(deps, kind, text);
  if (!found) throw new AppError('invalid_filter', { extra: { filter: kind } });
  return found;
}

function contactWhere(deps: CommandDeps, kind: 'email' | 'phone', text: string): Where | null {
  try {
    const { bidx } = readContact(deps, { [kind]: text.trim() });
    return kind === 'email' ? { emailBidx: { equals: bidx } } : { phoneBidx: { equals: bidx } };
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** Free text of the list and of references: member id, UUID, whole email, whole number, or at least three letters of a name. */
export function searchCustomers(text: string, { deps }: ResourceActor): Where | null {
  const typed = text.trim();
  if (uuid.test(typed)) return { id: { equals: typed } };
  if (memberId.test(typed)) return { memberId: { equals: typed.toUpperCase() } };
  if (typed.includes('@')) return contactWhere(deps, 'email', typed);
  if (phoneLike.test(typed)) return contactWhere(deps, 'phone', typed);
  if (typed.length < shortestName) return null;
  return { displayName: { contains: typed.replaceAll(/[\\%_]/g, '\\$&'), mode: 'insensitive' } };
}
