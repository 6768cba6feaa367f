import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/foundation/command/run-command.ts';
import type { JobRuntime } from '../../../src/foundation/jobs/job-runtime.ts';
import type { NewEvent } from '../../../src/foundation/outbox/append.ts';
import { addSeconds } from '../../../src/foundation/runtime/clock.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { runInContext, systemContext } from '../../../src/foundation/runtime/request-context.ts';
import { commands } from '../../../src/modules/identity/index.ts';
import { readNotMeToken } from '../../../src/modules/identity/not-me-token.ts';
import { deliverMessage } from '../../../src/modules/notifications/deliver-message.ts';
import { failStuckDeliveries } from '../../../src/modules/notifications/fail-stuck-deliveries.ts';
import { devInbox, listDeliveries, notificationJobs, notificationSubscriptions } from '../../../src/modules/notifications/index.ts';
import { requestContext } from '../../support/app.ts';
import { createInbox, type Inbox } from '../../support/inbox.ts';
import { createJobBench, type JobBench } from '../../support/job-bench.ts';

const password = 'blue okra sings late';
const caller = { client: { clientId: 'public', mode: 'body' as const }, device: { token: null } };

let bench: JobBench;
let inbox: Inbox;
let runtime: JobRuntime;
beforeAll(async () => {
  bench = await createJobBench({ jobs: notificationJobs, subscriptions: notificationSubscriptions });
  inbox = createInbox(bench.deps);
  runtime = bench.runtime();
  await runtime.start();
});
afterAll(() => bench.stop());

const anonymously = <T>(work: () => Promise<T>): Promise<T> => runInContext(requestContext({ kind: 'anonymous' }), work);

const register = (identifier: { email: string } | { phone: string }, role = 'client') =>
  anonymously(() =>
    runCommand(bench.deps, commands.startRegistration, { input: { ...identifier, password, role, firstName: 'Adaobi', ...caller } }),
  );

/** A verified customer; everything they were sent on the way stays in the inbox. */
async function customer(
  identifier: { email: string } | { phone: string },
  role = 'client',
): Promise<{ userId: string; to: string; sessionId: string }> {
  const to = 'email' in identifier ? identifier.email : identifier.phone;
  const { output: pending } = await register(identifier, role);
  const code = await inbox.code(to, 'otp_register');
  const { user, session } = await verify(pending.flowId, code);
  await inbox.wait(to, { template: role === 'vendor' ? 'welcome_vendor' : 'welcome_client' });
  return { userId: user.id, to, sessionId: session.id };
}

async function verify(flowId: string, code: string) {
  const { output } = await anonymously(() => runCommand(bench.deps, commands.verifyRegistration, { input: { flowId, code, ...caller } }));
  if (output.kind !== 'tokens') throw new Error('A new account has no second factor');
  return output.tokens;
}

const event = (name: string, payload: NewEvent['payload']): NewEvent => ({ name, aggregateId: null, payload });

describe('registration', () => {
  it('by mail brings a code that works, and the link with its token', async () => {
    const { output } = await register({ email: 'ada@fashion-mail.ng' });
    const mail = await inbox.wait('ada@fashion-mail.ng', { template: 'otp_register' });
    expect(mail).toMatchObject({ channel: 'email', to: 'ada@fashion-mail.ng', locale: 'en', code: expect.stringMatching(/^\d{6}$/) });
    expect(mail.link).toBe(`${bench.deps.config.storefrontUrl}/verify#t=${mail.token}`);
    expect(mail.text).toContain(mail.code);
    expect(mail.html).toContain(mail.link);
    expect((await verify(output.flowId, mail.code ?? '')).user.role).toBe('client');
    const welcome = await inbox.wait('ada@fashion-mail.ng', { template: 'welcome_client' });
    expect(welcome).toMatchObject({ code: null, token: null, text: expect.stringMatching(/^Hello Adaobi,/) });
  });

  it('by phone brings one short text with the code and no link', async () => {
    await register({ phone: '+2348021234567' }, 'vendor');
    const sms = await inbox.wait('+2348021234567', { template: 'otp_register' });
    expect(sms).toMatchObject({ channel: 'sms', subject: null, html: null, link: null, token: null });
    expect(sms.text).toContain(sms.code);
  });

  it('P22 tells a vendor that the store is in review, by its name; without one there is nothing to tell', async () => {
    const vendor = await customer({ email: 'loom@fashion-mail.ng' }, 'vendor');
    await bench.emit(event('identity.vendor.submitted', { userId: vendor.userId, vendorId: newId(), version: 2 }));
    const held = await bench.until(() =>
      bench.deps.database.prisma.delivery.findFirst({ where: { template: 'vendor_submitted', status: 'suppressed' } }),
    );
    expect(held.errorCode).toBe('outdated');
    await runInContext(systemContext('test', 'cli'), () =>
      bench.deps.database.prisma.vendor.updateMany({ where: { userId: vendor.userId }, data: { storeName: 'Loom & Thread' } }),
    );
    await bench.emit(event('identity.vendor.submitted', { userId: vendor.userId, vendorId: newId(), version: 3 }));
    expect((await inbox.wait(vendor.to, { template: 'vendor_submitted' })).text).toContain('Loom & Thread');
  });

  it('welcomes a vendor with the next step', async () => {
    const vendor = await customer({ phone: '+2348029999999' }, 'vendor');
    expect(await inbox.wait(vendor.to, { template: 'welcome_vendor' })).toMatchObject({
      link: `${bench.deps.config.storefrontUrl}/onboarding`,
    });
  });

  it('of a taken contact tells its owner and sends no code', async () => {
    const owner = await customer({ email: 'owner@fashion-mail.ng' });
    await register({ email: 'Owner@Fashion-Mail.ng' });
    const told = await inbox.wait(owner.to, { template: 'already_have_account' });
    expect(told).toMatchObject({ code: null, token: null, link: expect.stringContaining('/login') });
    expect((await inbox.items(owner.to)).filter((item) => item.template === 'otp_register')).toHaveLength(1);
  });
});

describe('a code that is sent again', () => {
  it('replaces the earlier one; a sending that comes too late is not made', async () => {
    const { output: pending } = await register({ email: 'again@fashion-mail.ng' });
    const first = await inbox.code('again@fashion-mail.ng', 'otp_register');
    bench.clock.advance(61);
    await anonymously(() => runCommand(bench.deps, commands.resendCode, { input: { flowId: pending.flowId } }));
    const second = await inbox.wait('again@fashion-mail.ng', { template: 'otp_register', atLeast: 2 });
    expect(second.code).not.toBe(first);
    const [eventId] = await bench.emit(
      event('identity.otp.requested', { flowId: pending.flowId, purpose: 'register', channel: 'email', sendNo: 1 }),
    );
    const late = await bench.until(() =>
      bench.deps.database.prisma.delivery.findFirst({ where: { eventId: eventId ?? '', status: 'suppressed' } }),
    );
    expect(late.errorCode).toBe('outdated');
    expect(await inbox.items('again@fashion-mail.ng')).toHaveLength(2);
  });

  it('for an unknown person is a decoy: nothing is written and nothing sent', async () => {
    await anonymously(() => runCommand(bench.deps, commands.sendLoginCode, { input: { email: 'nobody@fashion-mail.ng', ...caller } }));
    const known = await customer({ email: 'known@fashion-mail.ng' });
    await anonymously(() => runCommand(bench.deps, commands.sendLoginCode, { input: { email: known.to, ...caller } }));
    expect(await inbox.wait(known.to, { template: 'otp_login' })).toMatchObject({ code: expect.stringMatching(/^\d{6}$/), link: null });
    expect(await inbox.items('nobody@fashion-mail.ng')).toEqual([]);
  });
});

describe('notices about an account', () => {
  let person: Awaited<ReturnType<typeof customer>>;
  beforeAll(async () => {
    person = await customer({ email: 'notice@fashion-mail.ng' });
  });
  const notice = async (template: string, one: NewEvent) => {
    await bench.emit(one);
    return inbox.wait(person.to, { template });
  };

  it('a new device is named, with a link that says which session was not mine', async () => {
    const mail = await notice(
      'new_device',
      event('identity.login.succeeded', { userId: person.userId, sessionId: person.sessionId, isNewDevice: true }),
    );
    expect(mail.text).toContain('Chrome');
    const subject = readNotMeToken(bench.deps.keyring, mail.token ?? '', bench.clock.now());
    expect(subject).toMatchObject({ userId: person.userId, sessionId: person.sessionId });
  });

  it('a known device, an unknown person and an erased one get nothing', async () => {
    const before = (await inbox.items(person.to)).length;
    await bench.emit(
      event('identity.login.succeeded', { userId: person.userId, sessionId: person.sessionId, isNewDevice: false }),
      event('identity.login.succeeded', { userId: null, isNewDevice: true }),
      event('identity.login.succeeded', { userId: newId(), isNewDevice: true }),
      event('identity.user.registered', { userId: newId(), kind: 'staff' }),
      event('identity.user.profile_changed', { userId: person.userId, fields: ['city'] }),
      event('identity.session.revoked', { userId: person.userId, sessionIds: [person.sessionId], reason: 'signed_out' }),
    );
    await notice('account_unlocked', event('identity.account.unlocked', { userId: person.userId }));
    expect((await inbox.items(person.to)).length).toBe(before + 1);
  });

  it.each<[string, string, (person: { userId: string; sessionId: string }) => NewEvent['payload'], RegExp]>([
    ['session_family_revoked', 'identity.refresh.reused', (p) => p, /second time/],
    [
      'session_evicted',
      'identity.session.revoked',
      (p) => ({ userId: p.userId, sessionIds: [p.sessionId], reason: 'evicted' }),
      /highest number/,
    ],
    ['mfa_enabled', 'identity.mfa.enabled', (p) => ({ userId: p.userId, factor: 'totp' }), /authenticator app/],
    ['mfa_disabled', 'identity.mfa.disabled', (p) => ({ userId: p.userId, factor: 'totp' }), /authenticator app/],
    ['mfa_reset', 'identity.mfa.reset', (p) => ({ userId: p.userId, factor: 'odd' }), /second step/],
    ['recovery_codes_regenerated', 'identity.recovery_codes.regenerated', (p) => ({ userId: p.userId }), /old ones no longer work/],
    ['provider_linked', 'identity.identity.linked', (p) => ({ userId: p.userId, provider: 'google' }), /Google/],
    ['provider_unlinked', 'identity.identity.unlinked', (p) => ({ userId: p.userId, provider: 'google' }), /Google/],
    ['privacy_export_ready', 'support.privacy.completed', (p) => ({ userId: p.userId, kind: 'export' }), /once, within 24 hours/],
    [
      'privacy_erase_scheduled',
      'support.privacy.received',
      (p) => ({ userId: p.userId, kind: 'erase', effectiveAt: '2026-12-06T10:00:00.000Z' }),
      /6 Dec 2026/,
    ],
    ['erase_cancelled', 'support.privacy.withdrawn', (p) => ({ userId: p.userId, kind: 'erase' }), /called off/],
    ['privacy_completed', 'support.privacy.processing', (p) => ({ userId: p.userId, kind: 'erase' }), /FASTAR\d{6}/],
    ['passkey_added', 'identity.passkey.added', (p) => ({ userId: p.userId, passkeyId: newId() }), /passkey/],
    ['passkey_removed', 'identity.passkey.removed', (p) => ({ userId: p.userId, passkeyId: newId() }), /passkey/],
    ['recovery_code_used', 'identity.recovery_code.used', (p) => ({ userId: p.userId, sessionId: p.sessionId }), /0 codes are left/],
    ['password_changed', 'identity.password.changed', (p) => ({ userId: p.userId }), /was changed on/],
    ['account_suspended', 'identity.user.suspended', (p) => ({ userId: p.userId, reasonCode: 'fraud' }), /signs of fraud/],
    ['account_reactivated', 'identity.user.reactivated', (p) => ({ userId: p.userId, reasonCode: null }), /active again/],
    ['staff_disabled', 'identity.staff.disabled', (p) => ({ userId: p.userId }), /ended on/],
    [
      'staff_grant_changed',
      'identity.grant.revoked',
      (p) => ({ userId: p.userId, role: 'super_admin', grantId: newId() }),
      /super admin was taken/,
    ],
    [
      'reset_use_google',
      'identity.password.reset_requested',
      (p) => ({ flowId: newId(), channel: 'email', googleUserId: p.userId }),
      /sign in with Google/,
    ],
  ])('%s goes out on %s', async (template, name, payload, words) => {
    const mail = await notice(template, event(name, payload({ userId: person.userId, sessionId: person.sessionId })));
    expect(mail.text).toMatch(words);
  });

  it('a refused request about data is told with the words of staff', async () => {
    const { userId } = person;
    const request = {
      id: newId(),
      subjectUserId: userId,
      kind: 'restrict' as const,
      status: 'refused' as const,
      receivedVia: 'email',
      dueAt: addSeconds(bench.deps.clock.now(), 30 * 86_400),
      refusalCode: 'legal',
      refusalText: 'The law asks us to keep these records for six years.',
    };
    await runInContext(systemContext('test', 'cli'), () => bench.deps.database.prisma.privacyRequest.create({ data: request }));
    const mail = await notice('privacy_refused', event('support.privacy.refused', { userId, kind: 'restrict', requestId: request.id }));
    expect(mail.text).toContain('could not carry it out');
    expect(mail.text).toContain(request.refusalText);
  });

  it('staff edits are told, with the fields', async () => {
    await bench.admin.query(
      `INSERT INTO platform.outbox_event (id, name, payload) VALUES (uuidv7(), 'identity.user.profile_changed', $1)`,
      [{ userId: person.userId, fields: ['firstName', 'countryCode'], actorType: 'staff' }],
    );
    expect((await inbox.wait(person.to, { template: 'profile_edited_by_staff' })).text).toContain('first name, country');
  });

  it('a lock is told once an hour', async () => {
    const locked = event('identity.account.locked', {
      userId: person.userId,
      until: addSeconds(bench.clock.now(), 60).toISOString(),
      level: 1,
    });
    await notice('account_locked', locked);
    const [second] = await bench.emit(locked);
    await bench.until(() => bench.deps.database.prisma.outboxConsumed.findFirst({ where: { eventId: second ?? '' } }));
    expect((await inbox.items(person.to)).filter((item) => item.template === 'account_locked')).toHaveLength(1);
    bench.clock.advance(3_700);
    await bench.emit(locked);
    await inbox.wait(person.to, { template: 'account_locked', atLeast: 2 });
  });

  it('one event delivered twice is one message', async () => {
    const payload = { userId: person.userId };
    const [eventId] = await bench.emit(event('identity.password.reset', payload));
    await inbox.wait(person.to, { template: 'password_changed', atLeast: 2 });
    const { rows } = await bench.admin.query('SELECT * FROM platform.outbox_event WHERE id = $1', [eventId]);
    const occurredAt = rows[0].occurred_at.toISOString();
    await runtime.send('notifications.on-password-changed', {
      event: { eventId, name: rows[0].name, aggregateId: null, actionId: null, occurredAt, payload },
    });
    await bench.until(async () => {
      const done = await bench.admin.query(
        "SELECT 1 FROM pgboss.job WHERE name = 'notifications.on-password-changed' AND state = 'completed'",
      );
      return done.rowCount === 3;
    });
    expect((await inbox.items(person.to)).filter((item) => item.template === 'password_changed')).toHaveLength(2);
  });

  it('the delivery log shows them masked and without their words', async () => {
    const lines = await listDeliveries(bench.deps, person.userId);
    expect(lines[0]).toMatchObject({ channel: 'email', status: 'sent', provider: 'capture', recipientMasked: 'n•••@f•••.ng', attempts: 1 });
    expect(JSON.stringify(lines)).not.toContain('notice@');
    const [newest, ...rest] = lines;
    expect(await listDeliveries(bench.deps, person.userId, { limit: 2, before: newest?.id ?? '' })).toEqual(rest.slice(0, 2));
  });
});

describe('the dev inbox', () => {
  it('is empty in strict production, whatever the table holds', async () => {
    const production = { ...bench.deps, config: { ...bench.deps.config, mode: 'production' as const } };
    expect(await devInbox(production, null)).toEqual([]);
    expect((await devInbox(bench.deps, null, 3)).length).toBe(3);
  });

  it('passes over messages sealed with other keys', async () => {
    await bench.admin.query(
      `INSERT INTO notifications.dev_message (id, channel, "to", text, at) VALUES (uuidv7(), 'email', 'x', 'bm90IHNlYWxlZA==', now() + interval '1 day')`,
    );
    expect((await devInbox(bench.deps, null, 2)).length).toBe(1);
  });
});

describe('deliveries that cannot be made', () => {
  const plan = (variables: object, template = 'welcome_client') =>
    runInContext(systemContext('test', 'worker'), async () =>
      bench.deps.database.prisma.delivery.create({
        data: { template, channel: 'email', variables, eventId: newId() },
        select: { id: true },
      }),
    );
  const settle = async (id: string) => {
    await bench.emit(event('notifications.delivery.queued', { deliveryId: id }));
    return bench.until(() => bench.deps.database.prisma.delivery.findFirst({ where: { id, status: { not: 'queued' } } }));
  };

  it.each([
    ['facts that do not read', {}, 'welcome_client', 'facts_unreadable'],
    ['a template that is gone', { recipient: { userId: newId() }, occurredAt: '2026-11-22T10:00:00.000Z' }, 'retired', 'facts_unreadable'],
    [
      'a person who is gone',
      { recipient: { userId: newId() }, occurredAt: '2026-11-22T10:00:00.000Z' },
      'welcome_client',
      'recipient_gone',
    ],
  ])('%s: suppressed, with the reason', async (_what, variables, template, errorCode) => {
    const { id } = await plan(variables, template);
    expect(await settle(id)).toMatchObject({ status: 'suppressed', errorCode });
  });

  const lastTry = { id: newId(), attempt: 0, isLastAttempt: true, signal: new AbortController().signal, send: async () => undefined };
  const deliver = (id: string, deps = bench.deps) =>
    runInContext(systemContext('notifications.deliver', 'worker'), () => deliverMessage(deps, id, lastTry));
  const factsFor = (userId: string) => ({ recipient: { userId }, occurredAt: '2026-11-22T10:00:00.000Z' });

  it('in strict production without a provider: suppressed, and no copy is kept', async () => {
    const { userId, to } = await customer({ email: 'strict@fashion-mail.ng' });
    const { id } = await plan(factsFor(userId), 'account_unlocked');
    await deliver(id, { ...bench.deps, config: { ...bench.deps.config, mode: 'production' } });
    const row = await bench.deps.database.prisma.delivery.findUnique({ where: { id } });
    expect(row).toMatchObject({ status: 'suppressed', errorCode: 'reserved_address', attempts: 0 });
    expect((await inbox.items(to)).filter((item) => item.template === 'account_unlocked')).toEqual([]);
    await deliver(id);
    expect((await inbox.items(to)).filter((item) => item.template === 'account_unlocked')).toEqual([]);
  });

  it('more than once: ten workers with one delivery keep one message', async () => {
    const { userId, to } = await customer({ email: 'ten-workers@fashion-mail.ng' });
    const { id } = await plan(factsFor(userId), 'account_unlocked');
    await Promise.all(Array.from({ length: 10 }, () => deliver(id)));
    const row = await bench.deps.database.prisma.delivery.findUnique({ where: { id } });
    expect(row).toMatchObject({ status: 'sent', attempts: 1 });
    expect((await inbox.items(to)).filter((item) => item.template === 'account_unlocked')).toHaveLength(1);
  });

  it('an unknown delivery id is no error', async () => {
    const [eventId] = await bench.emit(event('notifications.delivery.queued', { deliveryId: newId() }));
    await bench.until(
      async () => (await bench.admin.query("SELECT 1 FROM pgboss.job WHERE id = $1 AND state = 'completed'", [eventId])).rowCount === 1,
    );
  });

  it('those whose worker vanished are closed after an hour, each with its event', async () => {
    const { id } = await plan({ recipient: { userId: newId() }, occurredAt: '2026-11-22T10:00:00.000Z' });
    bench.clock.advance(2 * 3600);
    await runInContext(systemContext('notifications.fail-stuck', 'worker'), () => failStuckDeliveries(bench.deps));
    expect(await bench.deps.database.prisma.delivery.findUnique({ where: { id } })).toMatchObject({
      status: 'failed',
      errorCode: 'worker_lost',
    });
    const { rows } = await bench.admin.query(
      "SELECT payload ->> 'deliveryId' AS id FROM platform.outbox_event WHERE name = 'notifications.delivery.failed'",
    );
    expect(rows).toEqual([{ id }]);
  });
});
