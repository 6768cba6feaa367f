import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../src/foundation/command/command.ts';
import { runCommand } from '../../../src/foundation/command/run-command.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { readPrivateFile, storePrivateFile, vendorOfUser } from '../../../src/modules/identity/index.ts';
import {
  forgetKycOf,
  type KycMove,
  type KycStatus,
  kycDataOf,
  kycForReview,
  kycStates,
  kycStep,
  retainKyc,
  submitKyc,
} from '../../../src/modules/review/index.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { type Person, refusalCode, registerPerson } from '../identity/people.ts';

let app: TestApp & { stop(): Promise<void> };
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const asSystem = <T>(work: () => Promise<T>) => app.as({ kind: 'system', name: 'test' }, work);
const [first, second] = [newId(), newId()];
const prisma = () => app.deps.database.prisma;

const upload = (ownerUserId: string) =>
  asSystem(async () => {
    const bytes = await sharp({ create: { width: 30, height: 20, channels: 3, background: 'teal' } })
      .jpeg()
      .toBuffer();
    return (await storePrivateFile(app.deps, { ownerUserId, bytes, purpose: 'upload', allow: ['image/jpeg'] })).fileId;
  });

let serial = 40_000_000_000;

async function submitted(number = String(++serial)): Promise<{ id: string; person: Person; vendorId: string; files: string[] }> {
  const person = await registerPerson(app, 'vendor');
  const files = [await upload(person.actor.id), await upload(person.actor.id), await upload(person.actor.id)];
  const documents = ['nin_card', 'selfie', 'utility_bill'].map((type, n) => ({
    type,
    fileId: files[n],
    ...(n === 0 ? { documentNumber: number } : {}),
  }));
  const { output } = await app.as(person.actor, () =>
    runCommand(app.deps, submitKyc, { input: { legalName: 'Adaobi Okafor', documents } }),
  );
  return { id: output.id ?? '', person, files, vendorId: (await vendorOfUser(prisma(), person.actor.id)) ?? '' };
}

/** The step inside a command, as a case's decision takes it. */
function step(move: KycMove): Promise<KycStatus> {
  const command = defineCommand<object, { status: KycStatus }>({
    name: 'test-kyc-step',
    resource: 'kyc_submission',
    access: 'system',
    input: z.object({}),
    isIdempotent: false,
    run: async (scope: CommandScope) => ({ status: (await kycStep(scope, move)).status }),
  });
  return asSystem(async () => (await runCommand(app.deps, command, { input: {} })).output.status);
}

const rowOf = (id: string) => prisma().kycSubmission.findUniqueOrThrow({ where: { id }, include: { documents: true } });
const eventOf = async (id: string, name: string) =>
  (await prisma().outboxEvent.findFirst({ where: { name, aggregateId: id }, orderBy: { occurredAt: 'desc' } }))?.payload;

describe('a step', () => {
  it('approves with two people: documents accepted, the store noted, kept for seven years', async () => {
    const { id, vendorId } = await submitted();
    await step({ submissionId: id, step: 'claim', by: first });
    expect((await rowOf(id)).version).toBe(1);
    expect(await step({ submissionId: id, step: 'approve', version: 1, by: first, secondBy: second })).toBe('approved');
    const row = await rowOf(id);
    expect(row).toMatchObject({ reviewedBy: first, secondReviewedBy: second, version: 2 });
    expect([...new Set(row.documents.map(({ status }) => status))]).toEqual(['accepted']);
    expect(row.retentionUntil?.getUTCFullYear()).toBe(app.clock.now().getUTCFullYear() + 7);
    expect((await prisma().vendorSetup.findUniqueOrThrow({ where: { vendorId } })).kycDoneAt).not.toBeNull();
    expect(await eventOf(id, 'review.kyc.approved')).toMatchObject({ vendorId, submissionId: id, code: 'approve' });
  });

  it.each([
    ['one person', { by: first, secondBy: first }],
    ['nobody second', { by: first }],
    ['nobody first', { by: null, secondBy: second }],
  ])('never approves with %s', async (_name, people) => {
    const { id } = await submitted();
    await step({ submissionId: id, step: 'claim', by: first });
    expect(await refusalCode(step({ submissionId: id, step: 'approve', ...people }))).toBe('four_eyes');
    expect((await rowOf(id)).status).toBe('in_review');
  });

  it('asks for documents again, each with what is wrong with it', async () => {
    const { id } = await submitted();
    await step({ submissionId: id, step: 'claim', by: first });
    const notes = [
      { field: 'nin_card', note: 'Too dark' },
      { field: 'legal_name', note: 'belongs to the text' },
    ];
    await step({ submissionId: id, step: 'request_resubmission', by: first, text: 'Please take it again.', notes });
    const { documents, notesToVendor, status } = await rowOf(id);
    expect([status, notesToVendor]).toEqual(['resubmit', 'Please take it again.']);
    expect(documents.filter((one) => one.status === 'refused').map(({ type, note }) => [type, note])).toEqual([['nin_card', 'Too dark']]);
  });

  it('does not decide on what was handed in anew meanwhile', async () => {
    const { id } = await submitted();
    await step({ submissionId: id, step: 'claim', by: first });
    expect(
      await refusalCode(
        step({ submissionId: id, step: 'reject', version: 7, by: first, code: 'fraud', text: 'The photo was changed by hand.' }),
      ),
    ).toBe('subject_changed');
    expect(await refusalCode(step({ submissionId: newId(), step: 'claim', by: first }))).toBe('not_found');
  });

  const pairs = kycStates.statuses.flatMap((status) =>
    (['claim', 'release', 'approve', 'request_resubmission', 'reject', 'reopen'] as const).map((name) => [name, status] as const),
  );
  it('takes every step of the table and no other', async () => {
    const { id } = await submitted();
    const people = { by: first, secondBy: second };
    for (const [name, status] of pairs) {
      const decided = { reviewedBy: first, secondReviewedBy: second, reviewedAt: app.clock.now(), retentionUntil: app.clock.now() };
      await asSystem(() => prisma().kycSubmission.update({ where: { id }, data: { status, ...decided } }));
      const outcome = await step({ submissionId: id, step: name, ...people }).catch((error: { code: string }) => error.code);
      const { from, to } = kycStates.steps[name];
      expect([name, status, outcome]).toEqual([name, status, from.includes(status) ? to : 'transition_not_allowed']);
    }
  });

  it('of twenty decisions at once one is written', async () => {
    const { id } = await submitted();
    await step({ submissionId: id, step: 'claim', by: first });
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () =>
        step({ submissionId: id, step: 'reject', by: first }).catch((error: { code: string }) => error.code),
      ),
    );
    expect(outcomes.filter((one) => one === 'rejected')).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(['rejected', 'transition_not_allowed']));
  });
});

it('the reviewer sees which store showed the same number before, and nothing in clear', async () => {
  const [one, other] = [await submitted('55555555555'), await submitted('55555555555')];
  const evidence = await kycForReview(prisma(), other.id);
  expect(evidence?.documents.find(({ type }) => type === 'nin_card')).toMatchObject({
    numberLast4: '5555',
    contentType: 'image/jpeg',
    isNew: false,
    sameNumberAt: [{ vendorId: one.vendorId }],
  });
  expect(JSON.stringify(evidence)).not.toMatch(/55555555555|Okafor/);
  expect(evidence?.required.every(({ isGiven }) => isGiven)).toBe(true);
});

it('the owner is given what they handed in, in clear', async () => {
  const { person } = await submitted('66666666666');
  expect(await kycDataOf(app.deps, person.actor.id)).toMatchObject({
    legalName: 'Adaobi Okafor',
    status: 'submitted',
    documents: [{ type: 'nin_card', number: '66666666666' }, {}, {}],
  });
});

describe('the end of proofs', () => {
  const approved = async () => {
    const made = await submitted();
    await step({ submissionId: made.id, step: 'claim', by: first });
    await step({ submissionId: made.id, step: 'approve', by: first, secondBy: second });
    return made;
  };

  it('comes after seven years, but not for somebody on legal hold', async () => {
    const [free, held] = [await approved(), await approved()];
    await asSystem(() => prisma().user.update({ where: { id: held.person.actor.id }, data: { legalHold: true } }));
    await asSystem(() => retainKyc(app.deps));
    expect((await rowOf(free.id)).documents).toHaveLength(3);
    // A clock seven years ahead would be ahead of the months of the sign-in log too.
    await asSystem(() =>
      prisma().kycSubmission.updateMany({ where: { id: { in: [free.id, held.id] } }, data: { retentionUntil: app.clock.now() } }),
    );
    await asSystem(() => retainKyc(app.deps));
    await asSystem(() => retainKyc(app.deps));
    const row = await rowOf(free.id);
    expect([row.status, row.documents.length, row.legalNameEnc, row.legalNameMasked]).toEqual(['approved', 0, null, null]);
    expect(await refusalCode(readPrivateFile(app.deps, free.files[0] ?? ''))).toBe('not_found');
    expect((await rowOf(held.id)).documents).toHaveLength(3);
  });

  it('comes with the erasure of the owner, whatever state they are in, and repeating it is harmless', async () => {
    const { id, person } = await submitted();
    const forgotten = await asSystem(() => forgetKycOf(app.deps, { userId: person.actor.id }));
    expect(forgotten.rows).toEqual({ 'review.kyc_document': 3, 'review.kyc_submission': 1 });
    expect(await rowOf(id)).toMatchObject({ legalNameEnc: null, legalNameMasked: null, documents: [] });
    expect((await asSystem(() => forgetKycOf(app.deps, { userId: person.actor.id }))).rows).toEqual({
      'review.kyc_document': 0,
      'review.kyc_submission': 1,
    });
  });
});
