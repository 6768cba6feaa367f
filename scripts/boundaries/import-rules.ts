import { type Area, areaOf, isFrontDoor, moduleOrder } from './areas.ts';
import type { Import, SourceFile } from './read-source.ts';

/** Why `file` may not import this; null when it may. The table of docs/architecture.md, row by row. */
export function importFault(file: SourceFile, found: Import): string | null {
  const from = areaOf(file.path);
  if (from.room === 'component') return componentFault(file.path, found);
  if (!found.isOwn) return packageFault(from, found.target);
  if (!found.target.startsWith('src/')) return outsideFault(from, found.target);
  const to = areaOf(found.target);
  if (to.room === 'nowhere') return `${found.target} has no place in the architecture`;
  if (to.room === 'component') return componentUseFault(from);
  if (to.room === 'foundation') return null;
  if (to.room === 'main') return from.room === 'main' ? null : 'nothing imports app.ts or main.ts';
  return roomFault(from, to, found.target);
}

function roomFault(from: Area, to: Exclude<Area, { room: 'foundation' }>, target: string): string | null {
  switch (from.room) {
    case 'main':
      return to.room === 'api' || to.room === 'admin' || isFrontDoor(target) ? null : 'app and main enter a room by its index.ts';
    case 'admin':
    case 'api':
      if (to.room === from.room) return null;
      if (to.room === 'admin' || to.room === 'api' || to.room === 'resources') return `${from.room} may not import ${to.room}`;
      return isFrontDoor(target) ? null : `${from.room} enters ${to.room} by its index.ts`;
    case 'resources':
      return resourceFault(from.name, to, target);
    case 'audit':
      return to.room === 'audit' ? null : `audit may not import ${to.room}`;
    case 'modules':
      if (to.room === 'audit') return isFrontDoor(target) ? null : 'a module enters the audit by its index.ts';
      return to.room === 'modules' ? moduleFault(from.name, to.name, target) : `a module may not import ${to.room}`;
    case 'foundation':
      return `foundation may not import ${to.room}`;
    default:
      return 'this file has no place in the architecture';
  }
}

function resourceFault(name: string | null, to: Area, target: string): string | null {
  if (to.room === 'admin') return null;
  if (to.room === 'api') return 'resources may not import api';
  if (to.room === 'resources') return name === null || to.name === name ? null : 'resources are strangers to one another';
  return isFrontDoor(target) ? null : 'resources enter a module or the audit by its index.ts';
}

function moduleFault(name: string | null, other: string | null, target: string): string | null {
  if (name === null || other === null) return 'modules/ holds folders only';
  if (name === other) return null;
  if (!isFrontDoor(target)) return `module ${name} enters ${other} by its index.ts`;
  const [own, theirs] = [moduleOrder.indexOf(name), moduleOrder.indexOf(other)];
  if (own < 0 || theirs < 0) return `module ${own < 0 ? name : other} has no place in the order of modules`;
  return theirs > own ? null : `module ${name} is below ${other}: emit an event instead`;
}

/** The parts of foundation that hold the database and the queue. */
function packageFault(from: Area, name: string): string | null {
  const folder = from.room === 'foundation' ? from.folder : null;
  if (name === 'pg-boss') return folder === 'jobs' ? null : 'only foundation/jobs imports pg-boss';
  if (name === '@prisma/client') {
    const may = folder === 'runtime' || folder === 'outbox' || from.room === 'modules' || from.room === 'audit';
    return may ? null : 'the Prisma client is for modules, audit, foundation/runtime and foundation/outbox';
  }
  if (name.startsWith('@prisma/adapter-pg') || name.startsWith('@prisma/driver-adapter')) {
    return folder === 'runtime' ? null : 'only foundation/runtime opens database connections';
  }
  return null;
}

function outsideFault(from: Area, target: string): string | null {
  const isJoining = from.room === 'main' && (target.startsWith('prisma/runner/') || target.startsWith('prisma/seed/'));
  if (isJoining || target === 'package.json') return null;
  return `src may not import ${target.split('/')[0]}/`;
}

const browserPackages = ['react', 'react-dom', 'adminjs', '@adminjs/design-system', 'styled-components', 'lucide-react'];

/** Components are bundled for the browser: a server module in them would be sent to everybody. */
function componentFault(path: string, found: Import): string | null {
  if (found.isOwn) {
    if (found.target.endsWith('.component.tsx') || found.target.endsWith('.css')) return null;
    if (!found.isTypeOnly) return 'a component imports values from components only';
    return isBeside(path, found.target) ? null : 'a component takes types from the server files of its own folder or of admin only';
  }
  if (found.isTypeOnly) return null;
  const isBrowser = browserPackages.some((name) => found.target === name || found.target.startsWith(`${name}/`));
  return isBrowser ? null : `${found.target} is not a browser package`;
}

/** The server side of the same screen: what it sends and what the component draws are then one type (docs/adr/0019-types-cross-to-the-browser.md). */
function isBeside(path: string, target: string): boolean {
  const room = (of: string) =>
    of
      .split('/')
      .slice(0, of.startsWith('src/resources/') ? 3 : 2)
      .join('/');
  return target.startsWith('src/admin/') || room(path) === room(target);
}

/** The server names components by path; it never runs them. */
function componentUseFault(from: Area): string | null {
  return `${from.room} may not import a component: it is bundled for the browser and registered by path`;
}
