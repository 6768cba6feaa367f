import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentExample, groups, knownVariables } from '../../scripts/environment-reference.ts';
import { projectRoot } from '../../scripts/run-program.ts';

describe('.env.example', () => {
  it('names every variable that the configuration reads, once, and no other', () => {
    const named = Object.values(groups).flatMap((variables) => Object.keys(variables));
    expect(named.toSorted()).toEqual(knownVariables().toSorted());
  });

  it('is what the configuration prints: run "npm run env-example"', () => {
    expect(readFileSync(join(projectRoot, '.env.example'), 'utf8')).toBe(environmentExample());
  });

  it('holds no key and no password of its own', () => {
    const values = environmentExample().matchAll(/^#([A-Z_]*(?:KEY|KEYS|KEKS|PEPPERS|TOKEN|SECRET))=(.+)$/gm);
    expect([...values]).toEqual([]);
  });
});
