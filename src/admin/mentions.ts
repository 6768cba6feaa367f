import type { Response } from 'express';
import { z } from 'zod';
import type { CommandDeps } from '../foundation/command/command.ts';
import { fail } from '../foundation/errors/app-error.ts';
import type { StaffActor } from '../foundation/runtime/actor.ts';
import { type ActiveStaff, activeStaff } from '../modules/identity/index.ts';
import { isPossibleId } from './query/possible-id.ts';
import type { Registry } from './registry.ts';
import { requireSignedIn, stateOf } from './state.ts';

const asked = z.strictObject({ resource: z.string().max(60), recordId: z.string().min(1).max(100), q: z.string().max(60).optional() });

const shownAtMost = 8;
/** Candidates whose reach is asked of the database at most, so that one keystroke costs a handful of reads by primary key. */
const askedAtMost = 24;

/**
 * GET /admin/api/mentions: colleagues whose name has a word that begins with `q` and who may open the record, by the matrix and the
 * resource's own scope, asked for each of them as if they opened it. The asker must reach the record too.
 * @throws AppError 400 `bad_request`, 404 `not_found`
 */
export async function answerMentions(
  registry: Registry,
  deps: CommandDeps,
  res: Response,
): Promise<{ people: readonly { id: string; name: string; roles: string }[] }> {
  const { staff } = requireSignedIn(res);
  const parsed = asked.safeParse(Object.fromEntries(stateOf(res).params));
  if (!parsed.success) return fail('bad_request');
  const { resource, recordId, q = '' } = parsed.data;
  const registered = registry.resources.get(resource);
  if (!registered || !isPossibleId(registered.reader.idField, recordId)) return fail('not_found');
  const { reader } = registered;
  if (!reader.isReadableBy(staff) || !(await reader.readOne(recordId, staff))) return fail('not_found');
  const candidates = (await activeStaff(deps)).filter(({ userId, name }) => userId !== staff.id && hasWord(name, q));
  const people = [];
  for (const candidate of candidates.slice(0, askedAtMost)) {
    const colleague = actorOf(candidate);
    if (!reader.isReadableBy(colleague) || !(await reader.readOne(recordId, colleague))) continue;
    people.push({ id: candidate.userId, name: candidate.name, roles: rolesOf(candidate) });
    if (people.length === shownAtMost) break;
  }
  return { people };
}

/** A colleague as the guard sees them, without a session: good for questions, for nothing else. */
function actorOf({ userId, name, grants }: ActiveStaff): StaffActor {
  return { kind: 'staff', id: userId, displayName: name, grants, sessionHash: Buffer.alloc(32), hasMfa: false, factorAt: null };
}

function hasWord(name: string, typed: string): boolean {
  const wanted = fold(typed);
  const folded = fold(name);
  return wanted === '' || folded.startsWith(wanted) || folded.split(/[\s'-]+/).some((word) => word.startsWith(wanted));
}

/** Without case and marks: "ngo" finds "Ngọzi". */
function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().trim();
}

function rolesOf({ grants }: ActiveStaff): string {
  return grants.map(({ role, isLead }) => `${role.replaceAll('_', ' ')}${isLead ? ' lead' : ''}`).join(', ');
}
