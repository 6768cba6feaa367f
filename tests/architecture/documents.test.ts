import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { projectRoot } from '../../scripts/run-program.ts';

const documents = [...globSync('*.md', { cwd: projectRoot }), ...globSync('docs/**/*.md', { cwd: projectRoot })];
const text = (path: string) => readFileSync(join(projectRoot, path), 'utf8');

describe('the documents', () => {
  it('name only npm scripts that exist', () => {
    const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(text('package.json')));
    const named = documents.flatMap((path) =>
      [...text(path).matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => ({ path, name: name ?? '' })),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter(({ name }) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('link only to files that exist', () => {
    const links = documents.flatMap((path) =>
      [...text(path).matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map(([, target]) => ({ path, target: target ?? '' })),
    );
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter(({ path, target }) => !existsSync(join(projectRoot, dirname(path), target)))).toEqual([]);
  });

  it('say of each method of the audit which tests hold it', () => {
    const sections = text('docs/audit-methods.md').split(/^## /m).slice(1);
    const unheld = sections.filter((section) => section.startsWith('Why') && !section.includes('](../tests/'));
    expect(sections.filter((section) => section.startsWith('Why'))).toHaveLength(4);
    expect(unheld).toEqual([]);
  });

  it('scripts run files that exist', () => {
    const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(text('package.json')));
    const files = Object.values(scripts).flatMap((command) => command.match(/[\w/.-]+\.ts\b/g) ?? []);
    expect(files.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
  });

  it('ADRs are numbered without a gap, and under a page', () => {
    const adrs = globSync('docs/adr/[0-9]*.md', { cwd: projectRoot }).sort();
    expect(adrs.map((path) => Number(path.slice('docs/adr/'.length, 'docs/adr/'.length + 4)))).toEqual(adrs.map((_, index) => index + 1));
    expect(adrs.filter((path) => text(path).split('\n').length > 60)).toEqual([]);
  });
});
