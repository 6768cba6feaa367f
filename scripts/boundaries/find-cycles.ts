import type { SourceFile } from './read-source.ts';

/** Each import cycle among the files whose path starts with `within`, as the list of its files; type-only imports do not count. */
export function findCycles(files: readonly SourceFile[], within: string): string[][] {
  const inside = new Map(files.filter((file) => file.path.startsWith(within)).map((file) => [file.path, file]));
  const state = new Map<string, 'open' | 'done'>();
  const trail: string[] = [];
  const cycles: string[][] = [];

  const visit = (path: string) => {
    state.set(path, 'open');
    trail.push(path);
    for (const next of inside.get(path)?.imports ?? []) {
      if (next.isTypeOnly || !inside.has(next.target)) continue;
      const known = state.get(next.target);
      if (known === 'open') cycles.push([...trail.slice(trail.indexOf(next.target)), next.target]);
      if (known === undefined) visit(next.target);
    }
    trail.pop();
    state.set(path, 'done');
  };
  for (const path of inside.keys()) if (!state.has(path)) visit(path);
  return cycles;
}
