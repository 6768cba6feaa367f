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

  it('keeps what must outlive a container on volumes that every node shares', () => {
    const service = /^x-service:[\s\S]*?(?=^\S)/m.exec(compose.slice(compose.indexOf('x-service:')))?.[0] ?? '';
    const settings = new Map(
      [...readFileSync(join(projectRoot, 'deploy/service.env'), 'utf8').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [
        name,
        value,
      ]),
    );
    const image = readFileSync(join(projectRoot, 'Dockerfile'), 'utf8');
    for (const name of ['FILES_DIR', 'AUDIT_ARCHIVE_DIR', 'AUDIT_ANCHOR_DIR']) {
      const folder = settings.get(name) ?? '';
      const volume = new RegExp(`- (\\w+):${folder}$`, 'm').exec(service)?.[1];
      expect(volume, name).toBeDefined();
      expect(compose).toMatch(new RegExp(`^volumes:[\\s\\S]*^  ${volume}:$`, 'm'));
      // The image makes the folder for its own user, or nothing could be written there.
      expect(image).toMatch(new RegExp(`mkdir -p.* ${folder}\\b`));
    }
  });

  it('sets only variables that the service reads', () => {
    const set = [...readFileSync(join(projectRoot, 'deploy/service.env'), 'utf8').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name ?? '');
    expect(set.filter((name) => !Object.hasOwn(environmentSchema.shape, name) && !name.startsWith('OTEL_'))).toEqual([]);
  });
});
