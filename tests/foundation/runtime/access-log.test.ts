import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { type AccessLine, createAccessLog } from '../../../src/foundation/runtime/access-log.ts';
import { createLogger } from '../../../src/foundation/runtime/logger.ts';

const line: AccessLine = { event: 'http.request', requestId: 'r', door: 'api', method: 'GET', route: '/health/live', status: 200, ms: 1.5 };

describe('the access log', () => {
  it('writes lines of the form of the logger, to where the logger writes', () => {
    const written: string[] = [];
    const log = createLogger({ logLevel: 'info', mode: 'demo' }, { write: (text) => void written.push(text) });
    log.info({ event: 'other' });
    createAccessLog(log)(line);
    const [ordinary, access] = written.map((text) => JSON.parse(text));
    expect(access).toMatchObject(line);
    expect(Object.keys(access).slice(0, 4)).toEqual(Object.keys(ordinary).slice(0, 4));
    expect([access.level, access.mode, access.pid]).toEqual([ordinary.level, ordinary.mode, ordinary.pid]);
  });

  it('is silent where the logger is', () => {
    const written: string[] = [];
    const log = createLogger({ logLevel: 'warn', mode: 'demo' }, { write: (text) => void written.push(text) });
    createAccessLog(log)(line);
    expect(written).toEqual([]);
  });

  it('tells the time of each line, also of those that came in one millisecond', () => {
    const written: string[] = [];
    const log = createLogger({ logLevel: 'info', mode: 'demo' }, { write: (text) => void written.push(text) });
    const write = createAccessLog(log);
    const noon = Date.parse('2026-03-01T12:00:00.000Z');
    const now = vi.spyOn(Date, 'now').mockReturnValue(noon);
    write(line);
    write(line);
    now.mockReturnValue(noon + 7);
    write(line);
    expect(written.map((text) => JSON.parse(text).time)).toEqual([
      '2026-03-01T12:00:00.000Z',
      '2026-03-01T12:00:00.000Z',
      '2026-03-01T12:00:00.007Z',
    ]);
  });

  it('goes through a logger that has no stream to write to', () => {
    const told: unknown[] = [];
    const log = { info: (entry: unknown) => void told.push(entry) };
    createAccessLog(log as unknown as Logger)(line);
    expect(told).toEqual([line]);
  });

  it('loses nothing on standard output when the process ends', () => {
    const source = (name: string) => fileURLToPath(new URL(`../../../src/foundation/runtime/${name}.ts`, import.meta.url));
    const script = `
      const { createLogger } = await import(${JSON.stringify(source('logger'))});
      const { createAccessLog } = await import(${JSON.stringify(source('access-log'))});
      const write = createAccessLog(createLogger({ logLevel: 'info', mode: 'demo' }));
      for (let count = 0; count < 1000; count += 1) write(${JSON.stringify(line)});
    `;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(stdout.trim().split('\n')).toHaveLength(1_000);
  });
});
