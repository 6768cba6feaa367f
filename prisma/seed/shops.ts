import type { CommandDeps } from '../../src/foundation/command/command.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { commands, staffCommands } from '../../src/modules/identity/index.ts';
import { noticeCommands } from '../../src/modules/notifications/index.ts';
import { requiredDocuments, submitKyc } from '../../src/modules/review/index.ts';
import { customerCommands } from '../../src/modules/support/index.ts';
import type { SeededCustomer } from './demo-files.ts';
import { seedGoods } from './goods.ts';
import { facePicture, paperPicture } from './pictures.ts';
import type { Random } from './random.ts';
import { asOwner, calmly, openScene, review, type Scene, upload, type Verdict } from './shop-scene.ts';
import { type ShopScript, shopScripts } from './shop-scripts.ts';

type Cast = {
  customers: readonly SeededCustomer[];
  staff: readonly { email: string; userId?: string | undefined }[];
  random: Random;
};

/** A store of the demo with its owner. */
export type DemoShop = { owner: SeededCustomer; vendorId: string; script: ShopScript };

/** Twenty stores with their proofs, a hundred products and what was proposed to them (product.md 10), each by its commands. */
export async function seedShops(deps: CommandDeps, { customers, staff, random }: Cast): Promise<void> {
  const scene = openScene(deps, staff, random);
  if (!scene) return;
  const owners = customers.filter(({ kind }) => kind === 'vendor');
  const shops: DemoShop[] = [];
  for (const [index, script] of shopScripts.entries()) {
    const owner = owners[index];
    const vendor = owner && (await deps.database.prisma.vendor.findUnique({ where: { userId: owner.userId }, select: { id: true } }));
    if (!owner || !vendor) continue;
    const demo = { owner, vendorId: vendor.id, script };
    shops.push(demo);
    await calmly(() => openShop(scene, demo, index));
  }
  await seedGoods(scene, shops);
  for (const demo of shops) await calmly(() => endShop(scene, demo));
  // What the worker told them of cases that are over by now is no news.
  for (const person of [...scene.reviewers, scene.lead])
    await person.does(deps, noticeCommands.markNoticesRead, { input: { upTo: newId() } });
}

/** Everything up to the decision about the store; what comes later waits for its products. */
async function openShop(scene: Scene, demo: DemoShop, index: number): Promise<void> {
  const { owner, vendorId, script } = demo;
  const { hoursAgo, kyc, ends } = script;
  const at = scene.ago(hoursAgo + 4);
  await describe(at, demo, index);
  if (script.account) {
    const account = { bankCode: '058', accountNumber: script.account, accountName: `${owner.firstName} ${owner.lastName}` };
    // A request to pay out to it waits two days at most: some are still to be decided when somebody looks.
    await asOwner(scene.ago(Math.min(hoursAgo + 4, 6 + index)), owner, customerCommands.addOwnBankAccount, { input: account });
  }
  const by = scene.reviewers[index % 2 === 0 ? 1 : 0];
  if (kyc !== 'none') await proofs(scene, demo, by);
  if (ends === 'draft' || (ends === 'closed' && kyc === 'none')) return;
  const handedIn = scene.ago(hoursAgo);
  const { version } = await handedIn.database.prisma.vendor.findUniqueOrThrow({ where: { id: vendorId }, select: { version: true } });
  await asOwner(handedIn, owner, commands.submitVendor, { input: {}, expectedVersion: version });
  await review(scene, { kind: 'vendor', subjectId: vendorId, opened: handedIn, decided: scene.ago(hoursAgo * 0.8) }, verdictOn(script, by));
}

async function describe(at: CommandDeps, { owner, vendorId, script }: DemoShop, index: number): Promise<void> {
  const { name, type, city, state, collections } = script;
  const { version } = await at.database.prisma.vendor.findUniqueOrThrow({ where: { id: vendorId }, select: { version: true } });
  const input = {
    storeName: name,
    tagline: `Made in ${city}, worn everywhere`,
    description: `The workshop of ${name} stands in ${city}. Orders are ready within ten days and sent all over Nigeria.`,
    ...{ businessType: type, countryCode: 'NG', state, city, address: `${12 + index} Market Road`, collections: [...collections] },
    ...(type === 'registered_business' || type === 'fashion_house' ? { taxId: `${20_450_000 + index}-0001` } : {}),
    businessHours: {
      mon: { open: '09:00', close: '17:00' },
      tue: { open: '09:00', close: '17:00' },
      sat: { open: '10:00', close: '14:00' },
    },
  };
  await asOwner(at, owner, commands.replaceVendor, { input, expectedVersion: version });
}

/** Uploaded, handed in, and looked at as far as the script says. */
async function proofs(scene: Scene, { owner, script }: DemoShop, by: Scene['lead']): Promise<void> {
  const { random } = scene;
  const opened = scene.ago(script.hoursAgo + 3);
  const documents = [];
  for (const [type = 'nin_card'] of requiredDocuments(script.type)) {
    const bytes = await (type === 'selfie' ? facePicture(random) : paperPicture(type.replaceAll('_', ' '), random));
    const documentNumber = type === 'nin_card' ? String(10_000_000_000 + random.below(89_999_999)) : numberOf(type, random);
    documents.push({ type, fileId: await upload(opened, owner, bytes), ...(documentNumber ? { documentNumber } : {}) });
  }
  const input = { legalName: `${owner.firstName} ${owner.lastName}`, documents };
  const { id } = await asOwner(opened, owner, submitKyc, { input });
  if (id)
    await review(scene, { kind: 'kyc', subjectId: id, opened, decided: scene.ago(script.hoursAgo + 1) }, verdictOnProofs(script.kyc, by));
}

function numberOf(type: string, random: Random): string | null {
  return type === 'cac_certificate' ? `RC${1_000_000 + random.below(899_999)}` : null;
}

function verdictOnProofs(kyc: ShopScript['kyc'], by: Scene['lead']): Verdict {
  switch (kyc) {
    case 'approved':
      return { decision: 'approve', by };
    case 'resubmit':
      return {
        decision: 'request_changes',
        by,
        text: 'We cannot read all of it. Please take the pictures again in daylight.',
        notes: [{ field: 'nin_card', note: 'The lower edge is cut off.' }],
        fails: { readable: 'The lower edge of the NIN card is cut off, the last digits with it.' },
      };
    case 'rejected':
      return {
        ...{ decision: 'reject', by, code: 'identity_mismatch', text: 'The name on the card is not the name of the account holder.' },
        fails: { names: 'The card is of somebody else than the account.' },
      };
    case 'held':
      return { decision: 'hold', by };
    case 'none':
    case 'waiting':
      return { decision: 'wait' };
    default:
      return kyc satisfies never;
  }
}

function verdictOn({ ends, kyc }: ShopScript, by: Scene['lead']): Verdict {
  const proofs: { kyc?: string } = kyc === 'approved' ? {} : { kyc: 'The proofs of identity are not approved.' };
  switch (ends) {
    case 'in_review':
      return { decision: 'hold', by };
    case 'changes_requested':
      return {
        decision: 'request_changes',
        by,
        text: 'Nearly there. Please tell customers a little more about what you make.',
        notes: [
          { field: 'description', note: 'Say how long an order takes, and whether you sew to measure.' },
          { field: 'logo', note: 'A picture with your name on it helps people to find you again.' },
        ],
        fails: { description: 'Neither the time of an order nor measures are named.', logo: 'There is none yet.', ...proofs },
      };
    case 'rejected':
      return {
        ...{ decision: 'reject', by, code: 'prohibited', text: 'What you offer are copies of brands, which we do not sell.' },
        fails: { collections: 'What is offered are copies of brands.', ...proofs },
      };
    case 'approved':
    case 'suspended':
    case 'closed':
      return { decision: 'approve', by };
    case 'draft':
    case 'submitted':
      return { decision: 'wait' };
    default:
      return ends satisfies never;
  }
}

/** Suspended or closed, after there was something to sell. */
async function endShop(scene: Scene, { vendorId, script }: DemoShop): Promise<void> {
  const at = scene.ago(script.hoursAgo * 0.05);
  const envelope = async (text: string, code: string) => ({
    input: { id: vendorId },
    reason: { code, text },
    expectedVersion: (await at.database.prisma.vendor.findUniqueOrThrow({ where: { id: vendorId }, select: { version: true } })).version,
  });
  if (script.ends === 'suspended') {
    await scene.moderator.does(at, staffCommands.suspendVendor, await envelope('Several customers received empty parcels', 'fraud'));
  }
  if (script.ends === 'closed') {
    await scene.admin.does(at, staffCommands.closeVendor, await envelope('The owner asked for it by a ticket', 'customer_request'));
  }
}
