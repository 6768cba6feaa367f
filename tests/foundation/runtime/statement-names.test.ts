import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStatementNames } from '../../../src/foundation/runtime/statement-names.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';

const args = [1];

describe('names of statements', () => {
  it('come with the second use of a text and stay', () => {
    const nameOf = createStatementNames();
    expect(nameOf({ sql: 'SELECT $1', args })).toBe('');
    const name = nameOf({ sql: 'SELECT $1', args });
    expect(name).toMatch(/^app_\d+$/);
    expect(nameOf({ sql: 'SELECT $1', args })).toBe(name);
  });

  it('differ from text to text', () => {
    const nameOf = createStatementNames();
    const names = ['a', 'b', 'a', 'b'].map((sql) => nameOf({ sql, args })).slice(2);
    expect(new Set(names).size).toBe(2);
  });

  it('are never given to a statement without parameters, which may be several', () => {
    const nameOf = createStatementNames();
    const names = [1, 2, 3].map(() => nameOf({ sql: 'BEGIN; SELECT 1', args: [] }));
    expect(names).toEqual(['', '', '']);
  });

  it('run out, so that texts without end do not fill the connections', () => {
    const nameOf = createStatementNames();
    const given = Array.from({ length: 5_000 }, (_, n) => {
      nameOf({ sql: `SELECT ${n}`, args });
      return nameOf({ sql: `SELECT ${n}`, args });
    }).filter((name) => name !== '');
    expect(given.length).toBeLessThanOrEqual(200);
  });

  it('forget texts that never came back', () => {
    const nameOf = createStatementNames();
    for (let n = 0; n < 2_001; n += 1) nameOf({ sql: `SELECT ${n}`, args });
    expect(nameOf({ sql: 'SELECT 0', args })).toBe('');
  });
});

describe('the database', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ DATABASE_POOL: '1' });
  });
  afterAll(() => app?.stop());

  it('keeps a plan for what is asked again, inside and outside of transactions', async () => {
    const { prisma, pool } = app.deps.database;
    const ask = () => prisma.country.findMany({ where: { iso2: 'NG' } });
    await app.as({ kind: 'system', name: 'test' }, async () => {
      await ask();
      await ask();
      await prisma.$transaction(async (tx) => void (await tx.country.findMany({ where: { iso2: 'GH' } })));
    });
    const { rows } = await pool.query(
      'SELECT name, generic_plans + custom_plans AS runs FROM pg_prepared_statements WHERE statement LIKE $1',
      ['%"country"%'],
    );
    expect(rows).toEqual([{ name: expect.stringMatching(/^app_\d+$/), runs: '2' }]);
  });

  it('answers the same after a failed statement under a name', async () => {
    const { prisma } = app.deps.database;
    const divide = (by: number) => prisma.$queryRaw<{ n: number }[]>`SELECT 6 / ${by}::int AS n`;
    await divide(1);
    await expect(divide(0)).rejects.toThrow();
    expect(await divide(3)).toEqual([{ n: 2 }]);
  });
});
