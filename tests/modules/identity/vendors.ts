import type { Prisma, Vendor } from '@prisma/client';
import { z } from 'zod';
import { defineCommand } from '../../../src/foundation/command/command.ts';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { nubanCheckDigit } from '../../../src/modules/identity/bank-accounts/nuban.ts';
import { type VendorMove, vendorStep } from '../../../src/modules/identity/index.ts';
import { system } from '../../audit/support/staff.ts';
import type { TestApp } from '../../support/app.ts';
import { arrange, type Person, registerPerson, run } from './people.ts';

/** A step taken as a command of another module would take it. */
const takeStep = defineCommand<VendorMove, { status: Vendor['status']; version: number }>({
  name: 'take-step',
  resource: 'vendor',
  access: 'system',
  input: z.custom<VendorMove>(),
  async run(scope, move) {
    const { status, version } = await vendorStep(scope, move);
    return { status, version };
  },
});

export const step = (app: TestApp, move: VendorMove) => run(app, takeStep, move, { actor: system });

export const vendorRow = (app: TestApp, id: string) => app.deps.database.prisma.vendor.findUniqueOrThrow({ where: { id } });

export const setVendor = (app: TestApp, id: string, data: Prisma.VendorUncheckedUpdateInput) =>
  arrange(app, (prisma) => prisma.vendor.update({ where: { id }, data }));

export type Store = { id: string; owner: Person };

let serial = 0;

/** A store in this state, complete, its KYC approved. */
export async function storeIn(app: TestApp, status: Vendor['status'], data: Prisma.VendorUncheckedUpdateInput = {}): Promise<Store> {
  const owner = await registerPerson(app, 'vendor');
  serial += 1;
  const { id } = await app.deps.database.prisma.vendor.findUniqueOrThrow({ where: { userId: owner.actor.id } });
  await setVendor(app, id, {
    storeName: `Store ${process.pid} ${serial}`,
    collections: ['indigo'],
    status,
    ...(status === 'approved' || status === 'suspended' ? { verifiedAt: app.clock.now() } : {}),
    ...data,
  });
  await arrange(app, (prisma) => prisma.vendorSetup.updateMany({ where: { vendorId: id }, data: { kycDoneAt: app.clock.now() } }));
  return { id, owner };
}

/** The names and payloads of what a store's steps told, oldest first. */
export async function eventsOf(app: TestApp, aggregateId: string): Promise<{ name: string; payload: Record<string, unknown> }[]> {
  const rows = await app.deps.database.prisma.outboxEvent.findMany({ where: { aggregateId }, orderBy: { id: 'asc' } });
  return rows.map(({ name, payload }) => ({ name, payload: z.record(z.string(), z.unknown()).parse(payload) }));
}

/** An account number that is right for its bank. */
export function nuban(bankCode = '058', given = serial): string {
  serial += 1;
  const digits = String(100_000_000 + given * 7 + serial).slice(0, 9);
  return `${digits}${nubanCheckDigit(bankCode, digits)}`;
}

export const because = (code = 'policy') => ({ reason: { code, text: 'Seen in a spot check of the shop' } });

export const fresh = (app: TestApp, actor: StaffActor): StaffActor => ({ ...actor, factorAt: app.clock.now() });
