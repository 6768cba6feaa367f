import type { ComparedField, Comparison, FieldStep, HistoryEntry, RecordState, ShownValue, Version } from '../../audit/index.ts';
import { reasonWords } from '../action-words.ts';
import { fieldWords, housekeeping, personFields } from './field-words.ts';
import { actorLabel, whoJson } from './history-json.ts';
import { type Names, type ValueJson, valueJson } from './value-json.ts';

/** A version of a record: the change that made it, when and by whom. */
export type VersionJson = { eventId: string; at: string; actor: string };

export type ConditionJson = RecordState['condition'];

export type StateJson = {
  version: VersionJson | null;
  condition: ConditionJson;
  fields: readonly { field: string; label: string; value: ValueJson }[];
};

export type ComparisonJson = {
  left: { version: VersionJson | null; condition: ConditionJson };
  right: { version: VersionJson | null; condition: ConditionJson };
  fields: readonly { field: string; label: string; left: ValueJson; right: ValueJson; isChanged: boolean }[];
};

export type FieldStepJson = {
  eventId: string;
  actionId: string | null;
  at: string;
  actor: string;
  role: string | null;
  reason: string | null;
  isSealed: boolean;
  before: ValueJson;
  after: ValueJson;
};

/** Ids of people in a state or comparison: who made the versions, and whom its fields name. */
export function peopleOf(
  versions: readonly (Version | null)[],
  fields: readonly { field: string; values: readonly ShownValue[] }[],
): string[] {
  const named = fields.filter(({ field }) => personFields.test(field)).flatMap(({ values }) => values);
  return [
    ...versions.flatMap((version) => version?.actorId ?? []),
    ...named.flatMap((shown) => (shown.kind === 'plain' && typeof shown.value === 'string' ? [shown.value] : [])),
  ];
}

export function stateJson(table: string, state: RecordState, names: Names): StateJson {
  return {
    version: versionJson(state.version, names),
    condition: state.condition,
    fields: state.fields
      .filter(({ field }) => !housekeeping.has(field))
      .map(({ field, value }) => ({ field, label: fieldWords(field), value: valueJson({ table, field }, value, names) })),
  };
}

export function comparisonJson(table: string, compared: Comparison, names: Names): ComparisonJson {
  const side = ({ version, condition }: Comparison['left']) => ({ version: versionJson(version, names), condition });
  return {
    left: side(compared.left),
    right: side(compared.right),
    fields: compared.fields.filter(({ field }) => !housekeeping.has(field)).map((field) => comparedJson(table, field, names)),
  };
}

function comparedJson(table: string, { field, left, right, isChanged }: ComparedField, names: Names): ComparisonJson['fields'][number] {
  return {
    field,
    label: fieldWords(field),
    left: valueJson({ table, field }, left, names),
    right: valueJson({ table, field }, right, names),
    isChanged,
  };
}

export function fieldStepJson(table: string, step: FieldStep, names: Names): FieldStepJson {
  const { eventId, actionId, at, isSealed, change } = step;
  const entry: Omit<HistoryEntry, 'changes'> = step;
  return {
    ...{ eventId, actionId, at, isSealed },
    ...whoJson(entry, names),
    reason: reasonWords(step.reason),
    before: valueJson({ table, field: change.field }, change.before, names),
    after: valueJson({ table, field: change.field }, change.after, names),
  };
}

function versionJson(version: Version | null, names: Names): VersionJson | null {
  return version && { eventId: version.eventId, at: version.at.toISOString(), actor: actorLabel(version, names) };
}
