import { join } from 'node:path';
import { z } from 'zod';
import { definePage, type PageRequest, type ProbedRecord } from '../../admin/index.ts';
import { gradesOf } from '../../foundation/access/evaluate.ts';
import { grades } from '../../foundation/access/roles.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';
import { activeStaff, staffIdentity } from '../../modules/identity/index.ts';
import { actorOfGrade, actorWith, answerWords, demandsOf, entryOf, isGrade, type SimulatedRight, simulate } from './simulate.ts';

/**
 * "What can X do" and "why not", for a role or a colleague, with or without a record, answered by the guard itself. It reads only, and
 * each use leaves a read row that says about whom.
 */
export const simulatorPage = definePage({
  id: 'permission-simulator',
  noun: 'permission_simulator',
  title: 'Permission simulator',
  icon: 'shield',
  navigationGroup: 'Oversight',
  permission: 'permission_simulator.use',
  component: join(import.meta.dirname, 'simulator.component.tsx'),
  handler: answer,
  recordsRead: ({ read }) => (Array.isArray(read) ? read.filter((id) => typeof id === 'string') : []),
});

const query = z.strictObject({
  role: z.string().max(40).optional(),
  person: z.uuid().optional(),
  kind: z.string().max(40).optional(),
  record: z.string().max(100).optional(),
});
type Query = z.infer<typeof query>;

async function answer(request: PageRequest): Promise<Readonly<Record<string, unknown>>> {
  const asked = query.safeParse(request.query);
  if (!asked.success) throw new AppError('invalid_filter');
  const form = await formJson(request);
  const who = await whoIs(request, asked.data);
  if (!who) return { form, who: null, record: null, rights: [], read: [] };
  const record = await recordOf(request, asked.data, who.actor);
  const { subject = null, permissions: about = null } = record ?? {};
  const rights = simulate({ actor: who.actor, subject, about, now: request.now });
  return {
    form,
    who: { name: who.name, grades: gradesOf(who.actor, request.now) },
    record: record ? recordJson(record) : null,
    rights: rights.map((right) => rightJson(right, about)),
    read: [asked.data.person, asked.data.record].filter((id) => id !== undefined),
  };
}

async function formJson({ deps, staff, probe }: PageRequest): Promise<object> {
  const people = await activeStaff(deps);
  return {
    roles: grades.map((grade) => ({ value: grade, label: roleWords(grade) })),
    people: people.map(({ userId, name, grants }) => ({ value: userId, label: `${name}, ${grants.map(grantWords).join(', ')}` })),
    kinds: (probe?.kinds(staff) ?? []).map(({ id, title }) => ({ value: id, label: roleWords(title) })),
  };
}

type Who = { name: string; actor: StaffActor };

/** A role, or a colleague with the grants of now. @throws AppError 400 `invalid_filter` for both, 404 `not_found` */
async function whoIs({ deps }: PageRequest, { role, person }: Query): Promise<Who | null> {
  if (role !== undefined && person !== undefined) throw new AppError('invalid_filter', { extra: { filter: 'person' } });
  if (role !== undefined) {
    if (!isGrade(role)) throw new AppError('invalid_filter', { extra: { filter: 'role' } });
    return { name: roleWords(role), actor: actorOfGrade(role) };
  }
  if (person === undefined) return null;
  const found = await staffIdentity(deps).loadStaff(person);
  if (!found) throw new AppError('not_found');
  const { displayName } = found;
  return { name: displayName, actor: actorWith({ id: person, displayName, grants: found.isDisabled ? [] : found.grants }) };
}

/** @throws AppError 404 `not_found` for a record that the reader may not open either */
async function recordOf(request: PageRequest, { kind, record }: Query, as: StaffActor): Promise<ProbedRecord | null> {
  if (kind === undefined || record === undefined) return null;
  if (!uuid.test(record) || !request.probe) throw new AppError('not_found');
  const found = await request.probe.ask({ resourceId: kind, recordId: record, reader: request.staff, as });
  if (!found) throw new AppError('not_found');
  return found;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function recordJson({ resource, title, isWithinReach, buttons }: ProbedRecord): object {
  return { resource, title, isWithinReach, buttons: buttons.map(({ name, label, refusal }) => ({ name, label, refusal })) };
}

/** `about`: the rights for which the record was told to the guard; their answers depend on nothing more. */
function rightJson(right: SimulatedRight, about: ReadonlySet<string> | null): object {
  const { permission, decision } = right;
  const isAbout = about?.has(permission) ?? true;
  const reach = about && isAbout ? null : right.reach;
  const { resource, action, kind } = entryOf(permission);
  return {
    permission,
    resource: roleWords(resource),
    action: roleWords(action),
    kind,
    isAllowed: decision.isAllowed,
    rule: decision.rule,
    mode: decision.isAllowed ? decision.mode : null,
    answer: answerWords({ decision, reach }),
    halves: right.halves.map((half) => ({
      intent: half.intent,
      isAllowed: half.decision.isAllowed,
      answer: answerWords({ decision: half.decision, reach: null }),
    })),
    reach: reach?.own || reach?.team ? 'some' : reach ? 'all' : 'none',
    demands: demandsOf(permission),
    isAbout,
  };
}

/** `support_lead` -> "Support lead" */
function roleWords(name: string): string {
  const words = name.replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

const grantWords = ({ role, isLead }: { role: string; isLead: boolean }) => `${role.replaceAll('_', ' ')}${isLead ? ' lead' : ''}`;
