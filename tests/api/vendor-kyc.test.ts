import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kyc, vendorProfile } from '../../src/api/shapes.ts';
import type { KycStatus } from '../../src/modules/review/index.ts';
import { type Api, bearer, fieldsOf, newClient, refusal, shaped, startApi } from './support/api.ts';
import { fileFrom, filesOnDisk, pdf, picture } from './support/files.ts';
import { newVendor } from './support/privacy.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
});
afterAll(() => api.stop());

const path = '/api/v1/account/vendor/kyc';
const read = (token: string) => api.get(path, bearer(token));
const send = (token: string, body: unknown, headers: Record<string, string> = {}) =>
  api.call('POST', path, { body, headers: { ...bearer(token), ...headers } });
const prisma = () => api.app.deps.database.prisma;
const asSystem = <T>(work: () => Promise<T>) => api.app.as({ kind: 'system', name: 'test' }, work);
const reviewer = '019ab0aa-0000-7000-8000-000000000001';

/** The proofs that one person needs. */
async function proofs(token: string, nin = '12345678901') {
  return [
    { type: 'nin_card', documentNumber: nin, fileId: await fileFrom(api, token) },
    { type: 'selfie', fileId: await fileFrom(api, token) },
    { type: 'utility_bill', fileId: await fileFrom(api, token, pdf()) },
  ];
}

const legalName = 'Adaobi Okafor';
const refuse = (id: string, status: KycStatus, data: object = {}) =>
  asSystem(() =>
    prisma().kycSubmission.update({ where: { id }, data: { status, reviewedAt: api.app.clock.now(), reviewedBy: reviewer, ...data } }),
  );

describe('GET /account/vendor/kyc', () => {
  it('is an empty draft at first, and belongs to vendors', async () => {
    const { accessToken } = await newVendor(api);
    expect(shaped(kyc, await read(accessToken))).toEqual({ id: null, status: 'draft', reviewNotes: null, documents: [], version: 0 });
    expect(refusal(await read((await newClient(api)).tokens.accessToken))).toBe('403 role_required');
  });
});

describe('POST /account/vendor/kyc', () => {
  it('takes what one person needs, shows the last four of a number, and lets the store be submitted', async () => {
    const { accessToken, user } = await newVendor(api);
    const answer = await send(accessToken, { legalName, documents: await proofs(accessToken) });
    expect([answer.status, answer.headers.etag]).toEqual([202, '"1"']);
    const sent = shaped(kyc, answer);
    expect(sent).toMatchObject({ status: 'submitted', reviewNotes: null, version: 1 });
    expect(sent.documents.map(({ type, last4, status }) => [type, last4, status])).toEqual([
      ['nin_card', '8901', 'uploaded'],
      ['selfie', null, 'uploaded'],
      ['utility_bill', null, 'uploaded'],
    ]);
    expect(shaped(kyc, await read(accessToken))).toEqual(sent);
    expect(shaped(vendorProfile, await api.get('/api/v1/account/vendor', bearer(accessToken))).completeness.missing).not.toContain('kyc');
    const [event] = await prisma().outboxEvent.findMany({
      where: { name: 'review.kyc.submitted', payload: { path: ['userId'], equals: user.id } },
    });
    expect(event?.payload).toMatchObject({ submissionId: sent.id, caseId: null, version: 1 });
  });

  it('keeps names and numbers sealed: no column holds them in clear', async () => {
    const { accessToken, user } = await newVendor(api);
    await send(accessToken, { legalName, documents: await proofs(accessToken, '98765432109') });
    const row = await prisma().kycSubmission.findFirstOrThrow({ where: { ownerUserId: user.id }, include: { documents: true } });
    const bytes = [row.legalNameEnc, ...row.documents.flatMap((one) => [one.numberEnc, one.numberBidx])].map((box) =>
      Buffer.from(box ?? []),
    );
    const text = `${JSON.stringify(row)}${bytes.map((box) => box.toString('latin1')).join()}`;
    expect([text.includes('Okafor'), text.includes('98765432109')]).toEqual([false, false]);
    expect(row.legalNameMasked).toBe('A••• O•••');
  });

  it.each([
    ['nin_card', '1234567890'],
    ['nin_card', '1234567890a'],
    ['bvn_slip', '123456789012'],
    ['cac_certificate', '1234'],
    ['cac_certificate', 'RC123'],
    ['passport', '<b>'],
    ['selfie', '12345678901'],
  ])('refuses a number that is none of a %s: %s', async (type, documentNumber) => {
    const { accessToken } = await newVendor(api);
    const documents = [
      { type, documentNumber, fileId: await fileFrom(api, accessToken) },
      ...(await proofs(accessToken)).filter((one) => one.type !== type),
    ];
    const answer = await send(accessToken, { legalName, documents });
    expect([refusal(answer), ...fieldsOf(answer)]).toEqual([
      '422 document_number_invalid',
      'documents.0.documentNumber: document_number_invalid',
    ]);
  });

  it('names each document that the kind of business still needs', async () => {
    const vendor = await newVendor(api);
    const [nin] = await proofs(vendor.accessToken);
    expect(fieldsOf(await send(vendor.accessToken, { legalName, documents: [nin] }))).toEqual([
      'documents.selfie: required',
      'documents.utility_bill: required',
    ]);
    await vendor.arrange({ businessType: 'fashion_house' });
    const documents = await proofs(vendor.accessToken);
    expect(fieldsOf(await send(vendor.accessToken, { legalName, documents }))).toEqual(['documents.cac_certificate: required']);
    const cac = { type: 'cac_certificate', documentNumber: 'rc 1234567', fileId: await fileFrom(api, vendor.accessToken, pdf()) };
    const sent = shaped(
      kyc,
      await send(vendor.accessToken, { legalName: 'Adire House & Co. (Nigeria) Ltd', documents: [...documents, cac] }),
    );
    expect(sent.documents.find(({ type }) => type === 'cac_certificate')?.last4).toBe('4567');
  });

  it('refuses a name that is none, a document twice, a file twice, a PDF as a selfie and fields that do not exist', async () => {
    const { accessToken } = await newVendor(api);
    const [nin, selfie, bill] = await proofs(accessToken);
    const attempt = async (body: object) => fieldsOf(await send(accessToken, { legalName, documents: [nin, selfie, bill], ...body }));
    expect(await attempt({ legalName: '<script>' })).toEqual(['legalName: name_invalid']);
    expect(await attempt({ documents: [nin, selfie, bill, { ...selfie, fileId: await fileFrom(api, accessToken) }] })).toEqual([
      'documents.3.type: invalid_value',
    ]);
    expect(await attempt({ documents: [nin, { ...selfie, fileId: nin?.fileId }, bill] })).toEqual(['documents.1.fileId: invalid_value']);
    expect(await attempt({ documents: [nin, { ...selfie, fileId: await fileFrom(api, accessToken, pdf()) }, bill] })).toEqual([
      'documents.1.fileId: invalid_value',
    ]);
    expect(await attempt({ documents: [], extra: 1 })).toEqual(expect.arrayContaining(['extra: unknown_field']));
    expect(shaped(kyc, await read(accessToken)).status).toBe('draft');
  });

  it("somebody else's file is not there, nor is one that never was", async () => {
    const [mine, theirs] = [await newVendor(api), await newVendor(api)];
    const [nin, selfie, bill] = await proofs(mine.accessToken);
    for (const fileId of [await fileFrom(api, theirs.accessToken), '019ab0aa-0000-7000-8000-00000000dead']) {
      expect(refusal(await send(mine.accessToken, { legalName, documents: [{ ...nin, fileId }, selfie, bill] }))).toBe('404 not_found');
    }
  });

  it('is closed while it is looked at, once it is approved, and once it is rejected', async () => {
    const { accessToken } = await newVendor(api);
    const documents = await proofs(accessToken);
    const { id } = shaped(kyc, await send(accessToken, { legalName, documents }));
    const again = async () => refusal(await send(accessToken, { legalName, documents }));
    expect(await again()).toBe('409 kyc_in_review');
    await refuse(id ?? '', 'in_review');
    expect(await again()).toBe('409 kyc_in_review');
    await refuse(id ?? '', 'approved', {
      secondReviewedBy: api.app.clock.now() && '019ab0aa-0000-7000-8000-000000000002',
      retentionUntil: api.app.clock.now(),
    });
    expect(await again()).toBe('409 transition_not_allowed');
    await refuse(id ?? '', 'rejected');
    expect(await again()).toBe('409 transition_not_allowed');
  });

  it('handed in again it replaces what is new, keeps what stayed, and deletes the files nothing names', async () => {
    const { accessToken } = await newVendor(api);
    const documents = await proofs(accessToken);
    const first = shaped(kyc, await send(accessToken, { legalName, documents }));
    const id = first.id ?? '';
    await refuse(id, 'resubmit', { notesToVendor: 'Take the NIN card again.', version: 2 });
    await asSystem(() =>
      prisma().kycDocument.updateMany({
        where: { submissionId: id, type: 'nin_card' },
        data: { status: 'refused', note: 'Too dark to read' },
      }),
    );
    expect(shaped(kyc, await read(accessToken)).reviewNotes).toBe('Take the NIN card again.\nNIN card: Too dark to read');
    const [old, selfie, bill] = documents;
    const fresh = await fileFrom(api, accessToken);
    const stale = await send(accessToken, { legalName, documents: [{ ...old, fileId: fresh }, selfie, bill] }, { 'If-Match': '"1"' });
    expect(refusal(stale)).toBe('412 version_conflict');
    const second = shaped(
      kyc,
      await send(accessToken, { legalName, documents: [{ ...old, fileId: fresh }, selfie, bill] }, { 'If-Match': '"2"' }),
    );
    expect(second).toMatchObject({ id, status: 'submitted', reviewNotes: null, version: 3 });
    const idOf = (view: typeof first, type: string) => view.documents.find((one) => one.type === type)?.id;
    expect([idOf(second, 'selfie') === idOf(first, 'selfie'), idOf(second, 'nin_card') === idOf(first, 'nin_card')]).toEqual([true, false]);
    const file = await prisma().privateFile.findUniqueOrThrow({ where: { id: old?.fileId ?? '' } });
    expect(file.deletedAt).not.toBeNull();
    expect(await prisma().fileRemoval.count({ where: { storageKey: file.storageKey } })).toBe(1);
  });

  it('a file proves one thing: two submissions at once, and only one of them has it', async () => {
    const { accessToken } = await newVendor(api);
    const documents = await proofs(accessToken);
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(accessToken, { legalName, documents })));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array.from({ length: 7 }, () => 409)]);
    expect(await prisma().kycDocument.count({ where: { fileId: documents[0]?.fileId ?? '' } })).toBe(1);
  });

  it('repeated, it says that it waits for its answer, whatever the Idempotency-Key', async () => {
    const { accessToken } = await newVendor(api);
    const body = { legalName, documents: await proofs(accessToken) };
    const key = { 'Idempotency-Key': 'kyc-first-time-1' };
    expect((await send(accessToken, body, key)).status).toBe(202);
    expect(refusal(await send(accessToken, body, key))).toBe('409 kyc_in_review');
  });
});

it('a picture stays on disk until something says otherwise', async () => {
  const { accessToken } = await newVendor(api);
  const before = filesOnDisk(api).length;
  await fileFrom(api, accessToken, picture());
  expect(filesOnDisk(api).length).toBe(before + 1);
});
