import { gradesOf } from '../foundation/access/evaluate.ts';
import type { Grade } from '../foundation/access/roles.ts';
import type { StaffActor } from '../foundation/runtime/actor.ts';
import type { ColumnDefinition, ResourceDefinition, Row } from './define-resource.ts';
import type { Title } from './read-resource.ts';
import type { RegisteredResource, Registry } from './registry.ts';

/** What leaves the server of a row: visible columns, titles of references, and nothing else. */
export type RecordJson = {
  id: string;
  title: string;
  params: Readonly<Record<string, unknown>>;
  /** By column: only id, title and resource, and only of records the actor may read (H4). */
  populated: Readonly<Record<string, Title & { resource: string; params: Title }>>;
  /** The reader sees the line and may not open the record. */
  isClosed?: true;
};

export type Place = 'list' | 'show';

/** Columns of a place that a person may see, in their order. */
export function visibleColumns(
  definition: ResourceDefinition,
  staff: StaffActor,
  asked: { place: Place; now: Date },
): readonly [string, ColumnDefinition][] {
  const grades = gradesOf(staff, asked.now);
  return Object.entries(definition.columns).filter(
    ([, column]) => isSeen(column, grades) && (column.in ?? ['list', 'show']).includes(asked.place),
  );
}

function isSeen(column: ColumnDefinition, grades: readonly Grade[]): boolean {
  return !column.grades || column.grades.some((grade) => grades.includes(grade));
}

export async function serialiseRecords(
  registry: Registry,
  resource: RegisteredResource,
  asked: { rows: readonly Row[]; staff: StaffActor; place: Place; now: Date },
): Promise<readonly RecordJson[]> {
  const columns = visibleColumns(resource.definition, asked.staff, asked);
  const titles = await referencedTitles(registry, columns, asked);
  const names = await resource.reader.names(untitled(columns, asked.rows, titles), asked.staff);
  return asked.rows.map((row) => {
    const values = columns.map(([name, column]) => [name, plainValue(cellOf(name, column, row))] as const);
    const populated = columns.flatMap(([name, column]) => {
      const id = String(cellOf(name, column, row));
      const resource = targetsOf(column).find((target) => titles.get(target)?.has(id));
      const title = resource ? titles.get(resource)?.get(id) : undefined;
      if (resource && title) return [[name, { ...title, resource, params: title }] as const];
      const called = targetsOf(column).length > 0 ? names.get(id) : undefined;
      // A name without a resource leads nowhere.
      return called === undefined ? [] : [[name, { id, title: called, resource: '', params: { id, title: called } }] as const];
    });
    const closed = resource.definition.isClosed?.(row) ? { isClosed: true as const } : {};
    return { ...resource.reader.titleOf(row), params: Object.fromEntries(values), populated: Object.fromEntries(populated), ...closed };
  });
}

function cellOf(name: string, column: ColumnDefinition, row: Row): unknown {
  return column.value ? column.value(row) : row[name];
}

const targetsOf = ({ reference, orReference }: ColumnDefinition): readonly string[] =>
  [reference, orReference].filter((target) => target !== undefined);

/** Ids of reference columns for which no record is open to the reader. */
function untitled(
  columns: readonly [string, ColumnDefinition][],
  rows: readonly Row[],
  titles: ReadonlyMap<string, ReadonlyMap<string, Title>>,
): readonly string[] {
  const isOpen = (column: ColumnDefinition, id: string) => targetsOf(column).some((target) => titles.get(target)?.has(id));
  const ids = columns
    .filter(([, column]) => targetsOf(column).length > 0)
    .flatMap(([name, column]) => rows.flatMap((row) => [[column, cellOf(name, column, row)] as const]))
    .flatMap(([column, id]) => (typeof id === 'string' && !isOpen(column, id) ? [id] : []));
  return [...new Set(ids)];
}

/** One query per target resource, however many rows; none for targets the person may not read. */
async function referencedTitles(
  registry: Registry,
  columns: readonly [string, ColumnDefinition][],
  asked: { rows: readonly Row[]; staff: StaffActor },
): Promise<ReadonlyMap<string, ReadonlyMap<string, Title>>> {
  const wanted = new Map<string, Set<string>>();
  for (const [name, column] of columns) {
    for (const target of targetsOf(column)) {
      const ids = wanted.get(target) ?? new Set<string>();
      for (const row of asked.rows) {
        const id = cellOf(name, column, row);
        if (typeof id === 'string') ids.add(id);
      }
      wanted.set(target, ids);
    }
  }
  const loaded = await Promise.all(
    [...wanted].map(async ([target, ids]) => {
      const reader = registry.resources.get(target)?.reader;
      const titles = reader && ids.size > 0 && reader.isReadableBy(asked.staff) ? await reader.titles([...ids], asked.staff) : [];
      return [target, new Map(titles.map((title) => [title.id, title]))] as const;
    }),
  );
  return new Map(loaded);
}

/** JSON without surprises: bigint and decimals as strings, times as ISO 8601. Bytes never leave. */
export function plainValue(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) throw new Error('A column holds bytes: it must not be listed');
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object') return value;
  if (isDecimal(value)) return value.toFixed();
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]));
}

function isDecimal(value: object): value is { toFixed(): string } {
  return 'toFixed' in value && 's' in value && 'e' in value && 'd' in value;
}
