import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../../src/foundation/config/config.ts';
import { keptOrigin, knownOrigin } from '../../../src/foundation/config/kept-origin.ts';
import { resolveSecrets } from '../../../src/foundation/config/secrets.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'fashionistar-kept-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const load = (env: Record<string, string> = {}) => loadConfig({ DATA_DIR: dataDir, ...env });

function refusalOf(env: Record<string, string>): string {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('private files', () => {
  const bucket = {
    FILES_DRIVER: 's3',
    FILES_S3_ENDPOINT: 'https://s3.example/',
    FILES_S3_BUCKET: 'fashionistar-files',
    FILES_S3_ACCESS_KEY_ID: 'AKIA',
    FILES_S3_SECRET_ACCESS_KEY: 'secret',
  };

  it('lie below the data folder unless another folder is named, which may be named from here', () => {
    expect(load().files).toMatchObject({ driver: 'local', directory: null });
    expect(load({ FILES_DIR: 'private/files' }).files.directory).toBe(join(process.cwd(), 'private/files'));
  });

  it('lie in a bucket when all of it is named; every part that is missing is told', () => {
    expect(load(bucket).files).toMatchObject({ driver: 's3', s3: { endpoint: 'https://s3.example', bucket: 'fashionistar-files' } });
    const said = refusalOf({ FILES_DRIVER: 's3' });
    for (const name of Object.keys(bucket).slice(1)) expect(said).toContain(`${name} is missing: FILES_DRIVER is s3`);
    expect(refusalOf({ ...bucket, FILES_S3_BUCKET: 'Not A Bucket' })).toContain('FILES_S3_BUCKET: is the name of a bucket');
  });

  it('travel in clear nowhere but on a demo', () => {
    const plain = { ...bucket, FILES_S3_ENDPOINT: 'http://127.0.0.1:9000' };
    const told = 'FILES_S3_ENDPOINT must be https in production';
    expect(load(plain).files.s3.endpoint).toBe('http://127.0.0.1:9000');
    expect(refusalOf({ ...plain, NODE_ENV: 'production' })).toContain(told);
    expect(refusalOf({ ...bucket, NODE_ENV: 'production' })).not.toContain(told);
    expect(refusalOf({ FILES_DRIVER: 's3', NODE_ENV: 'production' })).not.toContain(told);
  });
});

describe('what belongs to demo and lab', () => {
  it('webhooks to this machine are refused in production', () => {
    expect(load({ WEBHOOKS_TO_LOOPBACK: 'true' }).webhooksToLoopback).toBe(true);
    expect(load({ WEBHOOKS_TO_LOOPBACK: '1', NODE_ENV: 'production', APP_LAB: '1' }).webhooksToLoopback).toBe(true);
    expect(refusalOf({ WEBHOOKS_TO_LOOPBACK: '1', NODE_ENV: 'production' })).toContain('WEBHOOKS_TO_LOOPBACK: webhooks to this machine');
    expect(refusalOf({ NODE_ENV: 'production' })).not.toContain('WEBHOOKS_TO_LOOPBACK');
  });
});

describe('the archive of the audit', () => {
  it('lies below the data folder unless another is named', () => {
    expect(load().auditArchiveDir).toBe(join(dataDir, 'archive'));
    expect(load({ AUDIT_ARCHIVE_DIR: '/mnt/archive/../audit' }).auditArchiveDir).toBe('/mnt/audit');
  });
});

describe('the name of the audit log', () => {
  const file = () => join(dataDir, 'audit-origin');

  it('is known only where a demo was started', () => {
    const folder = join(dataDir, 'made', 'on the way');
    expect(knownOrigin(folder)).toBeUndefined();
    expect(existsSync(folder)).toBe(false);
    expect(keptOrigin(folder, 'localhost:3000/audit')).toBe('localhost:3000/audit');
    expect(knownOrigin(folder)).toBe('localhost:3000/audit');
    expect(keptOrigin(folder, 'localhost:3100/audit')).toBe('localhost:3000/audit');
  });

  it('is written by the next start where one was cut off before it had written it', () => {
    writeFileSync(file(), '\n');
    expect(knownOrigin(dataDir)).toBeUndefined();
    expect(keptOrigin(dataDir, 'localhost:3000/audit')).toBe('localhost:3000/audit');
    expect(keptOrigin(dataDir, 'localhost:3100/audit')).toBe('localhost:3000/audit');
    expect(readFileSync(file(), 'utf8')).toBe('localhost:3000/audit\n');
  });

  it('that can neither be written nor read stops the start, and nothing is made up', () => {
    symlinkSync(join(dataDir, 'nowhere', 'else'), file());
    expect(() => keptOrigin(dataDir, 'localhost:3000/audit')).toThrow('EEXIST');
    mkdirSync(join(dataDir, 'taken'));
    mkdirSync(join(dataDir, 'taken', 'audit-origin'));
    expect(() => keptOrigin(join(dataDir, 'taken'), 'localhost:3000/audit')).toThrow('EISDIR');
  });
});

describe('keys in production', () => {
  it('are never made up for one that is missing', () => {
    expect(() => resolveSecrets({}, true, dataDir)).toThrow('JWT_SIGNING_KEYS is missing');
    expect(existsSync(join(dataDir, 'secrets.json'))).toBe(false);
  });
});
