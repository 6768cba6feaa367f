import { afterEach, describe, expect, it, vi } from 'vitest';
import { PlainFailure, runScript } from '../../scripts/plain-failure.ts';

afterEach(() => {
  process.exitCode = undefined;
});

async function told(work: () => Promise<void>): Promise<string> {
  const written: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  await runScript(work);
  spy.mockRestore();
  expect(process.exitCode).toBe(1);
  return written.join('');
}

const failWith = (error: Error) => async () => {
  throw error;
};

describe('a command that fails', () => {
  it('says what to do in one line when that is all there is to say', async () => {
    expect(await told(failWith(new PlainFailure('PORT must be a number.')))).toBe('PORT must be a number.\n');
  });

  it('names the database that does not answer, without a stack', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    expect(await told(failWith(refused))).toMatch(/^The database does not answer\. .*DATABASE_URL\.\n$/);
  });

  it('shows the stack of what nobody expected', async () => {
    expect(await told(failWith(new Error('odd')))).toContain('plain-failure.test.ts');
  });
});
