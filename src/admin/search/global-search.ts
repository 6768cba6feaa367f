import { grantFor } from '../../foundation/access/evaluate.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';
import type { RegisteredResource, Registry } from '../registry.ts';

export type FoundItem = { id: string; title: string; detail: string | null };
export type FoundGroup = { resource: string; title: string; icon: string; items: readonly FoundItem[]; hasMore: boolean };
export type SearchAnswer = {
  groups: readonly FoundGroup[];
  /** Kinds that could not be searched this time, by their title. */
  failed: readonly string[];
};

const shownPerKind = 5;
export const shortestSearch = 2;

/**
 * Searches every kind that takes part and that the person may search and open, each with its own `search` and `scope` in SQL, side by
 * side. A kind that fails is named and does not hold back the others; when all fail the first failure is thrown.
 */
export async function searchEverything(
  registry: Registry,
  deps: CommandDeps,
  asked: { staff: StaffActor; text: string },
): Promise<SearchAnswer> {
  const { staff, text } = asked;
  const now = deps.clock.now();
  const kinds = [...registry.resources.values()].filter(
    ({ definition, reader }) =>
      definition.globalSearch !== undefined &&
      grantFor(staff, definition.permissions.search, { now }) !== null &&
      reader.isReadableBy(staff),
  );
  const results = await Promise.allSettled(kinds.map((kind) => searchKind(kind, asked)));
  const groups: FoundGroup[] = [];
  const failed: string[] = [];
  let failure: unknown = null;
  for (const [index, result] of results.entries()) {
    if (result.status === 'fulfilled') groups.push(result.value);
    else {
      failed.push(kinds[index]?.definition.title ?? '');
      failure ??= result.reason;
      deps.log.warn({ event: 'search.kind_failed', resource: kinds[index]?.definition.id, length: text.length, error: result.reason });
    }
  }
  if (failed.length > 0 && groups.length === 0) throw failure;
  return { groups: groups.filter(({ items }) => items.length > 0), failed };
}

async function searchKind(
  { definition, reader }: RegisteredResource,
  { staff, text }: { staff: StaffActor; text: string },
): Promise<FoundGroup> {
  const rows = await reader.searchRows(text, staff, shownPerKind + 1);
  return {
    resource: definition.id,
    title: definition.title,
    icon: definition.icon,
    items: rows.slice(0, shownPerKind).map((row) => ({ ...reader.titleOf(row), detail: definition.globalSearch?.detail(row) || null })),
    hasMore: rows.length > shownPerKind,
  };
}
