import type { AccessSubject } from '../foundation/access/decide.ts';
import { matrix, type PermissionKey, permissionKeys } from '../foundation/access/matrix.ts';
import type { CommandDeps } from '../foundation/command/command.ts';
import type { StaffActor } from '../foundation/runtime/actor.ts';
import { type ActionJson, actionStates } from './action-states.ts';
import type { RegisteredResource, Registry } from './registry.ts';

/** A record as somebody else would find it: what the guard would be told of it, and the buttons that they would see. */
export type ProbedRecord = {
  resource: string;
  title: string;
  /** Whether they could open it at all: their list reaches it. */
  isWithinReach: boolean;
  /** Facts of the record, made by the resource for them; null where it names none. */
  subject: AccessSubject | null;
  /** Drawn by the same function as the record page; an action that they would not see is missing. */
  buttons: readonly ActionJson[];
  /** Rights that are about records of this kind: the others do not depend on it. */
  permissions: ReadonlySet<PermissionKey>;
};

/** Asks the real resources about a record on behalf of somebody who is not signed in. Reads only. */
export type RecordProbe = {
  /** What the reader may open, for a form. */
  kinds(reader: StaffActor): readonly { id: string; title: string }[];
  /** Null where the reader may not open the record, or nobody has it. */
  ask(asked: { resourceId: string; recordId: string; reader: StaffActor; as: StaffActor }): Promise<ProbedRecord | null>;
};

export function recordProbe({ registry, deps }: { registry: Registry; deps: CommandDeps }): RecordProbe {
  return {
    kinds: (reader) =>
      [...registry.resources.values()]
        .filter((resource) => resource.reader.isReadableBy(reader))
        .map(({ definition }) => ({ id: definition.id, title: definition.singular })),
    async ask({ resourceId, recordId, reader, as }) {
      const resource = registry.resources.get(resourceId);
      if (!resource?.reader.isReadableBy(reader)) return null;
      const row = await resource.reader.readOne(recordId, reader);
      if (!row) return null;
      const { definition } = resource;
      const reached = resource.reader.isReadableBy(as) ? await resource.reader.readOne(recordId, as) : null;
      return {
        resource: definition.id,
        title: resource.reader.titleOf(row).title,
        isWithinReach: reached !== null,
        subject: definition.subject?.(row, { staff: as, deps }) ?? null,
        buttons: actionStates(resource, { row, staff: as, deps, now: deps.clock.now() }),
        permissions: permissionsAbout(resource),
      };
    },
  };
}

/** Those of the noun, of the lists and of the buttons. */
function permissionsAbout({ definition, actions }: RegisteredResource): ReadonlySet<PermissionKey> {
  const named = [...Object.values(definition.permissions), ...[...actions.values()].map((action) => action.permission)];
  const nouns = new Set([definition.noun, ...named.map((key) => matrix[key].resource)]);
  return new Set(permissionKeys.filter((key) => nouns.has(matrix[key].resource)));
}
