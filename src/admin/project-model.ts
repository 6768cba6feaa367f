import type { FilterDefinition, ResourceDefinition } from './define-resource.ts';
import type { Dmmf, DmmfField, DmmfModel } from './dmmf.ts';
import type { ResolvedFilter } from './query/filter-value.ts';

export type Projection = {
  /** The model with nothing but the fields that the definition's columns name. */
  model: DmmfModel;
  idField: DmmfField;
  /** What every query of the resource selects. */
  select: Readonly<Record<string, true | object>>;
  filters: ReadonlyMap<string, ResolvedFilter>;
  sortFields: ReadonlyMap<string, DmmfField>;
};

/**
 * Cuts a model down to what the definition lists. Throws at boot for a column, filter or sort that the model does not
 * have, for a stored secret (any Bytes field) as a column, and for a sort field that may be null: keyset paging would skip rows.
 */
export function projectModel(definition: ResourceDefinition, dmmf: Dmmf): Projection {
  const model = dmmf.datamodel.models.find((candidate) => candidate.name === definition.model);
  if (!model) throw new Error(`Resource ${definition.id}: no model ${definition.model}`);
  const fields = new Map(model.fields.filter((field) => field.kind !== 'object').map((field) => [field.name, field]));
  const fieldOf = (name: string, use: string): DmmfField => {
    const field = fields.get(name);
    if (!field) throw new Error(`Resource ${definition.id}: ${use} ${name} is not a stored field of ${definition.model}`);
    return field;
  };
  const idField = fieldOf('id', 'column');
  const related = relatedSelects(definition, model);
  const shown = shownFields(definition, fieldOf);
  const needed = [...definition.recordTitle.from, ...(definition.hidden ?? []), ...Object.keys(definition.sorts), 'id'];
  for (const name of needed) fieldOf(name, 'needed field');
  return {
    // A partitioned table has a key of several fields; AdminJS opens a record only where one field says it is the id.
    model: { ...model, fields: model.fields.filter((field) => shown.has(field.name) || field.name === 'id').map(markId) },
    idField,
    select: { ...Object.fromEntries([...shown, ...needed].map((name) => [name, true] as const)), ...related },
    filters: new Map(
      Object.entries(definition.filters).map(([name, filter]) => [
        name,
        resolveFilter(definition, { ...filter, field: name }, { dmmf, fields }),
      ]),
    ),
    sortFields: new Map(Object.keys(definition.sorts).map((name) => [name, sortField(definition, fieldOf(name, 'sort'))])),
  };
}

/** Selects of relations that the model has; scalars are projected by columns only. */
function relatedSelects(definition: ResourceDefinition, model: DmmfModel): Readonly<Record<string, object>> {
  const relations = new Set(model.fields.filter((field) => field.kind === 'object').map((field) => field.name));
  for (const name of Object.keys(definition.related ?? {})) {
    if (!relations.has(name)) throw new Error(`Resource ${definition.id}: ${name} is not a relation of ${definition.model}`);
  }
  return definition.related ?? {};
}

function markId(field: DmmfField): DmmfField {
  return { ...field, isId: field.name === 'id' };
}

function shownFields(definition: ResourceDefinition, fieldOf: (name: string, use: string) => DmmfField): ReadonlySet<string> {
  const shown = new Set<string>();
  for (const [name, column] of Object.entries(definition.columns)) {
    for (const source of column.from ?? [name]) {
      const field = fieldOf(source, 'column');
      if (field.type === 'Bytes')
        throw new Error(`Resource ${definition.id}: ${source} is an encrypted or hashed field and cannot be a column`);
      shown.add(source);
    }
  }
  return shown;
}

function sortField(definition: ResourceDefinition, field: DmmfField): DmmfField {
  if (!field.isRequired) throw new Error(`Resource ${definition.id}: sort ${field.name} may be null`);
  return field;
}

function resolveFilter(
  definition: ResourceDefinition,
  filter: FilterDefinition & { field: string },
  model: { dmmf: Dmmf; fields: ReadonlyMap<string, DmmfField> },
): ResolvedFilter {
  const name = filter.field;
  const field = model.fields.get(name);
  if (!field && !filter.where) throw new Error(`Resource ${definition.id}: filter ${name} has no stored field and no where`);
  const members = model.dmmf.datamodel.enums.find((candidate) => candidate.name === field?.type)?.values.map((value) => value.name);
  const enumValues = filter.values ?? members ?? [];
  if (filter.type === 'enum' && enumValues.length === 0) throw new Error(`Resource ${definition.id}: filter ${name} has no enum values`);
  return { ...filter, isNullable: field ? !field.isRequired : false, isBigInt: field?.type === 'BigInt', enumValues };
}
