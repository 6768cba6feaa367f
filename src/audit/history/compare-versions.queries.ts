import type { CommandDeps } from '../../foundation/command/command.ts';
import { type RecordState, type StoredField, type StoredState, secretFields, shownField, storedStateAt } from './as-of.queries.ts';
import type { Moment } from './find-version.ts';
import type { RecordRef } from './history-types.ts';
import { isSameStored, type ShownValue } from './shown-value.ts';

export type ComparedField = { field: string; left: ShownValue; right: ShownValue; isChanged: boolean };

export type Comparison = {
  left: Pick<RecordState, 'version' | 'condition'>;
  right: Pick<RecordState, 'version' | 'condition'>;
  fields: readonly ComparedField[];
};

/**
 * Two versions of a record, field by field in the order of names. Whether an encrypted value differs is told by its ciphertext,
 * which is new whenever it was written. The caller records the read.
 */
export async function compareVersions(deps: CommandDeps, record: RecordRef, moments: readonly [Moment, Moment]): Promise<Comparison> {
  const [left, right, secret] = await Promise.all([
    storedStateAt(deps, record, moments[0]),
    storedStateAt(deps, record, moments[1]),
    secretFields(deps, record.table),
  ]);
  const names = new Set([...left.fields.keys(), ...right.fields.keys()].filter((field) => !secret.includes(field)));
  return {
    left: { version: left.version, condition: left.condition },
    right: { version: right.version, condition: right.condition },
    fields: [...names].sort().map((field) => compared(field, left, right)),
  };
}

function compared(field: string, left: StoredState, right: StoredState): ComparedField {
  const [before, after] = [left.fields.get(field), right.fields.get(field)];
  return { field, left: shownField(field, before), right: shownField(field, after), isChanged: isDifferent(before, after) };
}

/** What is erased cannot be compared. */
function isDifferent(before: StoredField | undefined, after: StoredField | undefined): boolean {
  if (before?.kind === 'erased' || after?.kind === 'erased') return false;
  return !isSameStored(before?.value, after?.value);
}
