import { describe, expect, it } from 'vitest';
import { attack, Breach, expectOutcome, insist, NotOffered, outcomeOf, textAt } from '../../scripts/attack/case.ts';
import { openGround } from '../../scripts/attack/ground.ts';
import { reportOf, runFamilies } from '../../scripts/attack/report.ts';
import { openTarget } from '../../scripts/attack/target.ts';
import { runNode } from '../../scripts/run-program.ts';

const ground = openGround(openTarget('http://127.0.0.1:9'), { clientId: 'storefront-bff', forwardingSecret: 'x' });
const quiet = { isOver: () => false, onCase: () => undefined };
const fail = (error: unknown) => async () => {
  throw error;
};

describe('the report of an attack', () => {
  const families = [
    {
      name: 'one',
      cases: [attack('a', ['9.1.1', '2.2.1'], async () => undefined), attack('b', ['9.1.1'], fail(new Breach('got through')))],
    },
    {
      name: 'two',
      cases: [
        attack('c', ['10.4.1'], fail(new NotOffered('off'))),
        attack('d', ['2.2.1'], fail(new TypeError('odd'))),
        attack('e', ['3.1.1'], fail('text')),
      ],
    },
  ];

  it('says of every case and every clause what came of it', async () => {
    const results = await runFamilies(families, ground, quiet);
    expect(results.map(({ outcome, words }) => [outcome, words])).toEqual([
      ['withstood', ''],
      ['BREACHED', 'got through'],
      ['not offered', 'off'],
      ['BREACHED', 'TypeError: odd'],
      ['BREACHED', 'text'],
    ]);
    const report = reportOf(results);
    expect(report.split('\n').filter((line) => line.startsWith('  V'))).toEqual([
      '  V2.2.1    BREACHED     2 cases',
      '  V3.1.1    BREACHED     1 case',
      '  V9.1.1    BREACHED     2 cases',
      '  V10.4.1   not offered  1 case',
    ]);
    expect(report).toMatch(/1 withstood, 3 breached, 1 not offered, 0 without time$/);
  });

  it('begins nothing after its time', async () => {
    const results = await runFamilies(families, ground, { ...quiet, isOver: () => true });
    expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['no time']));
  });
});

describe('what a case may expect', () => {
  const answer = { status: 401, headers: {}, text: '', json: { code: 'otp_invalid', a: { b: 'c' } }, ms: 1 };

  it('is an outcome, or one of several', () => {
    expect(outcomeOf(answer)).toBe('401 otp_invalid');
    expect(outcomeOf({ ...answer, status: 200 })).toBe('200');
    expect(textAt(answer, 'a.b')).toBe('c');
    expect(textAt(answer, 'a.x.y')).toBe('');
    expectOutcome(answer, ['200', '401 otp_invalid'], 'a code');
    expect(() => expectOutcome(answer, '200', 'a code')).toThrow('a code: got 401 otp_invalid, not 200');
    expect(() => insist(false, 'no')).toThrow(Breach);
  });
});

describe('npm run attack', () => {
  it.each([
    [[], 'npm run attack -- --url'],
    [['--url', 'https://example.com'], 'is not this machine'],
    [['--url', 'http://127.0.0.1:9'], 'Nobody answers'],
    [['--nonsense'], 'npm run attack -- --url'],
  ])('with %j says what is wrong', async (args, said) => {
    const { code, output } = await runNode(['scripts/attack.ts', ...args]);
    expect(code).toBe(1);
    expect(output).toContain(said);
    expect(output).not.toContain('    at ');
  });
});
