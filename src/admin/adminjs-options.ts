import type { Response } from 'express';
import { grantFor } from '../foundation/access/evaluate.ts';
import type { PermissionKey } from '../foundation/access/matrix.ts';
import type { CommandDeps } from '../foundation/command/command.ts';
import { AppError } from '../foundation/errors/app-error.ts';
import type { BaseRecord } from './adminjs.ts';
import { answerBulk } from './bulk/answer-bulk.ts';
import type { CommandAction } from './command-action.ts';
import { type CommandParts, runAction } from './command-handlers.ts';
import { staffBehind } from './current-admin.ts';
import type { PageDefinition } from './define-page.ts';
import { runPage } from './page-handlers.ts';
import { listRecords, searchRecords, showRecord } from './read-handlers.ts';
import type { RegisteredResource } from './registry.ts';
import { requireRoute } from './stages/route-gate.ts';
import { stateOf } from './state.ts';

type GuardContext = { currentAdmin?: unknown };
export type Guard = (context: GuardContext) => boolean;
type Call = { record?: BaseRecord };
type Handler = (request: unknown, response: Response, context: Call) => Promise<object>;

export type AdminAction = {
  actionType: string | readonly string[];
  isAccessible: Guard;
  isVisible: Guard;
  handler?: Handler;
  component?: false;
};

const never: Guard = () => false;

/** AdminJS never awaits a guard: a promise would count as yes. So guards are synchronous and answer with a real boolean. */
export function guardFor(permission: PermissionKey, deps: CommandDeps): Guard {
  return ({ currentAdmin }) => {
    const staff = staffBehind(currentAdmin);
    return staff !== null && grantFor(staff, permission, { now: deps.clock.now() }) !== null;
  };
}

/** AdminJS's options of one resource: our handlers on its routes, and everything of its own that writes switched off. */
export function resourceOptions(
  parts: CommandParts,
  resource: RegisteredResource,
): { id: string; navigation: false; actions: Record<string, AdminAction> } {
  const { definition } = resource;
  const { permissions } = definition;
  const read = (permission: PermissionKey, actionType: string, handler: Handler): AdminAction => {
    const guard = guardFor(permission, parts.deps);
    return { actionType, isAccessible: guard, isVisible: guard, handler };
  };
  const off = (actionType: string): AdminAction => ({ actionType, isAccessible: never, isVisible: never, handler: refuseHandler });
  const actions: Record<string, AdminAction> = {
    list: read(permissions.list, 'resource', (_request, res) => listRecords(parts, resource, res)),
    search: read(permissions.search, 'resource', (_request, res) => searchRecords(resource, res)),
    show: read(permissions.show, 'record', (_request, res, { record }) => showRecord(parts, resource, { res, record })),
    new: off('resource'),
    edit: off('record'),
    delete: off('record'),
    bulkDelete: off('bulk'),
  };
  for (const action of resource.actions.values()) actions[action.name] = commandOptions(parts, resource, action);
  return { id: definition.id, navigation: false, actions };
}

async function refuseHandler(): Promise<object> {
  throw new AppError('not_found');
}

function commandOptions(parts: CommandParts, resource: RegisteredResource, action: CommandAction): AdminAction {
  const guard = guardFor(action.permission, parts.deps);
  return {
    actionType: action.placement,
    isAccessible: guard,
    isVisible: guard,
    component: false,
    handler: commandHandler(parts, resource, action),
  };
}

function commandHandler(parts: CommandParts, resource: RegisteredResource, action: CommandAction): Handler {
  return async (_request, res, { record }) => {
    const route = requireRoute(res);
    if (route.kind === 'command' && route.placement === 'bulk') {
      stateOf(res).answer = await answerBulk(parts, { resource, action }, res);
    } else {
      const row = record ? resource.reader.rowOf(record) : null;
      stateOf(res).answer = await runAction(parts, action, { res, target: { resource, row } });
    }
    // The shape that AdminJS demands of each kind; what leaves is the answer above.
    return { record: { recordActions: [] }, records: [] };
  };
}

export type AdminPageOptions = { component: string; handler: (request: { method?: string }, response: Response) => Promise<object> };

export function pageOptions(parts: CommandParts, page: PageDefinition, component: string): AdminPageOptions {
  return {
    component,
    handler: async (request, res) => {
      stateOf(res).answer = await runPage(parts, page, { res, isPost: request.method === 'post' });
      return {};
    },
  };
}
