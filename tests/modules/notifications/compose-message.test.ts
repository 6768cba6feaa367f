import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/foundation/command/run-command.ts';
import { createKeyring } from '../../../src/foundation/crypto/keyring.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { commands, type Recipient } from '../../../src/modules/identity/index.ts';
import { composeMessage } from '../../../src/modules/notifications/compose-message.ts';
import type { DeliveryFacts } from '../../../src/modules/notifications/delivery-facts.ts';
import { queueDelivery } from '../../../src/modules/notifications/queue-delivery.ts';
import { rewrapDeliveries } from '../../../src/modules/notifications/rewrap-deliveries.ts';
import type { TemplateId } from '../../../src/modules/notifications/templates/variables.ts';
import { startTestApp } from '../../support/app.ts';
import { caller, freshEmail, password, run } from '../identity/people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const occurredAt = '2026-11-22T10:00:00.000Z';
const somebody: Recipient = {
  userId: null,
  channel: 'email',
  address: 'ada@fashion-mail.ng',
  language: 'en',
  timezone: 'Africa/Lagos',
  firstName: null,
  kind: 'client',
};

const compose = (template: TemplateId, facts: Partial<DeliveryFacts> = {}, recipient: Partial<Recipient> = {}) =>
  composeMessage(template, {
    deps: app.deps,
    recipient: { ...somebody, ...recipient },
    facts: { recipient: { userId: newId() }, occurredAt, ...facts },
  });
const registered = async () => (await run(app, commands.startRegistration, { email: freshEmail(), password, ...caller })).flowId;

describe('a message whose facts are not all there', () => {
  it.each<[TemplateId, Partial<DeliveryFacts>, Partial<Recipient>]>([
    ['otp_login', {}, {}],
    ['otp_register', {}, {}],
    ['reset_link', { flowId: newId() }, {}],
    ['contact_changed_old', { approvalId: newId() }, {}],
    ['contact_changed_old', {}, { userId: newId() }],
    ['contact_changed_old', { approvalId: newId() }, { userId: newId() }],
    ['contact_changed_new', {}, {}],
    ['privacy_completed', {}, {}],
    ['privacy_completed', {}, { userId: newId() }],
    ['vendor_submitted', {}, {}],
    ['staff_invite', {}, {}],
    ['staff_invite', { inviteId: newId() }, {}],
    ['profile_edited_by_staff', {}, {}],
    ['profile_edited_by_staff', { fields: [] }, {}],
    ['staff_grant_changed', { role: 'support' }, {}],
    ['staff_grant_changed', { change: 'added' }, {}],
  ])('%s with %j to %j is not written', async (template, facts, recipient) => {
    expect(await compose(template, facts, recipient)).toBeNull();
  });

  it.each<[TemplateId, string]>([
    ['account_locked', '22 Nov 2026, 11:00 (Africa/Lagos)'],
    ['privacy_erase_scheduled', '22 Nov 2026, 11:00 (Africa/Lagos)'],
    ['recovery_code_used', '0 codes are left'],
  ])('%s says what is known', async (template, words) => {
    expect(JSON.stringify((await compose(template))?.blocks)).toContain(words);
  });

  it('to somebody without an account points to support in place of a link that ends sessions', async () => {
    const message = await compose('password_changed');
    expect(message).toMatchObject({ link: `${app.deps.config.storefrontUrl}/support`, token: null });
    const known = await compose('password_changed', {}, { userId: newId() });
    expect(known?.link).toContain('/not-me#t=');
  });
});

describe('the code of a flow', () => {
  it('is the first one where no sending is named, with a link by mail only', async () => {
    const flowId = await registered();
    const mail = await compose('otp_register', { flowId });
    expect(mail).toMatchObject({ code: app.deps.keyring.otpCode(flowId, 1), token: app.deps.keyring.linkToken(flowId, 1) });
    const sms = await compose('otp_register', { flowId, sendNo: 1 }, { channel: 'sms', address: '+2348021234567' });
    expect(sms).toMatchObject({ code: app.deps.keyring.otpCode(flowId, 1), link: null, token: null });
    expect(await compose('otp_register', { flowId, sendNo: 2 })).toBeNull();
  });
});

describe('the keys of the delivery log', () => {
  const bySystem = <T>(work: () => Promise<T>) => app.as({ kind: 'system', name: 'test' }, work);

  async function queued(): Promise<string> {
    const flowId = await registered();
    const event = { eventId: newId(), name: 'test', aggregateId: null, actionId: null, occurredAt, payload: {} };
    const planned = { template: 'otp_register' as const, facts: { recipient: { flowId }, flowId, sendNo: 1 } };
    await bySystem(() => queueDelivery(app.deps, { consumer: 'test', event, planned }));
    return event.eventId;
  }

  it('move to the current key in batches, and open the same contact as before', async () => {
    const eventIds = [await queued(), await queued(), await queued()];
    const { config, database } = app.deps;
    const [old] = config.secrets.piiKeks;
    const piiKeks = [{ kid: 'next', key: Buffer.alloc(32, 7) }, ...config.secrets.piiKeks];
    const secrets = { ...config.secrets, piiKeks };
    const keyring = createKeyring(secrets);
    const deps = { ...app.deps, config: { ...config, secrets }, keyring };
    const contacts = async () => {
      const rows = await database.prisma.delivery.findMany({ where: { eventId: { in: eventIds } }, orderBy: { id: 'asc' } });
      return rows.map(({ id, recipientEnc, wrappedRowKey, kekKid }) => {
        const dataKey = keyring.unwrapDataKey(wrappedRowKey ?? Buffer.alloc(0), kekKid ?? '');
        return { kekKid, to: keyring.decryptField(dataKey, `delivery.recipient_enc:${id}`, recipientEnc ?? Buffer.alloc(0)) };
      });
    };
    const before = await contacts();
    expect(before.map(({ kekKid }) => kekKid)).toEqual([old?.kid, old?.kid, old?.kid]);
    const rewrap = () => bySystem(() => runCommand(deps, rewrapDeliveries, { input: { limit: 2 } }));
    const counts = [(await rewrap()).output.rewrapped, (await rewrap()).output.rewrapped, (await rewrap()).output.rewrapped];
    expect(counts).toEqual([2, 1, 0]);
    expect(await contacts()).toEqual(before.map(({ to }) => ({ kekKid: 'next', to })));
  });

  it('stay where they are without a key to move to', async () => {
    const { config } = app.deps;
    const deps = { ...app.deps, config: { ...config, secrets: { ...config.secrets, piiKeks: [] } } };
    await expect(bySystem(() => runCommand(deps, rewrapDeliveries, { input: { limit: 2 } }))).rejects.toMatchObject({
      code: 'internal_error',
      cause: { message: 'PII_KEKS names no key' },
    });
  });
});
