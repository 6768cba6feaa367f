import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { areaOf } from '../../scripts/boundaries/areas.ts';
import { readSources, type SourceFile } from '../../scripts/boundaries/read-source.ts';
import { projectRoot } from '../../scripts/run-program.ts';

/** Delegate name (`user`) to the owner that declares its model (`identity`). */
function ownersOfTables(): Map<string, string> {
  const owners = new Map<string, string>();
  for (const path of globSync('prisma/schema/*.prisma', { cwd: projectRoot })) {
    for (const [, model] of readFileSync(join(projectRoot, path), 'utf8').matchAll(/^model\s+(\w+)\s*\{/gm)) {
      if (model) owners.set(`${model.charAt(0).toLowerCase()}${model.slice(1)}`, basename(path, '.prisma'));
    }
  }
  return owners;
}

/** Who `path` is, as an owner of tables: foundation and the back-office frame hold the platform's (ADR 0030); api and resources hold none. */
function ownerOf(path: string): string | null {
  const area = areaOf(path);
  if (area.room === 'modules') return area.name;
  if (area.room === 'foundation' || area.room === 'admin') return 'platform';
  return area.room === 'audit' ? 'audit' : null;
}

function trespasses(files: readonly SourceFile[], owners: ReadonlyMap<string, string>): string[] {
  return files.flatMap((file) =>
    file.findings
      .filter((finding) => finding.kind === 'table access' && owners.has(finding.name) && owners.get(finding.name) !== ownerOf(file.path))
      .map((finding) => `${file.path}:${finding.line} touches ${owners.get(finding.name)}'s ${finding.name}`),
  );
}

describe('tables and their owners', () => {
  const owners = ownersOfTables();

  it('every owner of the specification has tables', () => {
    expect([...new Set(owners.values())].sort()).toEqual(
      expect.arrayContaining(['audit', 'catalog', 'identity', 'notifications', 'platform', 'reference', 'review', 'support']),
    );
  });

  it("no code touches another owner's table through Prisma", () => {
    const files = readSources(projectRoot);
    expect(files.flatMap((file) => file.findings).filter((finding) => owners.has(finding.name)).length).toBeGreaterThan(10);
    expect(trespasses(files, owners)).toEqual([]);
  });

  it('sees a trespass', () => {
    const file: SourceFile = { path: 'src/modules/support/a.ts', imports: [], findings: [{ kind: 'table access', name: 'user', line: 3 }] };
    expect(trespasses([file], new Map([['user', 'identity']]))).toEqual(["src/modules/support/a.ts:3 touches identity's user"]);
  });
});
