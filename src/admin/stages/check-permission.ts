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
    const demand = demandOf(requireRoute(res));
    if (!demand) return next();
    const { staff } = requireSignedIn(res);
    const now = deps.clock.now();
    if (grantFor(staff, demand.permission, { now }) !== null) return next();
    const { rule } = decide({ actor: staff, permission: demand.permission, now });
    const error = new AppError('forbidden', { extra: { rule } });
    await denials.record({ ...demand, rule, error });
    throw error;
  };
}

function demandOf(route: GatedRoute): Demand | null {
  switch (route.kind) {
    case 'me':
    case 'waiting':
      return null;
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
