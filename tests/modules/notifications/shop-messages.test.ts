import type { Prisma } from '@prisma/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/foundation/command/run-command.ts';
import type { NewEvent } from '../../../src/foundation/outbox/append.ts';
import { addSeconds } from '../../../src/foundation/runtime/clock.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { runInContext, systemContext } from '../../../src/foundation/runtime/request-context.ts';
import { systemCommands } from '../../../src/modules/identity/index.ts';
import { notificationJobs, notificationSubscriptions, previewDecision } from '../../../src/modules/notifications/index.ts';
import { onProductChanged } from '../../../src/modules/notifications/on-product-changed.job.ts';
import { sendDigestsJob } from '../../../src/modules/notifications/send-digests.job.ts';
import { createInbox, type Inbox } from '../../support/inbox.ts';
import { createJobBench, type JobBench } from '../../support/job-bench.ts';

let bench: JobBench;
let inbox: Inbox;
beforeAll(async () => {
  bench = await createJobBench({ jobs: notificationJobs, subscriptions: notificationSubscriptions });
  inbox = createInbox(bench.deps);
  await bench.runtime().start();
});
afterAll(() => bench.stop());

const bySystem = <T>(work: () => Promise<T>): Promise<T> => runInContext(systemContext('test', 'cli'), async () => await work());
let serial = 0;

/** The owner of a store with a name; `to` is where they are reached. */
async function owner(identifier: { email: string } | { phone: string }, data: Prisma.VendorUncheckedUpdateInput = {}) {
  serial += 1;
  const input = { ...identifier, kind: 'vendor', password: 'blue okra sings late', firstName: 'Musa', lastName: 'Sani' };
  const { output } = await bySystem(() => runCommand(bench.deps, systemCommands.registerVerified, { input }));
  const names = { storeName: `Loom & <b>Thread</b> ${serial}`, storeNameFolded: `loom ${serial}`, storeSlug: `loom-${serial}` };
  const vendor = await bySystem(() =>
    bench.deps.database.prisma.vendor.update({ where: { userId: output.userId }, data: { ...names, ...data } }),
  );
  return { userId: output.userId, vendorId: vendor.id, to: 'email' in identifier ? identifier.email : identifier.phone };
}
type Owner = Awaited<ReturnType<typeof owner>>;

const said = { text: 'Please say where you sew, and for whom.', notes: [{ field: 'storeName', note: 'Write it as on your sign.' }] };

/** A decided case with these words. */
async function decidedCase(
  of: Owner,
  kind: 'vendor' | 'kyc' | 'product' | 'product_revision',
  subjectId: string,
  status: 'approved' | 'rejected' | 'changes_requested',
) {
  const now = bench.clock.now();
  const decision = ({ approved: 'approve', rejected: 'reject', changes_requested: 'request_changes' } as const)[status];
  const data = {
    ...{ kind, subjectId, subjectVersion: 1, vendorId: of.vendorId, ownerUserId: of.userId, status, decision, slaDueAt: now },
    ...{ decidedBy: newId(), decidedAt: addSeconds(now, -1), decisionText: said.text, fieldNotes: said.notes },
  };
  return (await bySystem(() => bench.deps.database.prisma.reviewCase.create({ data }))).id;
}

async function product(of: Owner) {
  serial += 1;
  const data = { vendorId: of.vendorId, ownerUserId: of.userId, title: `Kaftan "${serial}"`, slug: `kaftan-${serial}`, price: '9000' };
  return bySystem(() => bench.deps.database.prisma.product.create({ data }));
}

const emit = (name: string, payload: NewEvent['payload']) => bench.emit({ name, aggregateId: null, payload });
const run = { id: newId(), attempt: 0, isLastAttempt: false, signal: new AbortController().signal, send: async () => {} };

/** What the worker makes of a product that somebody of this kind archived. */
const archivedBy = (actorType: string, productId: string, vendorId: string) =>
  productEvent('archived', { productId, vendorId, actorType, code: 'other' });

async function productEvent(step: string, facts: { productId: string; vendorId: string; actorType: string; code: string }): Promise<void> {
  const { job } = onProductChanged;
  const occurredAt = bench.clock.now().toISOString();
  const event = { eventId: newId(), name: `catalog.product.${step}`, aggregateId: facts.productId, actionId: null, occurredAt };
  const payload = job.payload.parse({ event: { ...event, payload: facts } });
  await bySystem(() => job.handle(payload, bench.deps, run));
}

const wait = (of: Owner, template: string) => inbox.wait(of.to, { template });

describe('the owner of a store', () => {
  it.each([
    ['approved', 'vendor_approved', 'approve'],
    ['rejected', 'vendor_rejected', 'reject'],
    ['changes_requested', 'vendor_changes_requested', 'request_changes'],
  ] as const)('reads what the reviewer saw in the preview when it is %s', async (status, template, decision) => {
    const vendor = await owner({ email: `store-${status}@fashion-mail.ng` });
    const caseId = await decidedCase(vendor, 'vendor', vendor.vendorId, status);
    await emit(`identity.vendor.${status}`, { vendorId: vendor.vendorId, caseId, code: 'other' });
    const mail = await wait(vendor, template);
    const name = (await bench.deps.database.prisma.vendor.findUniqueOrThrow({ where: { id: vendor.vendorId } })).storeName ?? '';
    const preview = previewDecision(bench.deps, { kind: 'vendor', decision, name, ...said });
    expect({ subject: mail.subject, text: mail.text }).toEqual({ subject: preview.subject, text: preview.text });
    expect(mail.text).toContain(said.text);
    expect(mail.html).not.toContain('<b>Thread</b>');
    if (status !== 'approved') expect(mail.text).toContain('Store name: Write it as on your sign.');
  });

  it('hears of an appeal, of a suspension with its reason, of the end of it, and of the close', async () => {
    const vendor = await owner({ email: 'life@fashion-mail.ng' }, { suspendedReason: 'Several parcels were empty' });
    const { vendorId } = vendor;
    for (const step of ['appealed', 'suspended', 'reactivated', 'closed'])
      await emit(`identity.vendor.${step}`, { vendorId, code: 'fraud' });
    expect((await wait(vendor, 'vendor_suspended')).text).toContain('Several parcels were empty');
    for (const template of ['vendor_submitted', 'vendor_reactivated', 'vendor_closed']) {
      expect((await wait(vendor, template)).text).toContain('Loom & <b>Thread</b>');
    }
  });

  it('gets it by SMS where that is how they signed up, and nothing of a store that is none', async () => {
    const vendor = await owner({ phone: '+2347000000301' });
    await emit('identity.vendor.approved', { vendorId: newId(), code: 'approve' });
    await emit('identity.vendor.approved', { vendorId: vendor.vendorId, code: 'approve' });
    expect((await wait(vendor, 'vendor_approved')).channel).toBe('sms');
  });

  it('hears how it stands with the proofs, with the note of the case or of the submission', async () => {
    const vendor = await owner({ email: 'proofs@fashion-mail.ng' });
    const { vendorId, userId } = vendor;
    await emit('review.kyc.submitted', { vendorId, submissionId: newId() });
    expect((await wait(vendor, 'kyc_received')).link).toContain('/onboarding/documents');
    const caseId = await decidedCase(vendor, 'kyc', newId(), 'changes_requested');
    await emit('review.kyc.resubmit_requested', { vendorId, caseId });
    expect((await wait(vendor, 'kyc_resubmit')).text).toContain(said.text);
    await emit('review.kyc.rejected', { vendorId, caseId: await decidedCase(vendor, 'kyc', newId(), 'rejected') });
    expect((await wait(vendor, 'kyc_rejected')).text).toContain(said.text);
    await emit('review.kyc.approved', { vendorId, caseId });
    expect((await wait(vendor, 'kyc_approved')).subject).toBe('Your documents are approved');
    const note = 'The administrator opened it again for you';
    await bySystem(() => bench.deps.database.prisma.kycSubmission.create({ data: { vendorId, ownerUserId: userId, notesToVendor: note } }));
    await emit('review.kyc.resubmit_requested', { vendorId });
    const again = await inbox.wait(vendor.to, { template: 'kyc_resubmit', atLeast: 2 });
    expect(again.text).toContain(note);
  });

  it('hears of every change of a payout account by its last digits, with a way to say that it was not they', async () => {
    const vendor = await owner({ email: 'payout@fashion-mail.ng' });
    const { deps } = bench;
    const bytes = new Uint8Array(32);
    const data = {
      ...{ vendorId: vendor.vendorId, bankCode: '058', bankName: 'Guaranty Trust', accountNameEnc: bytes, accountNameMasked: 'M***' },
      ...{ accountNumberEnc: bytes, accountNumberBidx: bytes, accountLast4: '0042' },
    };
    const { id: accountId } = await bySystem(() => deps.database.prisma.vendorBankAccount.create({ data }));
    for (const step of ['added', 'verified', 'failed', 'changed', 'removed']) {
      await emit(`identity.bank_account.${step}`, { vendorId: vendor.vendorId, accountId });
    }
    for (const template of ['bank_added', 'bank_verified', 'bank_failed', 'bank_changed']) {
      const mail = await wait(vendor, template);
      expect(mail.text).toContain('ending in 0042 at Guaranty Trust');
      expect(mail.link).toContain('/not-me#t=');
    }
    const both = await inbox.wait(vendor.to, { template: 'bank_changed', atLeast: 2 });
    expect([both, ...(await inbox.items(vendor.to))].some(({ text }) => text.includes('was removed'))).toBe(true);
  });
});

describe('the owner of a product', () => {
  it('reads what the reviewer saw, of each decision', async () => {
    const vendor = await owner({ email: 'goods@fashion-mail.ng' });
    const { vendorId } = vendor;
    for (const [step, template, decision, status] of [
      ['published', 'product_published', 'approve', 'approved'],
      ['changes_requested', 'product_changes_requested', 'request_changes', 'changes_requested'],
      ['rejected', 'product_rejected', 'reject', 'rejected'],
    ] as const) {
      const { id, title } = await product(vendor);
      await decidedCase(vendor, 'product', id, status);
      await emit(`catalog.product.${step}`, { productId: id, vendorId, code: 'other' });
      const mail = await wait(vendor, template);
      const preview = previewDecision(bench.deps, { kind: 'product', decision, name: title, ...said });
      expect(mail.subject).toBe(preview.subject);
      expect(mail.text).toContain(said.text);
    }
  });

  it('hears of a take-down and of an archive by staff, and not of what they did themselves', async () => {
    const vendor = await owner({ email: 'down@fashion-mail.ng' });
    const { vendorId } = vendor;
    const { id } = await product(vendor);
    await bySystem(() =>
      bench.deps.database.prisma.product.update({ where: { id }, data: { decisionReason: 'Customers got another cloth' } }),
    );
    await archivedBy('vendor', id, vendorId);
    await emit('catalog.product.suspended', { productId: id, vendorId });
    expect((await wait(vendor, 'product_taken_down')).text).toContain('Customers got another cloth');
    await archivedBy('staff', id, vendorId);
    expect((await inbox.wait(vendor.to, { template: 'product_taken_down', atLeast: 2 })).subject).toContain('archive');
    expect((await inbox.items(vendor.to)).filter(({ template }) => template === 'product_taken_down')).toHaveLength(2);
  });

  it('hears of what staff corrected, deleted and restored, and not of a draft they deleted themselves', async () => {
    const vendor = await owner({ email: 'corrected@fashion-mail.ng' });
    const { vendorId } = vendor;
    const { id: productId, title } = await product(vendor);
    const tell = (event: string, actorType: string, code: string) => productEvent(event, { productId, vendorId, actorType, code });
    await tell('deleted', 'vendor', 'other');
    for (const code of ['price', 'stock', 'restored']) await tell('changed_by_staff', 'staff', code);
    await tell('deleted', 'staff', 'policy');
    await inbox.wait(vendor.to, { template: 'product_edited_by_staff', atLeast: 4 });
    const subjects = (await inbox.items(vendor.to)).map(({ subject }) => subject).filter((subject) => subject?.includes(title));
    expect(subjects.toSorted()).toEqual([
      `We corrected the number in stock of your product: ${title}`,
      `We corrected the price of your product: ${title}`,
      `We deleted your product: ${title}`,
      `We restored your product: ${title}`,
    ]);
    const texts = (await inbox.items(vendor.to)).map(({ text }) => text).join('\n');
    expect(texts).toContain('It is NGN 9000.00 now.');
  });

  it('hears of a suggestion, and of the decision about an own change of a live product', async () => {
    const vendor = await owner({ email: 'change@fashion-mail.ng' });
    const { id: productId } = await product(vendor);
    const revision = (kind: 'suggestion' | 'vendor_edit') =>
      bySystem(() =>
        bench.deps.database.prisma.productRevision.create({
          data: {
            ...{ productId, ownerUserId: vendor.userId, baseVersion: 1, kind, status: 'proposed' },
            ...{ authorId: newId(), authorKind: kind === 'suggestion' ? 'enhancer' : 'vendor' },
          },
        }),
      );
    const suggestion = await revision('suggestion');
    await emit('catalog.revision.proposed', { revisionId: suggestion.id, productId, kind: 'suggestion' });
    expect((await wait(vendor, 'suggestion_proposed')).link).toContain(`/dashboard/vendor/products/${productId}`);
    const edit = await revision('vendor_edit');
    await decidedCase(vendor, 'product_revision', edit.id, 'rejected');
    await emit('catalog.revision.rejected', { revisionId: edit.id, productId, kind: 'vendor_edit' });
    expect((await wait(vendor, 'product_rejected')).text).toContain('stays in the shop as it was');
    await emit('catalog.revision.accepted', { revisionId: edit.id, productId, kind: 'vendor_edit' });
    expect((await wait(vendor, 'product_published')).subject).toContain('Your change is live');
  });

  it('gets one SMS an hour for all of it, and never the same twice', async () => {
    const vendor = await owner({ phone: '+2347000000302' });
    const { vendorId } = vendor;
    for (const step of ['published', 'published', 'rejected']) {
      await emit(`catalog.product.${step}`, { productId: (await product(vendor)).id, vendorId });
    }
    const { prisma } = bench.deps.database;
    const held = () => prisma.delivery.findMany({ where: { userId: vendor.userId, template: { startsWith: 'product_' } } });
    await bench.until(async () => ((await held()).length === 3 ? true : null));
    expect((await held()).map(({ status }) => status)).toEqual(['queued', 'queued', 'queued']);
    await bySystem(() => sendDigestsJob.handle({}, bench.deps, run));
    expect((await held()).map(({ template }) => template)).not.toContain('product_digest');
    bench.clock.advance(3_600);
    await bySystem(() => sendDigestsJob.handle({}, bench.deps, run));
    const sms = await wait(vendor, 'product_digest');
    expect(sms).toMatchObject({ channel: 'sms', text: expect.stringContaining('2 live, 1 not accepted') });
    await bySystem(() => sendDigestsJob.handle({}, bench.deps, run));
    const states = (await held()).map(({ template, status, errorCode }) => `${template === 'product_digest'} ${status} ${errorCode}`);
    expect(states.toSorted()).toEqual([...Array.from({ length: 3 }, () => 'false suppressed in_digest'), 'true sent null']);
    expect((await inbox.items(vendor.to)).filter(({ template }) => template.startsWith('product_'))).toHaveLength(1);
  });
});
