import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMetrics } from '../../../src/foundation/runtime/metrics.ts';
import { commands, showSignInPressure } from '../../../src/modules/identity/index.ts';
import { isAttack, signInPressure } from '../../../src/modules/identity/recovery/sign-in-attack.queries.ts';
import { watchSignInsJob } from '../../../src/modules/identity/recovery/watch-sign-ins.job.ts';
import { startTestApp } from '../../support/app.ts';
import { caller, freshEmail, password, refusalCode, registerPerson, run } from './people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const system = { kind: 'system', name: 'identity.watch-sign-ins' } as const;
const runJob = {
  id: '01a200ac-623e-7708-95a3-0712e68ea52e',
  attempt: 0,
  isLastAttempt: false,
  signal: new AbortController().signal,
  send: async () => undefined,
};
const watch = () => app.as(system, () => watchSignInsJob.handle({}, app.deps, runJob));
const alarms = () => app.deps.database.prisma.outboxEvent.findMany({ where: { name: 'identity.sign_in.attacked' } });
const logIn = (email: string, secret: string, network: number) =>
  run(app, commands.logIn, { email, password: secret, ...caller }, { request: { ip: `203.0.${network}.7` } });
const figure = async () => {
  const metrics = createMetrics();
  showSignInPressure(metrics, app.deps);
  return /^sign_in_attack (\d)$/m.exec(await metrics.text())?.[1];
};

describe('P9 many addresses over many identifiers', () => {
  it('raise an alarm for operators once an hour, and one address or one identifier does not', async () => {
    for (let tried = 0; tried < 60; tried += 1) await refusalCode(logIn(freshEmail(), 'wrong', 1));
    const victim = freshEmail();
    for (let tried = 0; tried < 60; tried += 1) await refusalCode(logIn(victim, 'wrong', tried));
    app.clock.advance(901);
    expect(await signInPressure(app.deps)).toEqual({ networks: 0, identifiers: 0, failures: 0, successes: 0 });
    for (let tried = 0; tried < 49; tried += 1) await refusalCode(logIn(freshEmail(), 'wrong', tried));
    await watch();
    expect([await alarms(), await figure()]).toEqual([[], '0']);
    await refusalCode(logIn(freshEmail(), 'wrong', 49));
    await Promise.all([watch(), watch()]);
    await watch();
    const [alarm, ...more] = await alarms();
    expect([more, await figure()]).toEqual([[], '1']);
    expect(alarm?.payload).toMatchObject({ networks: 50, identifiers: 50, failures: 50, successes: 0, seconds: 900 });
    expect(JSON.stringify(alarm?.payload)).not.toContain('203.0');
    app.clock.advance(3601);
    await watch();
    expect(await alarms()).toHaveLength(1);
    for (let tried = 0; tried < 50; tried += 1) await refusalCode(logIn(freshEmail(), 'wrong', tried));
    await watch();
    expect(await alarms()).toHaveLength(2);
  }, 60_000);

  it('are not raised by people who mistype and then get in', async () => {
    app.clock.advance(901);
    const { email } = await registerPerson(app);
    await run(app, commands.logIn, { email, password, ...caller });
    expect((await signInPressure(app.deps)).successes).toBe(1);
    expect(isAttack({ networks: 50, identifiers: 50, failures: 79, successes: 21 })).toBe(false);
    expect(isAttack({ networks: 50, identifiers: 50, failures: 80, successes: 20 })).toBe(true);
    expect(isAttack({ networks: 49, identifiers: 500, failures: 900, successes: 0 })).toBe(false);
    expect(isAttack({ networks: 500, identifiers: 49, failures: 900, successes: 0 })).toBe(false);
  });
});
