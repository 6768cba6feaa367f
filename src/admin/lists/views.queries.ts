import { isActive } from '../../foundation/access/grades.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';
import { parseListQuery } from '../query/parse-list-query.ts';
import type { RegisteredResource } from '../registry.ts';
import { columnNames, listOf, paramsOf, usableView, type ViewQuery } from './view-query.ts';

/** A view in the bar above its list, as this person may use it. */
type ViewEntry = {
  id: string;
  resource: string;
  name: string;
  isOwn: boolean;
  /** The role it is shared with. */
  sharedRole: string | null;
  query: ViewQuery;
  /** Labels of what it holds and this person may not use. */
  dropped: readonly string[];
  /** Rows it shows, "999+" from a thousand on; null where counting took too long. */
  countText: string | null;
};

type ListArrangement = { columns: readonly string[]; defaultViewId: string | null };

/** The where of views that others share with a role of this person. */
export function sharedWith(staff: StaffActor, now: Date): { isShared: true; sharedRole: { in: string[] } } {
  return { isShared: true, sharedRole: { in: staff.grants.filter((grant) => isActive(grant, now)).map((grant) => grant.role) } };
}

/** The views of one list: own ones in their order, then those shared with one's role by name. */
export async function viewsOf(deps: CommandDeps, staff: StaffActor, resourceId: string): Promise<readonly ViewEntry[]> {
  const resource = listOf(deps, staff, resourceId);
  const rows = await readViews(deps, staff, { resource: resourceId });
  return Promise.all(rows.map((row) => entryOf(deps, staff, { row, resource })));
}

/** All views a person owns, list by list, without counts. */
export async function ownViews(
  deps: CommandDeps,
  staff: StaffActor,
): Promise<readonly Omit<ViewEntry, 'query' | 'countText' | 'dropped'>[]> {
  const rows = await readViews(deps, staff, {});
  return rows
    .filter((row) => row.ownerUserId === staff.id)
    .map(({ id, resource, name, sharedRole }) => ({ id, resource, name, sharedRole, isOwn: true }));
}

/** How this person arranged a list; columns they may not see any more are left out. */
export async function arrangementOf(deps: CommandDeps, staff: StaffActor, resourceId: string): Promise<ListArrangement> {
  const known = columnNames(deps, staff, listOf(deps, staff, resourceId));
  const kept = await deps.database.prisma.listPreference.findUnique({
    where: { userId_resource: { userId: staff.id, resource: resourceId } },
  });
  return { columns: kept?.columns.filter((name) => known.includes(name)) ?? [], defaultViewId: kept?.defaultViewId ?? null };
}

type ViewRow = { id: string; ownerUserId: string; resource: string; name: string; query: unknown; sharedRole: string | null };

async function readViews(deps: CommandDeps, staff: StaffActor, where: { resource?: string }): Promise<readonly ViewRow[]> {
  const rows = await deps.database.prisma.savedView.findMany({
    where: { ...where, OR: [{ ownerUserId: staff.id }, sharedWith(staff, deps.clock.now())] },
    select: { id: true, ownerUserId: true, resource: true, name: true, query: true, sharedRole: true },
    orderBy: [{ resource: 'asc' }, { position: 'asc' }, { name: 'asc' }],
    take: 200,
  });
  const isOwn = (row: ViewRow) => row.ownerUserId === staff.id;
  return [...rows.filter(isOwn), ...rows.filter((row) => !isOwn(row)).sort((a, b) => a.name.localeCompare(b.name))];
}

async function entryOf(
  deps: CommandDeps,
  staff: StaffActor,
  { row, resource }: { row: ViewRow; resource: RegisteredResource },
): Promise<ViewEntry> {
  const { query, dropped } = usableView(deps, staff, { resource, stored: row.query });
  const { id, name, sharedRole } = row;
  const countText = await countOf(deps, staff, { resource, query });
  return { id, resource: row.resource, name, sharedRole, isOwn: row.ownerUserId === staff.id, query, dropped, countText };
}

const countCeiling = 1_000;
const keepCountMs = 30_000;
const maxCounts = 1_000;

type Counts = Map<string, { text: string | null; until: number }>;
const countsOf = new WeakMap<CommandDeps, Counts>();

/** Counted at most every 30 seconds for one person and query: a bar of views must not cost a count per click. */
async function countOf(
  deps: CommandDeps,
  staff: StaffActor,
  { resource, query }: { resource: RegisteredResource; query: ViewQuery },
): Promise<string | null> {
  const counts = countsOf.get(deps) ?? new Map();
  countsOf.set(deps, counts);
  const rights = staff.grants.map((grant) => `${grant.role}${grant.isLead ? '+' : ''}`).join();
  const key = [staff.id, rights, resource.definition.id, JSON.stringify(query.filters)].join('|');
  const now = deps.clock.now().getTime();
  const known = counts.get(key);
  if (known && known.until > now) return known.text;
  const text = await count(deps, staff, { resource, query });
  counts.delete(key);
  counts.set(key, { text, until: now + keepCountMs });
  const oldest = counts.size > maxCounts ? counts.keys().next().value : undefined;
  if (oldest !== undefined) counts.delete(oldest);
  return text;
}

async function count(
  deps: CommandDeps,
  staff: StaffActor,
  { resource, query }: { resource: RegisteredResource; query: ViewQuery },
): Promise<string | null> {
  const { definition, reader } = resource;
  try {
    const rows = await reader.countRows(
      parseListQuery(paramsOf(query), { definition, filters: reader.filters, deps, staff }),
      staff,
      countCeiling,
    );
    return rows >= countCeiling ? `${countCeiling - 1}+` : String(rows);
  } catch (error) {
    if (error instanceof AppError && error.code === 'query_too_broad') return null;
    throw error;
  }
}
