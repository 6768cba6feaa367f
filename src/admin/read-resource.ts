import type { AccessGrant } from '../foundation/access/decide.ts';
import { grantFor } from '../foundation/access/evaluate.ts';
import type { PermissionKey } from '../foundation/access/matrix.ts';
import type { CommandDeps } from '../foundation/command/command.ts';
import { AppError } from '../foundation/errors/app-error.ts';
import type { StaffActor } from '../foundation/runtime/actor.ts';
import { BaseRecord, PrismaResource } from './adminjs.ts';
import { staffBehind } from './current-admin.ts';
import type { ResourceActor, ResourceDefinition, Row, Where } from './define-resource.ts';
import type { Dmmf, DmmfField } from './dmmf.ts';
import { type Projection, projectModel } from './project-model.ts';
import type { ResolvedFilter } from './query/filter-value.ts';
import { afterWhere, cursorOf } from './query/keyset.ts';
import type { ListQuery } from './query/parse-list-query.ts';
import { delegateOf, type ReadDelegate, readWithin } from './read-within.ts';

/** Counting stops here; beyond it the screen says "10,000+". */
const countCeiling = 10_000;

export type ListResult = { rows: readonly Row[]; total: number; isTotalCapped: boolean; next: string | null };
export type Title = { id: string; title: string };

type Asking = { staff: StaffActor; permission: PermissionKey };

/**
 * The read-only resource behind every database-backed screen. It is built from a projected model: a field that the
 * definition does not list does not exist for it. Writing throws; the only way to change anything is a command.
 */
export class ReadResource extends PrismaResource {
  readonly definition: ResourceDefinition;
  readonly filters: ReadonlyMap<string, ResolvedFilter>;
  readonly #deps: CommandDeps;
  readonly #projection: Projection;
  readonly #rows = new WeakMap<object, Row>();

  constructor(definition: ResourceDefinition, dmmf: Dmmf, deps: CommandDeps) {
    const projection = projectModel(definition, dmmf);
    super({ model: projection.model, client: deps.database.prisma, clientModule: { Prisma: { dmmf } } });
    this.definition = definition;
    this.#deps = deps;
    this.#projection = projection;
    this.filters = projection.filters;
  }

  override id(): string {
    return this.definition.id;
  }

  override databaseName(): string {
    return 'Fashionistar';
  }

  /** Native type of the id, to refuse malformed ones before they reach the database. */
  get idField(): DmmfField {
    return this.#projection.idField;
  }

  /** One page of a list, with a count that stops at 10,000. */
  async list(query: ListQuery, staff: StaffActor): Promise<ListResult> {
    const counted = await this.#conditionsOf(query, staff);
    const page = await readWithin(this.#deps.database, async (tx) => {
      const delegate = delegateOf(tx, this.definition.model);
      const found = await this.#page(delegate, query, counted);
      const total = await delegate.count({ where: counted, take: countCeiling + 1 });
      return { ...found, total: Math.min(total, countCeiling), isTotalCapped: total > countCeiling };
    });
    return { ...page, rows: await this.#enriched(page.rows, staff) };
  }

  /** The rows after the query's cursor, uncounted: how an export walks through a whole list. */
  async rowsAfter(query: ListQuery, staff: StaffActor): Promise<Pick<ListResult, 'rows' | 'next'>> {
    const conditions = await this.#conditionsOf(query, staff);
    const page = await readWithin(this.#deps.database, (tx) => this.#page(delegateOf(tx, this.definition.model), query, conditions));
    return { ...page, rows: await this.#enriched(page.rows, staff) };
  }

  /** How many rows a query has, up to a ceiling. */
  async countRows(query: ListQuery, staff: StaffActor, ceiling: number): Promise<number> {
    const where = await this.#conditionsOf(query, staff);
    return readWithin(this.#deps.database, (tx) => delegateOf(tx, this.definition.model).count({ where, take: ceiling }));
  }

  /** A row within the actor's reach, or null: out of reach and missing look the same. */
  async readOne(id: string, staff: StaffActor): Promise<Row | null> {
    const scope = await this.#scopeOf({ staff, permission: this.definition.permissions.show });
    // By primary key: nothing that a statement timeout, which costs three round trips, could cut short.
    const rows = await delegateOf(this.#deps.database.prisma, this.definition.model).findMany({
      where: { AND: [scope, { id: { equals: id } }] },
      select: this.#projection.select,
      take: 1,
    });
    const [row] = await this.#enriched(rows, staff);
    return row ?? null;
  }

  async readMany(ids: readonly string[], staff: StaffActor): Promise<readonly Row[]> {
    const scope = await this.#scopeOf({ staff, permission: this.definition.permissions.show });
    return this.#select([scope, { id: { in: ids } }], ids.length);
  }

  /** Whether the matrix lets the actor open any record of it. */
  isReadableBy(staff: StaffActor): boolean {
    return grantFor(staff, this.definition.permissions.show, { now: this.#deps.clock.now() }) !== null;
  }

  /** `{id, title}` of records the actor may read, for references. */
  async titles(ids: readonly string[], staff: StaffActor): Promise<readonly Title[]> {
    const rows = await this.readMany(ids, staff);
    const { referenceTitle } = this.definition;
    return rows.map((row) => ({ id: String(row.id), title: referenceTitle?.(row) || this.titleOf(row).title }));
  }

  /** What people are called whom a column points to and whose record may be closed to the actor. */
  async names(ids: readonly string[], staff: StaffActor): Promise<ReadonlyMap<string, string>> {
    const { names } = this.definition;
    return names && ids.length > 0 ? names(ids, this.#actor(staff)) : new Map();
  }

  async search(text: string, staff: StaffActor, limit: number): Promise<readonly Title[]> {
    const rows = await this.searchRows(text, staff, limit);
    return rows.map((row) => this.titleOf(row));
  }

  /** Rows that the resource's own search finds within the actor's reach; a text that can match nothing asks nothing. */
  async searchRows(text: string, staff: StaffActor, limit: number): Promise<readonly Row[]> {
    const scope = await this.#scopeOf({ staff, permission: this.definition.permissions.search });
    const where = this.#searchWhere(text, staff);
    return where === nothing ? [] : this.#select([scope, where], limit);
  }

  titleOf(row: Row): Title {
    const id = String(row.id);
    return { id, title: this.definition.recordTitle.of(row) || id };
  }

  /** The whole row behind a record which this resource made. */
  rowOf(record: object | undefined): Row {
    const row = record && this.#rows.get(record);
    if (!row) throw new Error('Not a record of this resource');
    return row;
  }

  /** AdminJS loads a record before each record action. Throws `not_found` instead of answering null, which it would turn into a 200. */
  override async findOne(id: string, context?: unknown): Promise<BaseRecord> {
    const row = await this.readOne(id, staffIn(context));
    if (!row) throw new AppError('not_found');
    return this.#record(row);
  }

  /**
   * AdminJS asks for the records of a bulk call and fails where there are none. Ours loads them itself, within the actor's reach; what
   * it gets here carries nothing.
   */
  override async findMany(ids: readonly (string | number)[]): Promise<BaseRecord[]> {
    return ids.map((id) => new BaseRecord({ id: String(id) }, this));
  }

  override async find(): Promise<BaseRecord[]> {
    throw new AppError('not_found');
  }

  override async count(): Promise<number> {
    throw new AppError('not_found');
  }

  override async create(): Promise<never> {
    throw new AppError('forbidden', { extra: { rule: 'read_only_resource' } });
  }

  override async update(): Promise<never> {
    throw new AppError('forbidden', { extra: { rule: 'read_only_resource' } });
  }

  override async delete(): Promise<never> {
    throw new AppError('forbidden', { extra: { rule: 'read_only_resource' } });
  }

  #record(row: Row): BaseRecord {
    // Only the id goes into AdminJS's own record: what a person sees is made by serialise-record, by grade.
    const record = new BaseRecord({ id: String(row.id) }, this);
    this.#rows.set(record, row);
    return record;
  }

  async #conditionsOf(query: ListQuery, staff: StaffActor): Promise<Where> {
    const scope = await this.#scopeOf({ staff, permission: this.definition.permissions.list });
    const search = query.search === null ? [] : [this.#searchWhere(query.search, staff)];
    return { AND: [scope, ...query.where, ...search] };
  }

  /** Outside the reading transaction: it may ask the pool again. */
  async #enriched(rows: readonly Row[], staff: StaffActor): Promise<readonly Row[]> {
    const { enrich } = this.definition;
    return enrich && rows.length > 0 ? enrich(rows, this.#actor(staff)) : rows;
  }

  async #page(delegate: ReadDelegate, query: ListQuery, conditions: Where): Promise<Pick<ListResult, 'rows' | 'next'>> {
    const rows = await delegate.findMany({
      where: query.after === null ? conditions : { AND: [conditions, afterWhere(query, this.#projection.sortFields, this.idField)] },
      select: this.#projection.select,
      orderBy: orderOf(query),
      skip: query.after === null ? (query.page - 1) * query.perPage : 0,
      take: query.perPage,
    });
    const last = rows.at(-1);
    return { rows, next: last && rows.length === query.perPage ? cursorOf(last, query.sortBy) : null };
  }

  #select(conditions: readonly Where[], take: number): Promise<readonly Row[]> {
    return readWithin(this.#deps.database, (tx) =>
      delegateOf(tx, this.definition.model).findMany({
        where: { AND: conditions },
        select: this.#projection.select,
        orderBy: orderOf({ sortBy: this.definition.defaultSort.field, direction: this.definition.defaultSort.direction }),
        take,
      }),
    );
  }

  #searchWhere(text: string, staff: StaffActor): Where {
    return this.definition.search?.(text, this.#actor(staff)) ?? nothing;
  }

  /** The matrix says whether, `scope` says which. A grant for own records only, without a scope to find them, reaches nothing. */
  async #scopeOf({ staff, permission }: Asking): Promise<Where> {
    const grant: AccessGrant | null = grantFor(staff, permission, { now: this.#deps.clock.now() });
    if (!grant) throw new AppError('forbidden', { extra: { rule: 'not_granted' } });
    const { scope } = this.definition;
    if (scope) return scope(this.#actor(staff), { own: grant.own, team: grant.team });
    return grant.own || grant.team ? nothing : {};
  }

  #actor(staff: StaffActor): ResourceActor {
    return { staff, deps: this.#deps };
  }
}

/** Matches no row. */
const nothing: Where = { id: { in: [] } };

function orderOf(query: { sortBy: string; direction: 'asc' | 'desc' }): readonly Where[] {
  const tieBreak = { id: query.direction };
  return query.sortBy === 'id' ? [tieBreak] : [{ [query.sortBy]: query.direction }, tieBreak];
}

function staffIn(context: unknown): StaffActor {
  const currentAdmin = typeof context === 'object' && context !== null && 'currentAdmin' in context ? context.currentAdmin : null;
  const staff = staffBehind(currentAdmin);
  if (!staff) throw new AppError('sign_in_required');
  return staff;
}
