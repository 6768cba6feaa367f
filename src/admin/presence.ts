import type { Response } from 'express';
import { z } from 'zod';
import type { CommandDeps } from '../foundation/command/command.ts';
import { AppError, fail } from '../foundation/errors/app-error.ts';
import { announcePresence, leavePresence, type PresencePlace, viewersOf } from '../foundation/runtime/presence.ts';
import { actorNames } from '../modules/identity/index.ts';
import { isPossibleId } from './query/possible-id.ts';
import type { RegisteredResource, Registry } from './registry.ts';
import { requireSignedIn, stateOf } from './state.ts';

const place = z.strictObject({ resource: z.string().max(60), recordId: z.string().min(1).max(100) });
const announcement = place.extend({ isLeaving: z.boolean().optional() });

export type PresenceJson = {
  /** Colleagues who have it open, without the person who asks. */
  viewers: readonly { id: string; name: string; since: Date }[];
  /** Version of the record now; null where the resource reads none. */
  version: number | null;
};

/**
 * GET says who has a record open and which version it has; POST says so too, after noting that the asker has it open, or with
 * `isLeaving` that they closed it. Only for records within the asker's reach: any other is as missing as one that does not exist.
 * No command and no read row: it shows names of colleagues and a number, and is asked every few seconds.
 * @throws AppError 400 `bad_request`, 404 `not_found`
 */
export async function answerPresence(
  registry: Registry,
  deps: CommandDeps,
  call: { res: Response; isPost: boolean },
): Promise<PresenceJson | Record<string, never>> {
  const { staff } = requireSignedIn(call.res);
  const asked = parsePlace(call);
  const at: PresencePlace = { resource: asked.resource, recordId: asked.recordId };
  const { reader } = reachable(registry, at);
  if (asked.isLeaving) {
    await leavePresence(deps.database, at, staff.id);
    return {};
  }
  const row = reader.isReadableBy(staff) ? await reader.readOne(at.recordId, staff) : null;
  if (!row) throw new AppError('not_found');
  const now = deps.clock.now();
  if (call.isPost) await announcePresence(deps.database, at, { staffUserId: staff.id, now });
  const others = (await viewersOf(deps.database, at, now)).filter(({ staffUserId }) => staffUserId !== staff.id);
  const names = await actorNames(
    deps,
    others.map(({ staffUserId }) => staffUserId),
  );
  return {
    viewers: others.map(({ staffUserId, since }) => ({ id: staffUserId, name: names.get(staffUserId) ?? 'A colleague', since })),
    version: typeof row.version === 'number' ? row.version : null,
  };
}

function parsePlace({ res, isPost }: { res: Response; isPost: boolean }): z.infer<typeof announcement> {
  const { fields, params } = stateOf(res);
  const parsed = isPost ? announcement.safeParse(fields) : place.safeParse(Object.fromEntries(params));
  return parsed.success ? parsed.data : fail('bad_request');
}

function reachable(registry: Registry, { resource, recordId }: PresencePlace): RegisteredResource {
  const registered = registry.resources.get(resource);
  return registered && isPossibleId(registered.reader.idField, recordId) ? registered : fail('not_found');
}
