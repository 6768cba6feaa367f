import type { RequestHandler } from 'express';
import { decide, grantFor } from '../../foundation/access/evaluate.ts';
import type { PermissionKey } from '../../foundation/access/matrix.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { requireSignedIn } from '../state.ts';
import type { DenialRecorder } from './record-denial.ts';
import { type GatedRoute, requireRoute } from './route-gate.ts';

type Demand = { permission: PermissionKey; resource: string; action: string; recordIds: readonly string[] };

/**
 * Stage 12: whether this person could ever do this, by the matrix, before a record is loaded or a handler runs (H7, H8,
 * H10). What depends on the record is asked again in the resource's scope and in the command.
 */
export function checkPermission(deps: CommandDeps, denials: DenialRecorder): RequestHandler {
  return async (_req, res, next) => {
    const route = requireRoute(res);
    const demand = demandOf(route);
    if (!demand) return next();
    const { staff } = requireSignedIn(res);
    const now = deps.clock.now();
    const refused = permissionsOf(route, demand).find((permission) => grantFor(staff, permission, { now }) === null);
    if (!refused) return next();
    const { rule } = decide({ actor: staff, permission: refused, now });
    const error = new AppError('forbidden', { extra: { rule } });
    await denials.record({ ...demand, rule, error });
    throw error;
  };
}

/** Doing it to many at once is a right of its own, on top of doing it at all. */
function permissionsOf(route: GatedRoute, { permission }: Demand): readonly PermissionKey[] {
  return route.kind === 'command' && route.placement === 'bulk' ? [permission, 'bulk_run.start'] : [permission];
}

function demandOf(route: GatedRoute): Demand | null {
  switch (route.kind) {
    case 'me':
    case 'waiting':
    // The reach of the record decides.
    case 'presence':
      return null;
    case 'search':
      return { permission: 'search.use', resource: 'search', action: 'search', recordIds: [] };
    case 'mentions':
      return { permission: 'note.write', resource: 'note', action: 'mention', recordIds: [] };
    case 'file': {
      const { permission, noun, command } = route.link;
      return { permission, resource: noun, action: command.name, recordIds: [] };
    }
    case 'picture':
      return { permission: route.source.permission, resource: route.source.noun, action: 'show', recordIds: [] };
    case 'page':
      return route.page.permission ? { permission: route.page.permission, resource: route.page.noun, action: 'show', recordIds: [] } : null;
    case 'shell':
      return shellDemand(route);
    case 'read': {
      const { definition } = route.resource;
      const recordIds = route.recordId ? [route.recordId] : [];
      return { permission: definition.permissions[route.read], resource: definition.noun, action: route.read, recordIds };
    }
    case 'command': {
      const { action, recordId } = route;
      return {
        permission: action.permission,
        resource: action.command.resource,
        action: action.command.name,
        recordIds: recordId ? [recordId] : [],
      };
    }
    default:
      return route satisfies never;
  }
}

function shellDemand(route: Extract<GatedRoute, { kind: 'shell' }>): Demand | null {
  if (route.page?.permission) return { permission: route.page.permission, resource: route.page.noun, action: 'show', recordIds: [] };
  if (!route.resource || !route.read) return null;
  const { definition } = route.resource;
  return { permission: definition.permissions[route.read], resource: definition.noun, action: route.read, recordIds: [] };
}
