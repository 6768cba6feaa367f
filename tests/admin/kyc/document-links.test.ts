import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AdminClient } from '../support/admin-client.ts';
import { actionsOf, type BackOffice, type Person } from '../support/back-office.ts';
import { startWholeOffice } from '../support/whole-office.ts';
import { act, caseOf, fetchFile, legalName, type Proofs, plainPdf, plainPicture, proofsOf, shownBy } from './kyc-office.ts';

let office: BackOffice;
let reviewer: Person;
let colleague: Person;
let holder: AdminClient;
let other: AdminClient;
let proofs: Proofs;
beforeAll(async () => {
  office = await startWholeOffice();
  reviewer = await office.addStaff('reviewer', { hasTotp: true, firstName: 'Ngọzi', lastName: 'Bello' });
  colleague = await office.addStaff('reviewer', { hasTotp: true });
  holder = await office.signedIn(reviewer);
  other = await office.signedIn(colleague);
});
afterAll(() => office.stop());
beforeEach(async () => {
  proofs = await proofsOf(office);
});

const link = async (client: AdminClient, documentId: string) =>
  String(shownBy(await act(client, proofs.submissionId, 'open', { documentId })).link);
const claim = () => caseOf(office, proofs, { claimedBy: reviewer.userId });
const database = () => office.app.deps.database.prisma;
const asTest = <T>(work: () => Promise<T>) => office.app.as({ kind: 'system', name: 'test' }, work);
/** What makes somebody partial, or nobody. */
const tie = (userId: string | null) =>
  asTest(() => database().user.update({ where: { id: proofs.ownerUserId }, data: { referredById: userId } }));
const codeOf = (answer: { json: Record<string, unknown>; status: number }) => `${answer.status} ${String(answer.json.code)}`;
const rules = async (person: Person) => (await actionsOf(office, person.userId)).map(({ action, outcome }) => `${action} ${outcome}`);

describe('opening a document', () => {
  it('gives the holder of the case a picture with their name burnt in, once', async () => {
    await claim();
    const opened = shownBy(await act(holder, proofs.submissionId, 'open', { documentId: proofs.nin }));
    expect(opened).toMatchObject({ documentId: proofs.nin, contentType: 'image/jpeg', linkSeconds: 60, legalName });
    const seen = await fetchFile(holder, String(opened.link));
    expect([seen.status, seen.headers.get('content-type'), seen.headers.get('content-disposition')]).toEqual([200, 'image/jpeg', 'inline']);
    const { width, height } = await sharp(seen.bytes).metadata();
    expect([width, height]).toEqual([800, 500]);
    const spread = async (bytes: Buffer) => (await sharp(bytes).greyscale().stats()).channels[0]?.stdev ?? 0;
    expect([(await spread(await plainPicture())) < 1, (await spread(seen.bytes)) > 10]).toEqual([true, true]);
    expect((await fetchFile(holder, String(opened.link))).status).toBe(410);
  });

  it('is refused to whoever shares something with the owner, holder, second person and administrator alike', async () => {
    const lead = await office.addStaff('reviewer', { hasTotp: true, isLead: true });
    const admin = await office.addStaff('admin', { hasTotp: true });
    for (const person of [reviewer, lead, admin]) {
      if (person === lead) await caseOf(office, proofs, { decidedBy: colleague.userId });
      else await claim();
      await tie(person.userId);
      const client = person === reviewer ? holder : await office.signedIn(person);
      for (const action of ['open', 'revealNumber'])
        expect((await act(client, proofs.submissionId, action, { documentId: proofs.nin })).json).toMatchObject({
          status: 403,
          rule: 'conflict_of_interest',
        });
    }
  });

  it('is never cached, never sniffed, never framed, and runs nothing', async () => {
    await claim();
    const { headers } = await fetchFile(holder, await link(holder, proofs.nin));
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox; frame-ancestors 'none'");
  });

  it('shows a PDF as it was handed in, below the name of whoever looks', async () => {
    await claim();
    const page = await fetchFile(holder, await link(holder, proofs.bill));
    const html = page.bytes.toString('utf8');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(html).toContain('Ngọzi Bello');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'nonce-[^']+'; frame-src 'self'/);
    const src = /<iframe src="([^"]+)"/.exec(html)?.[1] ?? '';
    const pages = await fetchFile(holder, src);
    expect([pages.headers.get('content-type'), pages.bytes.equals(plainPdf)]).toEqual(['application/pdf', true]);
    expect(pages.headers.get('content-security-policy')).toBe(
      "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    );
    expect((await fetchFile(holder, src)).status).toBe(410);
  });

  it('leaves a row of the opening, of the link used up and of the read, and no token or name in any of them', async () => {
    await claim();
    const token = (await link(holder, proofs.nin)).split('/').at(-1) ?? '';
    await fetchFile(holder, `/admin/files/kyc-document/${token}`);
    expect((await rules(reviewer)).slice(-3)).toEqual(['open-kyc-document ok', 'view-kyc-document ok', 'view read']);
    const rows = await actionsOf(office, reviewer.userId);
    expect(rows.at(-1)?.record_ids).toEqual([proofs.nin, proofs.submissionId, proofs.ownerUserId]);
    const dump = (await office.app.database.adminUrl) && JSON.stringify(rows);
    expect([dump.includes(token), dump.includes('Okafor')]).toEqual([false, false]);
  });

  it('counts against the reveals of the day: the forty-first is refused, and gives no link', async () => {
    const tired = await office.addStaff('reviewer', { hasTotp: true });
    const client = await office.signedIn(tired);
    await caseOf(office, proofs, { claimedBy: tired.userId });
    for (let n = 0; n < 40; n += 1) expect((await act(client, proofs.submissionId, 'open', { documentId: proofs.nin })).status).toBe(200);
    expect(codeOf(await act(client, proofs.submissionId, 'open', { documentId: proofs.nin }))).toBe('403 quota_exceeded');
    expect(codeOf(await act(client, proofs.submissionId, 'revealNumber', { documentId: proofs.nin }))).toBe('403 quota_exceeded');
  });

  it('asks for a reason and a fresh factor', async () => {
    await claim();
    const path = `/admin/api/resources/KycSubmission/records/${proofs.submissionId}/open`;
    expect((await holder.postJson(path, { input: { documentId: proofs.nin }, idempotencyKey: 'no-reason-at-all-1' })).status).toBe(422);
    const late = await office.signedIn(reviewer);
    office.app.clock.advance(16 * 60);
    await caseOf(office, proofs, { claimedBy: reviewer.userId });
    expect(codeOf(await act(late, proofs.submissionId, 'open', { documentId: proofs.nin }))).toBe('403 step_up_required');
    holder = await office.signedIn(reviewer);
    other = await office.signedIn(colleague);
  });
});

describe('who may not', () => {
  it('nobody without the case: a reviewer who holds another one, and the holder once the claim ran out', async () => {
    expect(codeOf(await act(holder, proofs.submissionId, 'open', { documentId: proofs.nin }))).toBe('403 forbidden');
    await claim();
    expect(codeOf(await act(other, proofs.submissionId, 'open', { documentId: proofs.nin }))).toBe('403 forbidden');
    expect(codeOf(await act(other, proofs.submissionId, 'revealNumber', { documentId: proofs.nin }))).toBe('403 forbidden');
    expect((await rules(colleague)).slice(-2)).toEqual(['open-kyc-document denied', 'reveal-kyc-number denied']);
    expect(codeOf(await act(holder, proofs.submissionId, 'open', { documentId: proofs.submissionId }))).toBe('404 not_found');
  });

  it('the second answer is a lead’s: not the first person’s, whatever they lead', async () => {
    const lead = await office.addStaff('reviewer', { isLead: true, hasTotp: true });
    const leading = await office.signedIn(lead);
    await caseOf(office, proofs, { decidedBy: reviewer.userId });
    expect((await act(leading, proofs.submissionId, 'open', { documentId: proofs.nin })).status).toBe(200);
    expect(codeOf(await act(holder, proofs.submissionId, 'open', { documentId: proofs.nin }))).toBe('403 forbidden');
    await caseOf(office, proofs, { decidedBy: lead.userId });
    expect(codeOf(await act(leading, proofs.submissionId, 'open', { documentId: proofs.nin }))).toBe('403 forbidden');
  });

  it.each(['support', 'finance', 'auditor'] as const)('%s sees the status and nothing more', async (role) => {
    const client = await office.signedIn(await office.addStaff(role, { hasTotp: true }));
    await claim();
    const shown = await client.get(`/admin/api/resources/KycSubmission/records/${proofs.submissionId}/show`);
    expect(shown.status).toBe(200);
    expect(shown.text).not.toContain('Okafor');
    expect(codeOf(await act(client, proofs.submissionId, 'open', { documentId: proofs.nin }))).toBe('403 forbidden');
  });
});

describe('a link', () => {
  it('dies after 60 seconds', async () => {
    await claim();
    const late = await link(holder, proofs.nin);
    office.app.clock.advance(61);
    expect((await fetchFile(holder, late)).status).toBe(410);
  });

  it('belongs to the session that asked: another person, and another session of the same one, get nothing and do not use it up', async () => {
    await claim();
    const mine = await link(holder, proofs.nin);
    expect((await fetchFile(other, mine)).status).toBe(410);
    const elsewhere = await office.signedIn(reviewer);
    expect((await fetchFile(elsewhere, mine)).status).toBe(410);
    expect((await fetchFile(office.newClient(), mine)).status).toBe(303);
    expect((await fetchFile(holder, mine)).status).toBe(200);
  });

  it('ends with the claim it was given for, and the look is recorded as denied', async () => {
    const caseId = await claim();
    const given = await link(holder, proofs.nin);
    const { version } = await database().reviewCase.findUniqueOrThrow({ where: { id: caseId } });
    const release = { expectedVersion: version, idempotencyKey: randomUUID(), input: {} };
    const released = await holder.postJson(`/admin/api/resources/ReviewCase/records/${caseId}/release`, release);
    expect(released.status, released.text).toBe(200);
    expect((await fetchFile(holder, given)).status).toBe(403);
    expect((await rules(reviewer)).at(-1)).toBe('view-kyc-document denied');
    await claim();
    expect((await fetchFile(holder, given)).status).toBe(410);
  });

  it('ends with the impartiality of whoever asked, also between a PDF and its pages', async () => {
    await claim();
    const given = await link(holder, proofs.nin);
    const page = await fetchFile(holder, await link(holder, proofs.bill));
    const pages = /<iframe src="([^"]+)"/.exec(page.bytes.toString('utf8'))?.[1] ?? '';
    await tie(reviewer.userId);
    for (const each of [given, pages]) {
      expect((await fetchFile(holder, each)).status).toBe(403);
      expect((await rules(reviewer)).at(-1)).toBe('view-kyc-document denied');
    }
    await tie(null);
    expect((await fetchFile(holder, given)).status).toBe(410);
  });

  it('ends with the grant of whoever asked', async () => {
    const leaving = await office.addStaff('reviewer', { hasTotp: true });
    const client = await office.signedIn(leaving);
    await caseOf(office, proofs, { claimedBy: leaving.userId });
    const given = await link(client, proofs.nin);
    await asTest(() => database().staffRoleGrant.updateMany({ where: { userId: leaving.userId }, data: { role: 'enhancer' } }));
    expect((await fetchFile(client, given)).status).toBe(403);
    expect((await actionsOf(office, leaving.userId)).at(-1)).toMatchObject({ outcome: 'denied', resource: 'kyc_document' });
  });

  it('of twenty calls at once one gets the document', async () => {
    await claim();
    const given = await link(holder, proofs.nin);
    const answers = await Promise.all(Array.from({ length: 20 }, () => fetchFile(holder, given)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 410)]);
  });

  it('is not used up by a look ahead, nor guessed, nor posted to', async () => {
    await claim();
    const given = await link(holder, proofs.nin);
    expect((await fetch(`${holder.origin}${given}`, { method: 'HEAD', headers: { cookie: holder.cookieHeader } })).status).toBe(405);
    expect((await holder.postJson(given, {})).status).toBe(405);
    expect((await fetchFile(holder, `/admin/files/kyc-document/${'A'.repeat(43)}`)).status).toBe(410);
    expect((await fetchFile(holder, '/admin/files/kyc-document/short')).status).toBe(404);
    expect((await fetchFile(holder, `/admin/files/other/${'A'.repeat(43)}`)).status).toBe(404);
    expect((await fetchFile(holder, given)).status).toBe(200);
  });
});

it('shows a number in clear, counted and recorded without it', async () => {
  await claim();
  const shown = shownBy(await act(holder, proofs.submissionId, 'revealNumber', { documentId: proofs.nin }));
  expect(shown).toMatchObject({ documentId: proofs.nin, shownSeconds: 60, value: expect.stringMatching(/^\d{11}$/) });
  expect(codeOf(await act(holder, proofs.submissionId, 'revealNumber', { documentId: proofs.bill }))).toBe('404 not_found');
  expect(JSON.stringify(await actionsOf(office, reviewer.userId))).not.toContain(String(shown.value));
});

it('an admin reopens what was rejected, and nothing else', async () => {
  const admin = await office.signedIn(await office.addStaff('admin', { hasTotp: true }));
  expect(codeOf(await act(admin, proofs.submissionId, 'reopen', {}))).toBe('409 transition_not_allowed');
  await office.app.as({ kind: 'system', name: 'test' }, () =>
    office.app.deps.database.prisma.kycSubmission.update({ where: { id: proofs.submissionId }, data: { status: 'rejected' } }),
  );
  expect(codeOf(await act(holder, proofs.submissionId, 'reopen', {}))).toBe('403 forbidden');
  expect((await act(admin, proofs.submissionId, 'reopen', {})).status).toBe(200);
  const row = await office.app.deps.database.prisma.kycSubmission.findUniqueOrThrow({ where: { id: proofs.submissionId } });
  expect([row.status, row.retentionUntil]).toEqual(['resubmit', null]);
});
