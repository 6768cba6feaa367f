import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../scripts/run-program.ts';

const rules = readFileSync(join(projectRoot, 'CODEOWNERS'), 'utf8')
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [pattern = '', ...owners] = line.split(/\s+/);
    return { pattern, owners };
  });

/** The owners of a path by the rule that the last match wins; patterns are `*`, a folder or a file from the root. */
function ownersOf(path: string): readonly string[] {
  const match = rules.findLast(
    ({ pattern }) => pattern === '*' || (pattern.endsWith('/') ? `/${path}`.startsWith(pattern) : pattern === `/${path}`),
  );
  return match?.owners ?? [];
}

describe('CODEOWNERS', () => {
  it('gives every source file an owner', () => {
    const files = globSync('{src,prisma,tests,scripts,bench,docs,deploy}/**/*.*', { cwd: projectRoot });
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((path) => ownersOf(path).length === 0)).toEqual([]);
  });

  it('names only places that exist, and teams', () => {
    expect(rules.filter(({ pattern }) => pattern !== '*' && !existsSync(join(projectRoot, pattern)))).toEqual([]);
    expect(rules.flatMap(({ owners }) => owners).filter((owner) => !/^@[\w-]+\/[\w-]+$/.test(owner))).toEqual([]);
  });

  it('gives every room and every module an owner of its own', () => {
    const rooms = [
      ...['admin', 'api', 'resources', 'audit', 'foundation'].map((room) => `/src/${room}/`),
      ...globSync('src/modules/*', { cwd: projectRoot }).map((path) => `/${path}/`),
    ];
    expect(rooms.filter((room) => !rules.some(({ pattern }) => pattern === room))).toEqual([]);
  });
});
