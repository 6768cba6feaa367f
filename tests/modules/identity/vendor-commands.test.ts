import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '../../../src/foundation/command/command.ts';
import { previewCommand } from '../../../src/foundation/command/run-command.ts';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { storeCommands } from '../../../src/modules/catalog/index.ts';
import { commands, queries, staffCommands, vendorFacts } from '../../../src/modules/identity/index.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { staffOf } from '../support/two-people.ts';
import { arrange, refusal, refusalCode, registerPerson, run } from './people.ts';
import { because, eventsOf, fresh, setVendor, storeIn, vendorRow } from './vendors.ts';

let app: TestApp;
let lead: StaffActor;
let moderator: StaffActor;
let admin: StaffActor;
let finance: StaffActor;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '1000' });
  lead = await staffOf(app, 'reviewer', true);
  moderator = await staffOf(app, 'moderator');
  admin = await staffOf(app, 'admin');
  finance = await staffOf(app, 'finance');
});
afterAll(() => app.stop());

type Any = Command<never, unknown, undefined, unknown>;
const call = (command: object, actor: StaffActor, input: object, more: object = {}) =>
  run(app, command as Any, input, { actor: fresh(app, actor), envelope: { ...because(), ...more } });
const { suspendStore, reactivateStore, undoSuspension, closeStore } = storeCommands;

describe('suspending a store', () => {
  it('is at once, with a reason, by a lead, moderator or admin; nobody else', async () => {
    const { id, owner } = await storeIn(app, 'approved');
    for (const role of ['assistant', 'support', 'reviewer', 'enhancer', 'finance', 'auditor'] as const) {
      expect(await refusalCode(call(suspendStore, await staffOf(app, role), { id })), role).toBe('forbidden');
    }
    const bare = run(app, suspendStore, { id }, { actor: fresh(app, moderator) });
    expect(await refusalCode(bare)).toBe('required');
    await call(suspendStore, moderator, { id });
    const facts = (await vendorFacts(app.deps.database.prisma, [id])).get(id);
    expect(facts).toMatchObject({ status: 'suspended', isSelling: false });
    expect(await vendorRow(app, id)).toMatchObject({ suspendedBy: moderator.id, suspendedReason: 'Seen in a spot check of the shop' });
    expect(await eventsOf(app, id)).toMatchObject([{ name: 'identity.vendor.suspended', payload: { vendorId: id, code: 'policy' } }]);
    expect((await queries.readVendorProfile(app.deps, owner.actor.id)).status).toBe('suspended');
    expect(await refusalCode(call(suspendStore, lead, { id }))).toBe('transition_not_allowed');
  });

  it('says before how many products disappear', async () => {
    const { id, owner } = await storeIn(app, 'approved');
    const product = { vendorId: id, ownerUserId: owner.actor.id, title: 'Agbada', price: 100, categoryCodes: ['agbada'] };
    const live = { status: 'published' as const, publishedAt: app.clock.now(), liveRevision: 1 };
    await arrange(app, (prisma) =>
      prisma.product.createMany({
        data: [
          { ...product, ...live, slug: newId() },
          { ...product, ...live, slug: newId() },
          { ...product, slug: newId() },
        ],
      }),
    );
    const words = await app.as(fresh(app, lead), () => previewCommand(app.deps, suspendStore, { input: { id }, ...because() }));
    expect(words[0]).toBe('Hides 2 live products from the shop at once.');
    expect((await vendorRow(app, id)).status).toBe('approved');
  });

  it('is lifted by somebody else', async () => {
    const { id } = await storeIn(app, 'approved');
    await call(suspendStore, lead, { id });
    expect(await refusalCode(call(reactivateStore, lead, { id }))).toBe('four_eyes');
    expect(await refusalCode(call(reactivateStore, moderator, { id }))).toBe('forbidden');
    await call(reactivateStore, admin, { id });
    expect((await vendorRow(app, id)).status).toBe('approved');
    expect((await eventsOf(app, id)).map(({ name }) => name)).toEqual(['identity.vendor.suspended', 'identity.vendor.reactivated']);
  });

  it('is taken back by whoever did it, within 15 minutes, unless the store changed since', async () => {
    const { id } = await storeIn(app, 'approved');
    const suspended = await run(app, suspendStore, { id }, { actor: fresh(app, lead), envelope: because() });
    expect(await refusalCode(call(undoSuspension, admin, { id }))).toBe('forbidden');
    await setVendor(app, id, { tagline: 'New words', version: { increment: 1 } });
    const { version } = suspended;
    expect(await refusalCode(call(undoSuspension, lead, { id }, { expectedVersion: version }))).toBe('version_conflict');
    await call(undoSuspension, lead, { id }, { expectedVersion: version + 1 });
    expect((await vendorRow(app, id)).status).toBe('approved');
    await call(suspendStore, lead, { id });
    app.clock.advance(900);
    expect(await refusalCode(call(undoSuspension, lead, { id }))).toBe('undo_expired');
  });
});

describe('other steps of staff', () => {
  it('an appeal is accepted by an admin; the store waits again, known as rejected', async () => {
    const { id } = await storeIn(app, 'rejected', { rejectedAt: new Date() });
    expect(await refusalCode(call(staffCommands.acceptAppeal, lead, { id }))).toBe('forbidden');
    await call(staffCommands.acceptAppeal, admin, { id });
    expect((await vendorFacts(app.deps.database.prisma, [id])).get(id)).toMatchObject({ status: 'submitted', wasRejected: true });
    expect((await eventsOf(app, id)).map(({ name }) => name)).toEqual(['identity.vendor.appealed']);
  });

  it('a store is closed by an admin, for good, but not while it is reviewed', async () => {
    const { id } = await storeIn(app, 'submitted');
    expect(await refusalCode(call(closeStore, admin, { id }))).toBe('transition_not_allowed');
    await setVendor(app, id, { status: 'changes_requested' });
    await call(closeStore, admin, { id });
    expect((await vendorRow(app, id)).status).toBe('closed');
    for (const command of [suspendStore, reactivateStore, staffCommands.acceptAppeal]) {
      expect(await refusalCode(call(command, admin, { id }))).toBe('transition_not_allowed');
    }
  });

  it('featured are approved stores only', async () => {
    const { id } = await storeIn(app, 'draft');
    expect(await refusalCode(call(staffCommands.setFeatured, lead, { id, isFeatured: true }))).toBe('transition_not_allowed');
    await setVendor(app, id, { status: 'approved', verifiedAt: app.clock.now() });
    await call(staffCommands.setFeatured, lead, { id, isFeatured: true });
    expect((await vendorRow(app, id)).isFeatured).toBe(true);
  });
});

describe('terms and payouts', () => {
  it.each([0, 1000, 5000])('commission of %s basis points', async (commissionBps) => {
    const { id, owner } = await storeIn(app, 'approved');
    await call(staffCommands.setCommission, finance, { id, commissionBps }, { expectedVersion: (await vendorRow(app, id)).version });
    expect((await vendorRow(app, id)).commissionBps).toBe(commissionBps);
    expect((await eventsOf(app, owner.actor.id)).at(-1)).toMatchObject({
      name: 'identity.user.profile_changed',
      payload: { fields: ['commission'], actorType: 'staff' },
    });
  });

  it.each([-1, 5001, 100_000, 0.1, '1000', null])('commission of %s is none', async (commissionBps) => {
    const { id } = await storeIn(app, 'approved');
    const refused = await refusal(call(staffCommands.setCommission, finance, { id, commissionBps }, { expectedVersion: 1 }));
    expect([refused.code, refused.status]).toEqual(['commission_invalid', 422]);
  });

  it('commission and tier are for finance, on the version they saw, with a factor of the last five minutes', async () => {
    const { id } = await storeIn(app, 'approved');
    const tier = (actor: StaffActor, expectedVersion?: number) =>
      call(staffCommands.setTier, actor, { id, tier: 'elite' }, expectedVersion === undefined ? {} : { expectedVersion });
    const { version } = await vendorRow(app, id);
    expect(await refusalCode(tier(admin, version))).toBe('forbidden');
    expect(await refusalCode(tier(finance, version + 1))).toBe('version_conflict');
    const tired = { ...finance, factorAt: new Date(app.clock.now().getTime() - 301_000) };
    const late = run(
      app,
      staffCommands.setTier,
      { id, tier: 'elite' },
      { actor: tired, envelope: { ...because(), expectedVersion: version } },
    );
    expect(await refusalCode(late)).toBe('step_up_required');
    await tier(finance, version);
    expect((await vendorRow(app, id)).subscriptionTier).toBe('elite');
  });

  it('payouts are held by support too, and let go by those who may', async () => {
    const { id, owner } = await storeIn(app, 'approved');
    const support = await staffOf(app, 'support');
    const until = async () => (await app.deps.database.prisma.user.findUniqueOrThrow({ where: { id: owner.actor.id } })).payoutHoldUntil;
    await call(staffCommands.setPayoutHold, support, { id, days: 3 });
    expect(await until()).toEqual(new Date(app.clock.now().getTime() + 3 * 86_400_000));
    expect(await refusalCode(call(staffCommands.setPayoutHold, finance, { id, days: 1 }))).toBe('transition_not_allowed');
    expect(await refusalCode(call(staffCommands.setPayoutHold, finance, { id, days: 91 }))).toBe('too_long');
    expect(await refusalCode(call(staffCommands.clearPayoutHold, support, { id }))).toBe('forbidden');
    await call(staffCommands.clearPayoutHold, finance, { id });
    expect(await until()).toBeNull();
    expect(await refusalCode(call(staffCommands.clearPayoutHold, finance, { id }))).toBe('transition_not_allowed');
  });

  it('a store that is none is not found', async () => {
    expect(await refusalCode(call(suspendStore, lead, { id: newId() }))).toBe('not_found');
    const client = await registerPerson(app);
    expect(await refusalCode(run(app, commands.replaceVendorSettings, settings, { actor: client.actor }))).toBe('role_required');
  });
});

const settings = { orderMode: 'auto', notifyOrders: true, notifyReviews: false, returnDays: 14 };
