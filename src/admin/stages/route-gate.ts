import type { RequestHandler, Response } from 'express';
import { AppError } from '../../foundation/errors/app-error.ts';
import type { CommandAction, Placement } from '../command-action.ts';
import type { PageDefinition } from '../define-page.ts';
import type { FileLink } from '../files/define-file-link.ts';
import type { PictureSize, PictureSource } from '../files/picture-source.ts';
import { isPossibleId } from '../query/possible-id.ts';
import type { RegisteredResource, Registry } from '../registry.ts';
import { adminPath, stateOf } from '../state.ts';
import type { DenialRecorder } from './record-denial.ts';

type ReadKind = 'list' | 'show' | 'search';

/** Where a request that passed the gate is going; nothing behind the gate reads the path again. */
export type GatedRoute =
  | { kind: 'shell'; title: string; resource: RegisteredResource | null; page: PageDefinition | null; read: ReadKind | null }
  | { kind: 'read'; read: ReadKind; resource: RegisteredResource; recordId: string | null; text: string | null }
  | { kind: 'command'; placement: Placement; resource: RegisteredResource; action: CommandAction; recordId: string | null }
  | { kind: 'page'; page: PageDefinition }
  | { kind: 'me' }
  | { kind: 'waiting' }
  | { kind: 'search' }
  | { kind: 'mentions' }
  | { kind: 'presence'; isPost: boolean }
  | { kind: 'file'; link: FileLink; token: string }
  | { kind: 'picture'; source: PictureSource; fileId: string; size: PictureSize };

/** Name of the path for logs and audit rows: never an id in it. */
export function templateOf(route: GatedRoute): string {
  switch (route.kind) {
    case 'shell':
      return '/admin';
    case 'read':
      return route.read === 'show'
        ? `/admin/api/resources/${route.resource.definition.id}/records/:recordId/show`
        : `/admin/api/resources/${route.resource.definition.id}/actions/${route.read}`;
    case 'command':
      return `/admin/api/resources/${route.resource.definition.id}/${route.placement}/${route.action.name}`;
    case 'page':
      return `/admin/api/pages/${route.page.id}`;
    case 'me':
      return '/admin/api/me';
    case 'waiting':
      return '/admin/api/waiting';
    case 'search':
    case 'mentions':
    case 'presence':
      return `/admin/api/${route.kind}`;
    case 'file':
      return `/admin/files/${route.link.id}/:token`;
    case 'picture':
      return '/admin/pictures/:file/:size';
    default:
      return route satisfies never;
  }
}

/**
 * Stage 10: only routes that exist pass, in the kind and by the method they were made for (H11, H12). AdminJS itself would
 * run a record action on a resource route, and a changing one on GET. A refused POST is recorded as denied.
 */
export function routeGate(registry: Registry, denials: DenialRecorder): RequestHandler {
  return async (req, res, next) => {
    const state = stateOf(res);
    const isPost = req.method === 'POST';
    try {
      const segments = pathSegments(adminPath(req));
      const route = findRoute(registry, segments, isPost);
      state.route = route;
      state.context.path = templateOf(route);
    } catch (error) {
      if (isPost && error instanceof AppError) await denials.record({ resource: 'route', action: 'post', rule: 'route_gate', error });
      if (error instanceof AppError && error.code === 'method_not_allowed') res.setHeader('Allow', isPost ? 'GET, HEAD' : 'POST');
      throw error;
    }
    next();
  };
}

function pathSegments(path: string): readonly string[] {
  const segments = path.split('/').slice(1);
  if (segments.at(-1) === '') segments.pop();
  try {
    return segments.map(decodeURIComponent);
  } catch (cause) {
    throw new AppError('not_found', { cause });
  }
}

const missing = (): never => {
  throw new AppError('not_found');
};

function findRoute(registry: Registry, segments: readonly string[], isPost: boolean): GatedRoute {
  const [first, ...rest] = segments;
  if (first === 'api') return findApiRoute(registry, rest, isPost);
  if (first === 'pictures') return readOnly(findPictureRoute(registry, rest), isPost);
  if (first === 'files') return readOnly(findFileRoute(registry, rest), isPost);
  const shell = findShellRoute(registry, segments);
  if (isPost) throw new AppError('method_not_allowed');
  return shell;
}

/** 256 random bits, as base64url; what cannot be one is not looked up. */
const tokenForm = /^[A-Za-z0-9_-]{43}$/;

function findFileRoute(registry: Registry, [id = '', token = '', ...rest]: readonly string[]): GatedRoute {
  const link = registry.links.get(id);
  return link && rest.length === 0 && tokenForm.test(token) ? { kind: 'file', link, token } : missing();
}

const fileIdForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function findPictureRoute({ pictures }: Registry, [fileId = '', size = '', ...rest]: readonly string[]): GatedRoute {
  if (!pictures || rest.length > 0 || !fileIdForm.test(fileId) || (size !== 'small' && size !== 'whole')) return missing();
  return { kind: 'picture', source: pictures, fileId, size };
}

function findApiRoute(registry: Registry, segments: readonly string[], isPost: boolean): GatedRoute {
  const [area, name = '', ...rest] = segments;
  if (area === 'me' && segments.length === 1) return readOnly({ kind: 'me' }, isPost);
  if (area === 'waiting' && segments.length === 1) return readOnly({ kind: 'waiting' }, isPost);
  if (area === 'search' && segments.length === 1) return readOnly({ kind: 'search' }, isPost);
  if (area === 'mentions' && segments.length === 1) return readOnly({ kind: 'mentions' }, isPost);
  if (area === 'presence' && segments.length === 1) return { kind: 'presence', isPost };
  if (area === 'dashboard' && segments.length === 1) return readOnly({ kind: 'page', page: registry.dashboard }, isPost);
  if (area === 'pages' && segments.length === 2) {
    const page = registry.pages.get(name) ?? missing();
    if (isPost && !page.actions?.length) throw new AppError('method_not_allowed');
    return { kind: 'page', page };
  }
  if (area !== 'resources') return missing();
  const resource = registry.resources.get(name) ?? missing();
  return findResourceRoute(resource, rest, isPost);
}

function findResourceRoute(resource: RegisteredResource, segments: readonly string[], isPost: boolean): GatedRoute {
  const [kind, second = '', third] = segments;
  if (kind === 'search') throw new AppError('gone');
  if (kind === 'actions' && segments.length >= 2 && segments.length <= 3) {
    if (second === 'list' && segments.length === 2)
      return readOnly({ kind: 'read', read: 'list', resource, recordId: null, text: null }, isPost);
    if (second === 'search') return readOnly({ kind: 'read', read: 'search', resource, recordId: null, text: third ?? null }, isPost);
    return segments.length === 2 ? command(resource, { placement: 'resource', name: second, recordId: null }, isPost) : missing();
  }
  if (kind === 'records' && segments.length === 3 && third !== undefined) {
    if (!isPossibleId(resource.reader.idField, second)) return missing();
    if (third === 'show') return readOnly({ kind: 'read', read: 'show', resource, recordId: second, text: null }, isPost);
    return command(resource, { placement: 'record', name: third, recordId: second }, isPost);
  }
  if (kind === 'bulk' && segments.length === 2) return command(resource, { placement: 'bulk', name: second, recordId: null }, isPost);
  return missing();
}

function command(
  resource: RegisteredResource,
  asked: { placement: Placement; name: string; recordId: string | null },
  isPost: boolean,
): GatedRoute {
  const action = resource.actions.get(asked.name);
  if (!action?.placement.includes(asked.placement)) return missing();
  if (!isPost) throw new AppError('method_not_allowed');
  return { kind: 'command', placement: asked.placement, resource, action, recordId: asked.recordId };
}

function readOnly(route: GatedRoute, isPost: boolean): GatedRoute {
  if (isPost) throw new AppError('method_not_allowed');
  return route;
}

function findShellRoute(registry: Registry, segments: readonly string[]): GatedRoute {
  const [area, name = '', kind, second = '', third] = segments;
  if (segments.length === 0) return shell(registry.dashboard.title, { page: registry.dashboard });
  if (area === 'pages' && segments.length === 2) {
    const page = registry.pages.get(name) ?? missing();
    return shell(page.title, { page });
  }
  if (area !== 'resources' || segments.length < 2) return missing();
  const resource = registry.resources.get(name) ?? missing();
  const { title, singular } = resource.definition;
  if (segments.length === 2 || (segments.length === 4 && kind === 'actions' && second === 'list'))
    return shell(title, { resource, read: 'list' });
  if (segments.length !== 5 || kind !== 'records' || !isPossibleId(resource.reader.idField, second)) return missing();
  if (third === 'show') return shell(singular, { resource, read: 'show' });
  if (third !== undefined && resource.actions.get(third)?.placement.includes('record')) throw new AppError('method_not_allowed');
  return missing();
}

function shell(title: string, parts: { resource?: RegisteredResource; page?: PageDefinition; read?: ReadKind }): GatedRoute {
  return { kind: 'shell', title, resource: parts.resource ?? null, page: parts.page ?? null, read: parts.read ?? null };
}

/** The gated route, behind the gate. */
export function requireRoute(res: Response): GatedRoute {
  const { route } = stateOf(res);
  if (!route) throw new Error('This handler stands behind the route gate');
  return route;
}
