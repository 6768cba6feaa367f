import { areaOf, foundationFolders } from './areas.ts';
import { findCycles } from './find-cycles.ts';
import { importFault } from './import-rules.ts';
import type { Finding, SourceFile } from './read-source.ts';

export type Violation = { path: string; line: number; message: string };

const namelessFolders = new Set(['utils', 'util', 'lib', 'common', 'helpers', 'helper', 'shared', 'services', 'misc']);
const namelessFile = /(?:^|[-.])(?:helpers?|utils?|managers?|services?)\.tsx?$/;

/** AdminJS reads two variables at import time and has no option for them. */
const environmentReaders = ['src/foundation/config/', 'src/admin/adminjs-environment.ts'];

/** Every breach of the architecture in these files. Throws when there are none to read: an empty check proves nothing. */
export function checkSources(files: readonly SourceFile[]): Violation[] {
  if (files.length === 0) throw new Error('The boundary check read 0 modules: it is looking in the wrong place');
  const cycles = findCycles(files).map((cycle) => ({
    path: cycle[0] ?? '',
    line: 1,
    message: `import cycle ${cycle.join(' -> ')}`,
  }));
  return [...files.flatMap(checkFile), ...cycles];
}

function checkFile(file: SourceFile): Violation[] {
  const place = placeFault(file.path);
  const imports = file.imports.map((found) => ({ line: found.line, message: importFault(file, found), target: found.target }));
  const findings = file.findings.map((finding) => ({
    line: finding.line,
    message: findingFault(file.path, finding),
    target: finding.name,
  }));
  return [
    ...(place ? [{ path: file.path, line: 1, message: place }] : []),
    ...[...imports, ...findings].flatMap(({ line, message, target }) =>
      message ? [{ path: file.path, line, message: `${target}: ${message}` }] : [],
    ),
  ];
}

function placeFault(path: string): string | null {
  const folders = path.split('/').slice(1, -1);
  const nameless = folders.find((folder) => namelessFolders.has(folder));
  if (nameless) return `a folder named ${nameless} says nothing: name what is in it`;
  if (namelessFile.test(path)) return 'a file named helper, util, manager or service says nothing: name what it does';
  const area = areaOf(path);
  if (area.room === 'nowhere') return 'this file has no place in the architecture (docs/architecture.md)';
  if (area.room === 'foundation' && !foundationFolders.includes(area.folder))
    return `foundation/${area.folder} is not on the closed list: it needs an ADR`;
  return null;
}

function findingFault(path: string, finding: Finding): string | null {
  switch (finding.kind) {
    case 'AdminJS router':
      return "it installs AdminJS's own sign-in and body parser; the pipeline stands in their place";
    case 'process.env':
      return environmentReaders.some((reader) => path.startsWith(reader)) ? null : 'only foundation/config reads the environment';
    case 'wall clock':
      return path.startsWith('src/foundation/runtime/') || path.endsWith('.component.tsx') ? null : 'take the clock that is handed in';
    case 'unresolvable import':
      return 'import() of something other than a plain string cannot be checked';
    case 'table access':
      return null;
    default:
      return finding.kind satisfies never;
  }
}
