import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandDeps } from '../../../src/foundation/command/command.ts';
import { createMetrics } from '../../../src/foundation/runtime/metrics.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { commands } from '../../../src/modules/identity/index.ts';
import { showSmsFigures, smsFigures } from '../../../src/modules/notifications/index.ts';
import { queueDelivery } from '../../../src/modules/notifications/queue-delivery.ts';
import type { TemplateId } from '../../../src/modules/notifications/templates/variables.ts';
import { tidySmsJob } from '../../../src/modules/notifications/tidy-sms.job.ts';
import { type Api, codeOf, fieldsOf, goodPassword, refusal, startApi } from '../../api/support/api.ts';
import { type Keeper, openKeeper } from '../../audit/support/keeper.ts';
import { caller, run } from '../identity/people.ts';

let api: Api;
let keeper: Keeper;
const lines: string[] = [];
beforeAll(async () => {
  api = await startApi(
    { SMS_COUNTRY_DAILY_BUDGET: 'NG:500,KE:3,*:1' },
    pino({ level: 'error' }, { write: (line: string) => void lines.push(line) }),
  );
  keeper = await openKeeper(api.app);
});
afterAll(async () => {
  await keeper.close();
  await api.stop();
});

let serial = 0;
/** A number of this range that no test used before. */
const numberIn = (prefix: string) => {
  serial += 1;
  return `+${prefix}${String(serial).padStart(prefix.startsWith('234') ? 6 : 5, '0')}`;
};

async function register(phone: string): Promise<string> {
  return (await run(api.app, commands.startRegistration, { phone, password: goodPassword, ...caller })).flowId;
}

/** What the worker does with the event of a flow; the state of the message. */
async function send(flowId: string, template: TemplateId = 'otp_register', deps: CommandDeps = api.app.deps): Promise<string> {
  const eventId = newId();
  const event = { eventId, name: 'test', aggregateId: null, actionId: null, occurredAt: deps.clock.now().toISOString(), payload: {} };
  const planned = { template, facts: { recipient: { flowId }, flowId, sendNo: 1 } };
  await api.app.as({ kind: 'system', name: 'test' }, () => queueDelivery(deps, { consumer: 'test', event, planned }));
  const row = await deps.database.prisma.delivery.findFirst({ where: { eventId } });
  return row?.errorCode ?? row?.status ?? 'none';
}

const sendTo = async (phone: string, template?: TemplateId) => send(await register(phone), template);
const alarms = (rule: string) => api.app.deps.database.prisma.smsAlarm.findMany({ where: { rule }, orderBy: { startedAt: 'asc' } });
const alarmEvents = () => api.app.deps.database.prisma.outboxEvent.count({ where: { name: 'notifications.sms.limit_reached' } });
const inContext = <T>(work: () => Promise<T>) => api.app.as({ kind: 'system', name: 'test' }, work);

describe('P20 the SMS spend firewall', () => {
  it('a day without SMS has cost nothing', async () => {
    expect(await smsFigures(api.app.deps)).toEqual({ sent: 0, blocked: 0, costMicros: 0, blockedCostMicros: 0, alarms: 0 });
  });

  it('U18 a country over its daily budget: 202 as usual, nothing sent, counted with its cost, one alarm; the next day goes on', async () => {
    const kenyan = () => numberIn('2547120');
    for (let n = 0; n < 3; n += 1) expect(await sendTo(kenyan())).toBe('queued');
    const events = await alarmEvents();
    const answer = await api.post('/auth/register', { phone: kenyan(), password: goodPassword }, { 'X-Forwarded-For': '9.9.9.9' });
    expect(answer.status).toBe(202);
    const { flowId } = answer.json as { flowId: string };
    expect(await send(flowId)).toBe('sms_country_budget');
    expect(await sendTo(kenyan())).toBe('sms_country_budget');
    expect(await sendTo('+233241234567')).toBe('queued');
    expect(await sendTo('+233241234568')).toBe('sms_country_budget');
    expect(await alarms('country_budget')).toMatchObject([
      { scope: 'KE', sent: 3 },
      { scope: 'GH', sent: 1 },
    ]);
    expect((await alarmEvents()) - events).toBe(2);
    expect(lines.filter((line) => line.includes('notifications.sms.limit_reached') && line.includes('"scope":"KE"'))).toHaveLength(1);
    const figures = await smsFigures(api.app.deps);
    expect(figures).toMatchObject({ sent: 4, blocked: 3, costMicros: 4 * 80_000, blockedCostMicros: 3 * 80_000, alarms: 2 });
    const metrics = createMetrics();
    showSmsFigures(metrics, api.app.deps);
    expect(await metrics.text()).toMatch(/sms_spend_alarms 2[\s\S]*/);
    expect(await metrics.text()).toContain('sms_blocked_cost_micros_today 240000');
    api.app.clock.advance(86_400);
    expect(await sendTo(kenyan())).toBe('queued');
  });

  it('twenty messages in ten minutes per seven digits, also in parallel and over two instances; other ranges are free', async () => {
    const flows: string[] = [];
    for (let n = 0; n < 26; n += 1) flows.push(await register(numberIn('2348031')));
    const states: string[] = [];
    for (let at = 0; at < flows.length; at += 6) {
      const burst = flows.slice(at, at + 6).map((flowId, n) => send(flowId, 'otp_register', n % 2 === 0 ? api.app.deps : keeper.deps));
      states.push(...(await Promise.all(burst)));
    }
    expect(states.filter((state) => state === 'queued')).toHaveLength(20);
    expect(states.filter((state) => state === 'sms_prefix_rate')).toHaveLength(6);
    expect(await sendTo(numberIn('2348052'))).toBe('queued');
    expect(await alarms('prefix_rate')).toMatchObject([{ scope: '2348031', sent: 20, verified: null }]);
    api.app.clock.advance(601);
    expect(await sendTo(numberIn('2348031'))).toBe('queued');
  });

  it('a range with 50 codes sent and under a fifth given back in an hour pauses for an hour', async () => {
    const phones = Array.from({ length: 51 }, () => numberIn('2348063'));
    for (const [n, phone] of phones.entries()) {
      if (n > 0 && n % 17 === 0) api.app.clock.advance(610);
      const flowId = await register(phone);
      const state = await send(flowId);
      expect(state, `message ${n + 1}`).toBe(n < 50 ? 'queued' : 'sms_prefix_paused');
      if (n < 9) await run(api.app, commands.verifyRegistration, { flowId, code: codeOf(api, flowId), ...caller });
    }
    expect(await alarms('prefix_paused')).toMatchObject([{ scope: '2348063', sent: 50, verified: 9 }]);
    api.app.clock.advance(3000);
    expect(await sendTo(numberIn('2348063'))).toBe('sms_prefix_paused');
    api.app.clock.advance(700);
    expect(await sendTo(numberIn('2348063'))).toBe('queued');
    expect(await alarms('prefix_paused')).toHaveLength(1);
  });

  it('a range whose people do give their codes back is not paused', async () => {
    for (let n = 0; n < 51; n += 1) {
      if (n > 0 && n % 17 === 0) api.app.clock.advance(610);
      const flowId = await register(numberIn('2348074'));
      expect(await send(flowId)).toBe('queued');
      if (n < 11) await run(api.app, commands.verifyRegistration, { flowId, code: codeOf(api, flowId), ...caller });
    }
  });

  it('demo numbers share one range and are free of its rules, not of the budget', async () => {
    for (let n = 0; n < 25; n += 1) expect(await sendTo(`+234700000${String(100 + n).padStart(4, '0')}`)).toBe('queued');
  });

  it('notices of the account go out all the same, and count', async () => {
    const phone = numberIn('2348031');
    const states: string[] = [];
    for (let n = 0; n < 20; n += 1) states.push(await sendTo(numberIn('2348031')));
    expect(await sendTo(phone)).toBe('sms_prefix_rate');
    const before = (await smsFigures(api.app.deps)).sent;
    expect(await sendTo(phone, 'password_changed')).toBe('queued');
    expect((await smsFigures(api.app.deps)).sent).toBe(before + 1);
    expect(await sendTo(phone, 'already_have_account')).toBe('sms_prefix_rate');
    // Wrong passwords of a stranger are all it takes.
    expect(await sendTo(phone, 'account_locked')).toBe('sms_prefix_rate');
  });

  it('U18 the sixth SMS within an hour to one number is 202 and not sent', async () => {
    const phone = numberIn('2348095');
    const before = await api.app.deps.database.prisma.outboxEvent.count({ where: { name: 'identity.registration.started' } });
    for (let n = 0; n < 6; n += 1) {
      expect((await api.post('/auth/register', { phone, password: goodPassword })).status).toBe(202);
    }
    expect((await api.app.deps.database.prisma.outboxEvent.count({ where: { name: 'identity.registration.started' } })) - before).toBe(5);
  });

  it('refuses a country without a route at once, before any look-up', async () => {
    const { pool } = api.app.deps.database;
    const flows = async () => (await pool.query('SELECT count(*)::int AS n FROM identity.otp_flow')).rows[0].n;
    const before = await flows();
    for (const path of ['/auth/register', '/auth/otp/send', '/auth/login']) {
      const answer = await api.post(path, { phone: '+33612345678', ...(path === '/auth/otp/send' ? {} : { password: goodPassword }) });
      expect([refusal(answer), fieldsOf(answer)], path).toEqual(['422 phone_unsupported', ['phone: phone_unsupported']]);
    }
    expect(await flows()).toBe(before);
  });

  it('the stored prefix is seven digits; counts are forgotten after 35 days', async () => {
    const { prisma } = api.app.deps.database;
    const rows = await prisma.smsAttempt.findMany();
    expect(rows.every(({ prefix }) => prefix.length === 7)).toBe(true);
    const tidy = () =>
      inContext(() =>
        tidySmsJob.handle({}, api.app.deps, {
          id: newId(),
          attempt: 0,
          isLastAttempt: false,
          signal: new AbortController().signal,
          send: async () => undefined,
        }),
      );
    await tidy();
    expect(await prisma.smsAttempt.count()).toBe(rows.length);
    api.app.clock.advance(36 * 86_400);
    await tidy();
    expect([await prisma.smsAttempt.count(), await prisma.smsAlarm.count()]).toEqual([0, 0]);
  });
});

describe('the settings', () => {
  it('an unreadable budget is refused at the start', async () => {
    await expect(startApi({ SMS_COUNTRY_DAILY_BUDGET: 'Nigeria=many' })).rejects.toThrow(/SMS_COUNTRY_DAILY_BUDGET/);
  });

  it.each(['*:0', 'KE:3'])('a budget of 0, and none where there is no other, closes a country (%s)', async (budget) => {
    const closed = await startApi({ SMS_COUNTRY_DAILY_BUDGET: budget });
    try {
      const { flowId } = await run(closed.app, commands.startRegistration, { phone: '+2347000000001', password: goodPassword, ...caller });
      const event = {
        eventId: newId(),
        name: 'test',
        aggregateId: null,
        actionId: null,
        occurredAt: closed.app.clock.now().toISOString(),
        payload: {},
      };
      const planned = { template: 'otp_register' as const, facts: { recipient: { flowId }, flowId, sendNo: 1 } };
      await closed.app.as({ kind: 'system', name: 'test' }, () => queueDelivery(closed.app.deps, { consumer: 'test', event, planned }));
      expect(await closed.app.deps.database.prisma.delivery.findFirst({ where: { eventId: event.eventId } })).toMatchObject({
        status: 'suppressed',
        errorCode: 'sms_country_budget',
      });
    } finally {
      await closed.stop();
    }
  });
});
