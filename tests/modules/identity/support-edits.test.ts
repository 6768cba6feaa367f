import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { previewCommand } from '../../../src/foundation/command/run-command.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { commands, personBox, staffCommands, staffQueries, systemCommands } from '../../../src/modules/identity/index.ts';
import { fillCountries } from '../../../src/modules/reference/index.ts';
import { staffActor, startTestApp } from '../../support/app.ts';
import { ticketAbout } from '../../support/tickets.ts';
import { caller, freshEmail, password, refusal, refusalCode, run } from './people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
const system = { kind: 'system', name: 'test' } as const;
beforeAll(async () => {
  app = await startTestApp();
  await app.as(system, () => fillCountries(app.deps));
});
afterAll(() => app.stop());

const reason = { code: 'customer_request', text: 'Asked for it on the phone' };
const staff = (role: 'support' | 'assistant' | 'finance' = 'support') => staffActor({ role, isLead: false }, app.clock.now());
const by = (envelope: object = {}, actor = staff()) => ({ actor, envelope: { reason, ...envelope } });
const prisma = () => app.deps.database.prisma;
const eventsOf = (id: string) => prisma().outboxEvent.findMany({ where: { aggregateId: id, name: 'identity.user.profile_changed' } });

async function shopper(): Promise<{ userId: string; clientId: string }> {
  const input = { email: freshEmail(), password, firstName: 'Ngozi', lastName: 'Ibe' };
  const { userId } = await run(app, systemCommands.registerVerified, input, { actor: system });
  const { id } = await prisma().client.findUniqueOrThrow({ where: { userId } });
  return { userId, clientId: id };
}

/** An entry of the address book; there is no route of customers for it yet. */
async function addAddress(userId: string, clientId: string): Promise<string> {
  const id = newId();
  await app.as(system, async () => {
    const box = await personBox(app.deps, prisma(), userId);
    const sealed = (column: string, clear: string) => new Uint8Array(box?.seal(`client_address.${column}:${id}`, clear) ?? []);
    const data = { id, clientId, label: 'Home', city: 'Lagos', countryCode: 'NG', isDefault: true };
    await prisma().clientAddress.create({
      data: { ...data, fullNameEnc: sealed('full_name_enc', 'Ngozi Ibe'), streetEnc: sealed('street_enc', '12 Allen Avenue') },
    });
  });
  return id;
}

describe('order news of a shopper', () => {
  it('is switched on the version that was seen, and the person is told which', async () => {
    const { userId, clientId } = await shopper();
    const edit = (input: object, expectedVersion: number) =>
      run(app, staffCommands.editClient, { id: clientId, ...input }, by({ expectedVersion }));
    const effects = await app.as(staff(), () =>
      previewCommand(app.deps, staffCommands.editClient, { input: { id: clientId, emailNotifications: false }, expectedVersion: 1 }),
    );
    expect(effects).toEqual(['Turns order news by email off.', expect.stringMatching(/^Sends an email to /)]);
    expect(await edit({ emailNotifications: false }, 1)).toEqual({ version: 2, fields: ['emailNotifications'] });
    expect(await edit({ emailNotifications: false }, 2)).toEqual({ version: 2, fields: [] });
    expect(await refusalCode(edit({ smsNotifications: true }, 1))).toBe('version_conflict');
    expect((await eventsOf(userId)).map(({ payload }) => payload)).toMatchObject([{ fields: ['emailNotifications'] }]);
  });

  it('is not for those who only look, nor without a reason or version', async () => {
    const { clientId } = await shopper();
    const edit = (who: object) => refusalCode(run(app, staffCommands.editClient, { id: clientId, smsNotifications: true }, who));
    expect(await edit(by({ expectedVersion: 1 }, staff('finance')))).toBe('forbidden');
    expect(await edit(by())).toBe('required');
    expect(await edit({ actor: staff(), envelope: { expectedVersion: 1 } })).toBe('required');
    expect(await refusalCode(run(app, staffCommands.editClient, { id: newId() }, by({ expectedVersion: 1 })))).toBe('not_found');
  });
});

describe('where parcels go', () => {
  const reveal = async (userId: string, input: object) =>
    run(app, staffCommands.revealContact, { id: userId, ...input }, by({ ticketId: await ticketAbout(app, userId) }));

  it('the default address is replaced, kept encrypted, and shown to nobody without a reveal', async () => {
    const { userId, clientId } = await shopper();
    const edit = (address: string | null, expectedVersion: number) =>
      run(app, staffCommands.editClientAddress, { id: clientId, address }, by({ expectedVersion }));
    expect(await refusalCode(reveal(userId, { field: 'shipping_address' }))).toBe('not_found');
    expect(await edit('5 Marina, Lagos', 1)).toEqual({ version: 2, fields: ['defaultShippingAddress'] });
    expect(await edit(' 5 Marina, Lagos ', 2)).toEqual({ version: 2, fields: [] });
    expect(await reveal(userId, { field: 'shipping_address' })).toMatchObject({ value: '5 Marina, Lagos', quotaLeft: 29 });
    expect(JSON.stringify(await staffQueries.customerPage(app.deps, userId))).not.toContain('Marina');
    expect(await refusalCode(edit('x'.repeat(501), 2))).toBe('too_long');
    const conflict = await refusal(edit('elsewhere', 1));
    expect(conflict.details.extra).toMatchObject({ currentVersion: 2, current: { address: 'set, not shown' } });
    expect(await edit(null, 2)).toMatchObject({ version: 3 });
    expect(await refusalCode(run(app, staffCommands.editClientAddress, { id: clientId }, by({ expectedVersion: 3 })))).toBe('required');
  });

  it('an entry of the address book is corrected field by field on its own version', async () => {
    const { userId, clientId } = await shopper();
    const addressId = await addAddress(userId, clientId);
    const edit = (input: object, expectedVersion: number) =>
      run(app, staffCommands.editClientAddress, { id: clientId, addressId, ...input }, by({ expectedVersion }));
    const effects = await app.as(staff(), () =>
      previewCommand(app.deps, staffCommands.editClientAddress, { input: { id: clientId, addressId, city: 'Abuja' } }),
    );
    expect(effects[0]).toBe('Changes city of "Home".');
    expect(await edit({ city: ' Abuja ', phone: '08031234567', street: '1 Ring Road' }, 1)).toMatchObject({ version: 2 });
    expect(await edit({ city: 'Abuja' }, 2)).toEqual({ version: 2, fields: [] });
    expect(await reveal(userId, { field: 'address', addressId })).toMatchObject({
      value: 'Ngozi Ibe\n+2348031234567\n1 Ring Road\nAbuja, NG',
    });
    expect(await refusalCode(edit({ city: '' }, 2))).toBe('required');
    expect(await refusalCode(edit({ countryCode: 'QQ' }, 2))).toBe('country_unknown');
    expect(await refusalCode(edit({ phone: '12' }, 2))).toBe('phone_invalid');
    expect(await refusalCode(edit({ label: 'x'.repeat(41), phone: null }, 2))).toBe('too_long');
    expect(await edit({ phone: null, label: 'Work', fullName: 'N. Ibe', countryCode: 'ng' }, 2)).toMatchObject({ version: 3 });
    const conflict = await refusal(edit({ city: 'Kano' }, 1));
    expect(conflict.details.extra).toMatchObject({ current: { label: 'Work', street: 'not shown' }, currentVersion: 3 });
    const other = await shopper();
    expect(
      await refusalCode(
        run(app, staffCommands.editClientAddress, { id: other.clientId, addressId, city: 'X' }, by({ expectedVersion: 1 })),
      ),
    ).toBe('not_found');
    expect(await refusalCode(reveal(other.userId, { field: 'address', addressId }))).toBe('not_found');
  });
});

describe('a registration that nobody finished', () => {
  it('is found by its whole contact and its code is sent again, three times an hour', async () => {
    const email = freshEmail();
    const { flowId } = await run(app, commands.startRegistration, { email, password, ...caller });
    const found = await staffQueries.findRegistrations(app.deps, ` ${email.toUpperCase()} `);
    expect(found).toMatchObject({ userId: null, open: [{ flowId, kind: 'client', sends: 1, triesLeft: 5 }] });
    expect(JSON.stringify(found)).not.toContain(email);
    const resend = (actor = staff()) => run(app, staffCommands.resendRegistrationCode, { id: flowId }, { actor });
    expect(await refusalCode(resend(staff('assistant')))).toBe('forbidden');
    expect(await refusalCode(resend())).toBe('otp_cooldown');
    app.clock.advance(120);
    const preview = await app.as(staff(), () => previewCommand(app.deps, staffCommands.resendRegistrationCode, { input: { id: flowId } }));
    expect(preview[0]).toMatch(/^Sends an email to .•••@/);
    expect(await resend()).toMatchObject({ flowId, channel: 'email' });
    app.clock.advance(400);
    expect(await resend()).toMatchObject({ flowId });
    expect(await refusalCode(resend())).toBe('rate_limited');
    app.clock.advance(7200);
    expect(await refusalCode(resend())).toBe('flow_expired');
    expect(await staffQueries.findRegistrations(app.deps, email)).toMatchObject({ open: [] });
    expect(await refusalCode(run(app, staffCommands.resendRegistrationCode, { id: newId() }, { actor: staff() }))).toBe('not_found');
  });

  it('is nobody’s where the contact has an account: its claims are decoys', async () => {
    const { userId } = await shopper();
    const { emailMasked } = await prisma().user.findUniqueOrThrow({ where: { id: userId } });
    const email = freshEmail();
    const owner = await run(
      app,
      systemCommands.registerVerified,
      { email, password, firstName: 'Ife', lastName: 'Oni' },
      { actor: system },
    );
    const { flowId } = await run(app, commands.startRegistration, { email, password, ...caller });
    expect(await staffQueries.findRegistrations(app.deps, email)).toMatchObject({ userId: owner.userId, open: [] });
    expect(await refusalCode(run(app, staffCommands.resendRegistrationCode, { id: flowId }, { actor: staff() }))).toBe('not_found');
    expect(await refusalCode(staffQueries.findRegistrations(app.deps, 'half an address@'))).toBe('email_invalid');
    expect(emailMasked).toContain('•');
  });
});
