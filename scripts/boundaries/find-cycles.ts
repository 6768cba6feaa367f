import type { SourceFile } from './read-source.ts';

/**
 * Each import cycle among these files, as the list of its files. Type-only imports do not count; import() counts in foundation
 * only, where a cycle is a fault of structure even when it loads.
 */
export function findCycles(files: readonly SourceFile[]): string[][] {
  const known = new Map(files.map((file) => [file.path, file]));
  const state = new Map<string, 'open' | 'done'>();
  const trail: string[] = [];
  const cycles: string[][] = [];

  const visit = (path: string) => {
    state.set(path, 'open');
    trail.push(path);
    for (const next of known.get(path)?.imports ?? []) {
      if (next.isTypeOnly || !known.has(next.target)) continue;
      if (next.isLazy && !path.startsWith('src/foundation/')) continue;
      const seen = state.get(next.target);
      if (seen === 'open') cycles.push([...trail.slice(trail.indexOf(next.target)), next.target]);
      if (seen === undefined) visit(next.target);
    }
    trail.pop();
    state.set(path, 'done');
  };
  for (const path of known.keys()) if (!state.has(path)) visit(path);
  return cycles;
}
