/** Where a file of src/ stands in the import table of docs/architecture.md. */
export type Area =
  | { room: 'main' | 'admin' | 'api' | 'audit' | 'component' | 'nowhere' }
  | { room: 'foundation'; folder: string }
  /** `name` is null for the room's own index.ts. */
  | { room: 'resources' | 'modules'; name: string | null };

/** From the highest to the lowest: a module may import those after it, never those before it. */
export const moduleOrder = ['notifications', 'insight', 'support', 'review', 'catalog', 'identity', 'reference'];

/** Closed list; adding a folder needs an ADR. */
export const foundationFolders = [
  'access',
  'command',
  'outbox',
  'jobs',
  'errors',
  'config',
  'crypto',
  'i18n',
  'runtime',
  'settings',
  'cache',
];

export function areaOf(path: string): Area {
  const [, room, name, ...rest] = path.split('/');
  if (path.endsWith('.component.tsx')) return { room: 'component' };
  if (path === 'src/app.ts' || path === 'src/main.ts') return { room: 'main' };
  if (room === 'admin' || room === 'api' || room === 'audit') return name === undefined ? { room: 'nowhere' } : { room };
  if (room === 'foundation') return name === undefined || rest.length === 0 ? { room: 'nowhere' } : { room, folder: name };
  if (room === 'resources' || room === 'modules') return { room, name: rest.length === 0 ? null : (name ?? null) };
  return { room: 'nowhere' };
}

/** Whether this file is the front door of its room or module. */
export function isFrontDoor(path: string): boolean {
  return /^src\/(?:admin|audit|resources|modules\/[^/]+)\/index\.ts$/.test(path);
}
