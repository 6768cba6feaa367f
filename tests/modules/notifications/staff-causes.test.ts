import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/foundation/command/run-command.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { runInContext, systemContext } from '../../../src/foundation/runtime/request-context.ts';
import { inviteFacts, recipientOf, sendableCode, staffCommands, systemCommands } from '../../../src/modules/identity/index.ts';
import { notificationJobs, notificationSubscriptions } from '../../../src/modules/notifications/index.ts';
import { requestContext, staffActor } from '../../support/app.ts';
import { createInbox, type Inbox } from '../../support/inbox.ts';
import { createJobBench, type JobBench } from '../../support/job-bench.ts';
import { ticketAbout } from '../../support/tickets.ts';

const password = 'blue okra sings late';
let bench: JobBench;
let inbox: Inbox;
beforeAll(async () => {
  bench = await createJobBench({ jobs: notificationJobs, subscriptions: notificationSubscriptions });
  inbox = createInbox(bench.deps);
  await bench.runtime().start();
});
afterAll(() => bench.stop());

const bySystem = <T>(work: () => Promise<T>): Promise<T> => runInContext(systemContext('test', 'cli'), work);
const byStaff = <T>(role: 'admin' | 'support', work: () => Promise<T>): Promise<T> =>
  runInContext(requestContext(staffActor({ role, isLead: false, expiresAt: null }, bench.clock.now())), work);

async function staffMember(email: string): Promise<string> {
  const input = { email, password, firstName: 'Bola', lastName: 'Ade', grants: [{ role: 'support' as const }] };
  const { output } = await bySystem(() => runCommand(bench.deps, systemCommands.createStaffAccount, { input }));
  return output.userId;
}

async function customer(identifier: { email: string } | { phone: string }, kind: 'client' | 'vendor' = 'client'): Promise<string> {
  const input = { ...identifier, kind, password, firstName: 'Musa', lastName: 'Sani' };
  const { output } = await bySystem(() => runCommand(bench.deps, systemCommands.registerVerified, { input }));
  return output.userId;
}

/** A live code flow of a person, as the command that asks for the code would leave it. */
async function flowOf(userId: string, purpose: 'contact_change' | 'step_up' | 'link' | 'reset', channel: 'email' | 'sms'): Promise<string> {
  const id = newId();
  const now = bench.clock.now();
  const end = new Date(now.getTime() + 600_000);
  await bySystem(async () =>
    bench.deps.database.prisma.otpFlow.createMany({
      data: {
        id,
        purpose,
        channel,
        subjectType: 'user',
        subjectId: userId,
        destination: 'm***',
        codeHash: new Uint8Array(32),
        expiresAt: end,
        flowExpiresAt: end,
        nextSendAt: now,
      },
    }),
  );
  return id;
}

describe('what staff do', () => {
  it('an invitation brings the link that the invite row waits for, in words for people', async () => {
    const input = { email: 'new.hire@fashion-mail.ng', roles: [{ role: 'support' as const, isLead: false }] };
    const reason = { code: 'other', text: 'joins the support team on Monday' };
    const { output } = await byStaff('admin', () => runCommand(bench.deps, staffCommands.inviteStaff, { input, reason }));
    const mail = await inbox.wait(input.email, { template: 'staff_invite' });
    expect(mail.link).toBe(`${bench.deps.config.publicUrl}/admin/enrol?token=${mail.token}`);
    expect(mail.text).toContain('as: support');
    const row = await bench.deps.database.prisma.staffInvite.findUnique({ where: { id: output.inviteId } });
    expect(Buffer.from(row?.tokenHash ?? '').toString('hex')).toBe(
      createHash('sha256')
        .update(mail.token ?? '')
        .digest('hex'),
    );
    await bySystem(async () =>
      bench.deps.database.prisma.staffInvite.updateMany({ where: { id: output.inviteId }, data: { cancelledAt: bench.clock.now() } }),
    );
    expect(await recipientOf(bench.deps, { inviteId: output.inviteId })).toBeNull();
    expect(await inviteFacts(bench.deps, output.inviteId)).toBeNull();
  });

  it('a reset link asked for by support goes by mail with link and code, by SMS with a code', async () => {
    const byMail = await customer({ email: 'forgot@fashion-mail.ng' });
    const byPhone = await customer({ phone: '+2348035550001' });
    for (const id of [byMail, byPhone]) {
      const ticketId = await ticketAbout(bench, id);
      await byStaff('support', () => runCommand(bench.deps, staffCommands.sendResetLink, { input: { id }, ticketId }));
    }
    const mail = await inbox.wait('forgot@fashion-mail.ng', { template: 'reset_link' });
    expect(mail.link).toBe(`${bench.deps.config.storefrontUrl}/reset-password#t=${mail.token}`);
    expect(mail.text).toContain(mail.code);
    const sms = await inbox.wait('+2348035550001', { template: 'otp_reset' });
    expect(sms).toMatchObject({ link: null, code: expect.stringMatching(/^\d{6}$/) });
  });

  it('a member of staff hears of a new device in the words for staff', async () => {
    const userId = await staffMember('bola@fashion-mail.ng');
    await bench.emit({ name: 'identity.login.succeeded', aggregateId: userId, payload: { userId, sessionId: null, isNewDevice: true } });
    expect((await inbox.wait('bola@fashion-mail.ng', { template: 'staff_new_device' })).text).toContain('Unknown device, unknown place');
  });
});

describe('codes of other purposes', () => {
  it.each([
    ['contact_change', 'email', 'otp_contact_change'],
    ['step_up', 'email', 'otp_reauth'],
    ['link', 'email', 'otp_link'],
  ] as const)('%s by %s is sent as %s', async (purpose, channel, template) => {
    const to = `${purpose.replace('_', '-')}@fashion-mail.ng`;
    const userId = await customer({ email: to });
    const flowId = await flowOf(userId, purpose, channel);
    await bench.emit({ name: 'identity.otp.requested', aggregateId: flowId, payload: { flowId, purpose, channel, sendNo: 1 } });
    const item = await inbox.wait(to, { template });
    expect(item.code).toBe(bench.deps.keyring.otpCode(flowId, 1));
  });

  it('a reset that is sent again keeps its template on each channel', async () => {
    const userId = await customer({ phone: '+2348035550002' });
    const flowId = await flowOf(userId, 'reset', 'sms');
    await bench.emit({
      name: 'identity.otp.requested',
      aggregateId: flowId,
      payload: { flowId, purpose: 'reset', channel: 'sms', sendNo: 1 },
    });
    expect((await inbox.wait('+2348035550002', { template: 'otp_reset' })).code).toMatch(/^\d{6}$/);
  });

  it('a reset by mail without a link is not sent, for half of it would be missing', async () => {
    const userId = await customer({ email: 'half@fashion-mail.ng' });
    const flowId = await flowOf(userId, 'reset', 'email');
    const [eventId] = await bench.emit({
      name: 'identity.otp.requested',
      aggregateId: flowId,
      payload: { flowId, purpose: 'reset', channel: 'email', sendNo: 1 },
    });
    const delivery = await bench.until(() =>
      bench.deps.database.prisma.delivery.findFirst({ where: { eventId: eventId ?? '', status: 'suppressed' } }),
    );
    expect(delivery.errorCode).toBe('outdated');
  });

  it('are worth nothing once over, spent, superseded, unknown or sent anew', async () => {
    const userId = await customer({ email: 'over@fashion-mail.ng' });
    const flowId = await flowOf(userId, 'step_up', 'email');
    expect(await sendableCode(bench.deps, flowId, 1)).toMatchObject({ purpose: 'step_up', linkToken: null });
    expect(await sendableCode(bench.deps, flowId, 2)).toBeNull();
    expect(await sendableCode(bench.deps, newId(), 1)).toBeNull();
    bench.clock.advance(601);
    expect(await sendableCode(bench.deps, flowId, 1)).toBeNull();
  });
});

describe('times in a message', () => {
  it('are in the zone of the person, or in UTC when the zone is not known', async () => {
    const lagos = await customer({ email: 'lagos@fashion-mail.ng' });
    const nowhere = await customer({ email: 'nowhere@fashion-mail.ng' });
    await bySystem(async () => bench.deps.database.prisma.user.updateMany({ where: { id: nowhere }, data: { timezone: 'Nowhere/None' } }));
    for (const userId of [lagos, nowhere])
      await bench.emit({ name: 'identity.password.changed', aggregateId: userId, payload: { userId } });
    expect((await inbox.wait('lagos@fashion-mail.ng', { template: 'password_changed' })).text).toContain('(Africa/Lagos)');
    expect((await inbox.wait('nowhere@fashion-mail.ng', { template: 'password_changed' })).text).toContain('(UTC)');
  });
});

it('an event that leaves out what it may still brings a message that is true', async () => {
  const to = 'sparse@fashion-mail.ng';
  const userId = await customer({ email: to });
  for (const name of [
    'identity.account.locked',
    'identity.user.suspended',
    'identity.recovery_code.used',
    'identity.recovery_codes.regenerated',
  ]) {
    await bench.emit({ name, aggregateId: userId, payload: { userId } });
  }
  const year = String(bench.clock.now().getUTCFullYear());
  expect((await inbox.wait(to, { template: 'account_locked' })).text).toContain(year);
  expect((await inbox.wait(to, { template: 'account_suspended' })).text).toContain('needs a check by our team');
  expect((await inbox.wait(to, { template: 'recovery_code_used' })).text).toContain('0 codes are left');
  await inbox.wait(to, { template: 'recovery_codes_regenerated' });
});

it('a vendor is asked to set up the store, and a suspension without a known reason still says something true', async () => {
  const userId = await customer({ email: 'vendor@fashion-mail.ng' }, 'vendor');
  await bench.emit({ name: 'identity.user.suspended', aggregateId: userId, payload: { userId, reasonCode: 'other' } });
  expect((await inbox.wait('vendor@fashion-mail.ng', { template: 'account_suspended' })).text).toContain('needs a check by our team');
});
