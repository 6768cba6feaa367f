import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completeLock } from '../../scripts/fix-lock.ts';
import { projectRoot } from '../../scripts/run-program.ts';

const parent = (optionalDependencies: Record<string, string>, dev?: boolean) => ({
  version: '1.0.0',
  optionalDependencies,
  ...(dev ? { dev } : {}),
});

describe('the lock file', () => {
  it('is complete, and names no registry', () => {
    const text = readFileSync(join(projectRoot, 'package-lock.json'), 'utf8');
    expect(completeLock(JSON.parse(text))).toEqual([]);
    expect(text).not.toMatch(/"resolved": "https?:/);
  });

  it('gets the packages of other platforms that are missing, with os, cpu and libc from their names', () => {
    const lock = {
      packages: {
        '': { version: '1.0.0' },
        'node_modules/a': parent({ '@a/linux-arm64-musl': '1.2.3', '@a/win32-x64-msvc': '1.2.3', '@a/darwin-arm64': '1.2.3' }, true),
      },
    };
    expect(completeLock(lock)).toHaveLength(3);
    expect(lock.packages).toMatchObject({
      'node_modules/@a/linux-arm64-musl': { version: '1.2.3', os: ['linux'], cpu: ['arm64'], libc: ['musl'], optional: true, dev: true },
      'node_modules/@a/win32-x64-msvc': { os: ['win32'], cpu: ['x64'] },
      'node_modules/@a/darwin-arm64': { os: ['darwin'], cpu: ['arm64'] },
    });
    expect(lock.packages).not.toHaveProperty(['node_modules/@a/win32-x64-msvc', 'libc']);
    expect(completeLock(lock)).toEqual([]);
  });

  it('leaves alone what is found in a nested folder or above it', () => {
    const lock = {
      packages: {
        'node_modules/a': parent({ 'b-linux-x64': '1.0.0' }),
        'node_modules/a/node_modules/b-linux-x64': { version: '1.0.0' },
        'node_modules/c/node_modules/d': parent({ 'e-linux-x64': '1.0.0' }),
        'node_modules/e-linux-x64': { version: '1.0.0' },
      },
    };
    expect(completeLock(lock)).toEqual([]);
  });

  it('refuses to guess the platform of a package whose name does not tell it', () => {
    expect(() => completeLock({ packages: { 'node_modules/a': parent({ fsevents: '2.3.3' }) } })).toThrow('add it by hand');
  });

  it('loses the address that a package was loaded from, so that every registry serves it', () => {
    const lock = { packages: { 'node_modules/a': { version: '1.0.0', resolved: 'http://mirror.example/a.tgz' } } };
    expect(completeLock(lock)).toHaveLength(1);
    expect(lock.packages['node_modules/a']).toEqual({ version: '1.0.0' });
  });
});
