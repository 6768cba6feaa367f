import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../scripts/run-program.ts';
import { environmentSchema } from '../../src/foundation/config/config.ts';

const compose = readFileSync(join(projectRoot, 'docker-compose.yml'), 'utf8');

describe('docker-compose.yml', () => {
  it('describes every part of an installation', () => {
    for (const name of [
      'postgres',
      'replica',
      'pgbouncer',
      'migrate',
      'web-1',
      'web-2',
      'worker',
      'gateway',
      'mail',
      'jaeger',
      'prometheus',
    ]) {
      expect(compose).toMatch(new RegExp(`^  ${name}:`, 'm'));
    }
  });

  it('mounts only files that are there, save those it says how to make', () => {
    const mounted = [...compose.matchAll(/- \.\/([\w./-]+):/g)]
      .map(([, path]) => path ?? '')
      .filter((path) => !['deploy/tls', 'deploy/audit-keys.json'].includes(path));
    expect(mounted.length).toBeGreaterThan(3);
    expect(mounted.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
  });

  it('sets only variables that the service reads', () => {
    const set = [...readFileSync(join(projectRoot, 'deploy/service.env'), 'utf8').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name ?? '');
    expect(set.filter((name) => !Object.hasOwn(environmentSchema.shape, name) && !name.startsWith('OTEL_'))).toEqual([]);
  });
});
