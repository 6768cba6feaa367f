import { z } from 'zod';
import { readRestorePoint } from '../../../audit/index.ts';
import type { AccessSubject } from '../../../foundation/access/decide.ts';
import { type Command, type CommandDeps, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { validationError } from '../../../foundation/errors/app-error.ts';

const input = z.strictObject({
  id: z.uuid(),
  /** The version: id of the event that made it. */
  eventId: z.uuid(),
  /** Columns by their names in the history. A deleted record comes back whole: then this is what the person was shown. */
  fields: z.array(z.string().max(63)).min(1).max(60),
});
export type RestoreInput = z.infer<typeof input>;
export type RestoreOutput = { version: number; fields: readonly string[] };

/** Values of that version, read by the module's own rules, by the names of the model. */
type Chosen<Data> = { data: Data; isDeletion: boolean; reverts: string | null };

/** Some of the fields, each with a value. */
export type Given<Data> = { [Field in keyof Data]?: Exclude<Data[Field], undefined> };

/** How one table is restored. What `columns` does not name is never restored: identifiers, secrets, grants, money. */
export type Restorable<Data, Row> = {
  /** `identity.vendor` */
  table: string;
  /** Noun of the audit row. */
  resource: string;
  /** Column in the history to property of the model. */
  columns: Readonly<Record<string, string>>;
  /** Reads stored values as the module's own forms do; a rule that has become stricter refuses the old value. */
  schema: z.ZodType<Data>;
  /** The live row, locked; null when it is deleted. @throws AppError 404 `not_found` for what this command may not touch */
  load(scope: CommandScope, id: string): Promise<{ row: Row; version: number; subject: AccessSubject } | null>;
  /** Writes a new version of a live row; gives its number. */
  write(scope: CommandScope, row: Row, changed: Given<Data>): Promise<number>;
  /** Brings a deleted row back under its old id. Absent: this table's deleted rows stay deleted. */
  recover?(scope: CommandScope, id: string, deleted: ReadonlyMap<string, unknown>): Promise<number>;
};

type Prepared<Data> = Chosen<Data> & { stored: ReadonlyMap<string, unknown> };
type Loaded<Row> = { live: { row: Row; version: number; subject: AccessSubject } | null };

/**
 * The command that writes chosen fields of an earlier version as a new version of the record. Its action row names the action it
 * takes back.
 * @throws AppError 404 `not_found`, 409 `version_conflict` with the values of now and those chosen, `version_not_kept`, 422 of the fields
 */
export function defineRestore<Data extends object, Row extends object>(
  name: string,
  restorable: Restorable<Data, Row>,
): Command<RestoreInput, RestoreOutput, Prepared<Data>, Loaded<Row>> {
  const { table, columns } = restorable;
  return defineCommand<RestoreInput, RestoreOutput, Prepared<Data>, Loaded<Row>>({
    name,
    resource: restorable.resource,
    access: 'snapshot.restore',
    input,
    prepare: (deps, body) => prepare(deps, restorable, body),
    load: async (scope, { id }) => ({ live: await restorable.load(scope, id) }),
    subject: ({ live }) => live?.subject ?? {},
    version: ({ live }) => live?.version ?? 0,
    conflict: ({ live }, body, { data }) => ({
      current: bothValues(body.fields, columns, live?.row),
      chosen: bothValues(body.fields, columns, data),
    }),
    async preview(scope, body, { live }) {
      const { data, isDeletion } = await prepare(scope.deps, restorable, body);
      if (!live)
        return isDeletion && restorable.recover ? ['Brings the deleted record back as it was.'] : ['This record cannot be brought back.'];
      const changed = Object.keys(changedOf(live.row, data));
      return changed.length === 0
        ? ['Changes nothing: it is so already.']
        : [`Writes version ${live.version + 1}.`, 'The versions between are kept.'];
    },
    async run(scope, body, { live }, { data, isDeletion, reverts, stored }) {
      scope.touched(body.id);
      scope.note(`version ${body.eventId} of ${table}`);
      if (reverts) scope.takesBack(reverts);
      if (!live) {
        if (!isDeletion || !restorable.recover) return { refused: 'not_found' };
        return { version: await restorable.recover(scope, body.id, stored), fields: [...stored.keys()] };
      }
      const changed = changedOf(live.row, data);
      const fields = Object.keys(changed);
      if (fields.length === 0) return { version: live.version, fields };
      return { version: await restorable.write(scope, live.row, changed), fields };
    },
  });
}

async function prepare<Data extends object, Row extends object>(
  deps: CommandDeps,
  { table, columns, schema, recover }: Restorable<Data, Row>,
  body: RestoreInput,
): Promise<Prepared<Data>> {
  const refused = body.fields.filter((field) => !Object.hasOwn(columns, field));
  if (refused.length > 0) throw validationError(refused.map((path) => ({ path, code: 'invalid_value' })));
  const record = { table, recordId: body.id };
  const { eventId } = body;
  const point = await readRestorePoint(deps, record, { eventId, fields: body.fields });
  const whole = point.isDeletion && recover ? await readRestorePoint(deps, record, { eventId, fields: [] }) : point;
  const parsed = schema.safeParse(Object.fromEntries([...point.values].map(([field, value]) => [columns[field], value])));
  if (!parsed.success) throw validationError(parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), code: 'invalid_value' })));
  return { data: parsed.data, isDeletion: point.isDeletion, reverts: point.reverts, stored: whole.values };
}

function changedOf<Data extends object>(row: object, data: Data): Given<Data> {
  const changed: Given<Data> = {};
  for (const [property, value] of Object.entries(data)) {
    if (value !== undefined && !isSame(value, Reflect.get(row, property))) Reflect.set(changed, property, value);
  }
  return changed;
}

function isSame(left: unknown, right: unknown): boolean {
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right) === 0;
  return JSON.stringify(left ?? null) === JSON.stringify(right ?? null);
}

/** Values by column for the conflict screen; what is encrypted only says that it is there. */
function bothValues(fields: readonly string[], columns: Readonly<Record<string, string>>, row: object | undefined): object {
  return Object.fromEntries(
    fields.map((field) => {
      const value: unknown = row === undefined ? null : Reflect.get(row, columns[field] ?? '');
      return [field, value instanceof Uint8Array ? 'encrypted' : (value ?? null)];
    }),
  );
}
