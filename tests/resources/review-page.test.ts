import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { legalName, proofsOf } from '../admin/kyc/kyc-office.ts';
import type { AdminClient } from '../admin/support/admin-client.ts';
import { actionsOf, type BackOffice, type Person } from '../admin/support/back-office.ts';
import { startWholeOffice } from '../admin/support/whole-office.ts';
import { arrange } from '../modules/identity/people.ts';
import { caseRow, emptyQueue, opened, passed, product, type Store, store, waiting } from '../modules/review/desk.ts';

type Desk = { person: Person; client: AdminClient };
type Section = { kind: string; title: string } & Record<string, unknown>;
type Case = { sections: Section[]; rights: Record<string, string | null>; checklist: { item: string }[] } & Record<string, unknown>;

let office: BackOffice;
let reviewer: Desk;
let lead: Desk;
let assistant: Desk;
let auditor: Desk;
let selling: Store;
const signIn = async (role: Parameters<BackOffice['addStaff']>[0], isLead = false): Promise<Desk> => {
  const person = await office.addStaff(role, { isLead, hasTotp: true });
  return { person, client: await office.signedIn(person) };
};
beforeAll(async () => {
  office = await startWholeOffice({ RATE_LIMIT_SCALE: '1000' });
  selling = await store(office.app, { status: 'approved' });
  [reviewer, lead] = [await signIn('reviewer'), await signIn('reviewer', true)];
  [assistant, auditor] = [await signIn('assistant'), await signIn('auditor')];
}, 240_000);
afterAll(() => office?.stop());
beforeEach(() => emptyQueue(office.app));

const ask = ({ client }: Desk, query = '') => client.get(`/admin/api/pages/review${query}`);
const post = ({ client }: Desk, path: string, body: object = {}) =>
  client.postJson(`/admin/api/resources/ReviewCase/${path}`, { idempotencyKey: randomUUID(), ...body });
const take = (desk: Desk) => post(desk, 'actions/takeNext');
async function decide(desk: Desk, id: string, action: string, input: object): Promise<void> {
  const { version } = await caseRow(office.app, id);
  const answer = await post(desk, `records/${id}/${action}`, { expectedVersion: version, input });
  expect(answer.status, answer.text).toBe(200);
}
async function caseFor(desk: Desk, id: string): Promise<{ shown: Case; text: string }> {
  const answer = await ask(desk, `?case=${id}`);
  expect(answer.status, answer.text).toBe(200);
  return { shown: answer.json.case as Case, text: answer.text };
}
const sectionOf = ({ sections }: Case, title: RegExp) => sections.find((section) => title.test(section.title));
const factsOf = (section: Section | undefined) =>
  Object.fromEntries(((section?.facts ?? []) as { label: string; value: string | null }[]).map(({ label, value }) => [label, value]));

describe('the queue', () => {
  it('says what waits, how many there are behind each tab, and who may take', async () => {
    const { caseId } = await waiting(office.app, { riskScore: 80 });
    const { json } = await ask(reviewer);
    expect(json).toMatchObject({ tab: 'new', next: null, canTake: true, counts: { new: 1, mine: 0, second: 0 } });
    expect(json.lines).toMatchObject([
      { id: caseId, kind: 'vendor', round: 1, status: 'queued', isRisky: true, holder: null, decision: null, clock: { state: 'on_track' } },
    ]);
    expect((json.lines as { refusal: string }[])[0]?.refusal).toBe('“Take next” gives you cases; only leads pick by hand.');
    for (const desk of [assistant, auditor, await signIn('enhancer')]) expect((await ask(desk)).json.canTake).toBe(false);
    expect((await ask(assistant)).json.lines).toMatchObject([{ id: caseId, refusal: null }]);
    expect((await ask(await signIn('finance'))).status).toBe(403);
  });

  it('may be taken from as the page opens, by those who may, before any list was asked for', async () => {
    const offers = async ({ client }: Desk) => {
      const { text } = await client.get('/admin/pages/review');
      const { resources } = JSON.parse(/window\.FASHIONISTAR = (.+?);?$/m.exec(text)?.[1] ?? '{}');
      return resources.ReviewCase.actions.find(({ name }: { name: string }) => name === 'takeNext')?.refusal;
    };
    expect([await offers(reviewer), await offers(lead)]).toEqual([null, null]);
    for (const desk of [assistant, auditor]) expect(await offers(desk)).not.toBeNull();
  });

  it('refuses a query it does not know, and a cursor of another tab', async () => {
    for (const query of ['?tab=all', '?case=1', '?page=2', '?counts=yes', '?tab=new&tab=mine'])
      expect((await ask(reviewer, query)).status, query).toBe(400);
    for (let n = 0; n < 31; n += 1) await opened(office.app, 'product', await product(office.app, selling));
    const first = (await ask(reviewer)).json as { next: string; lines: { id: string }[] };
    expect(first.lines).toHaveLength(30);
    const rest = (await ask(reviewer, `?tab=new&cursor=${first.next}`)).json as { next: null; lines: { id: string }[] };
    expect([rest.lines.length, rest.next]).toEqual([1, null]);
    expect(first.lines.map(({ id }) => id)).not.toContain(rest.lines[0]?.id);
    const wrong = await ask(reviewer, `?tab=done&cursor=${first.next}`);
    expect([wrong.status, wrong.json.code]).toEqual([400, 'invalid_paging']);
  });

  it('records which cases a list named, and nobody for the counts alone', async () => {
    const { caseId } = await waiting(office.app);
    await ask(reviewer);
    expect((await actionsOf(office, reviewer.person.userId)).at(-1)).toMatchObject({ outcome: 'read', record_ids: [caseId] });
    const counts = await ask(reviewer, '?counts=true');
    expect(Object.keys(counts.json).toSorted()).toEqual(['counts', 'now']);
    expect((await actionsOf(office, reviewer.person.userId)).at(-1)?.record_ids).not.toContain(counts.json.now);
  });
});

describe('a store', () => {
  it('is shown to whoever holds it, with masked contacts, and the opening is recorded with all whom it concerns', async () => {
    const { caseId, vendorId, userId, person } = await waiting(office.app);
    expect((await ask(reviewer, `?case=${caseId}`)).status).toBe(403);
    await take(reviewer);
    const { shown, text } = await caseFor(reviewer, caseId);
    expect(shown).toMatchObject({ mode: 'decide', kindLabel: 'Vendor', round: 1, changes: null, rounds: [], answers: [], isBlind: false });
    expect(shown.holder).toMatchObject({ isMe: true, isLapsed: false });
    expect(shown.rights).toMatchObject({ approve: null, reject: null, requestChanges: null, saveChecklist: null });
    expect(shown.checklist.map(({ item }) => item)).toEqual(passed('vendor').map(({ item }) => item));
    expect(factsOf(sectionOf(shown, /^Store$/))).toMatchObject({ 'Business type': 'Tailor', Collections: 'Women' });
    expect(text).not.toContain(person.email);
    expect(shown.colleagues).toEqual([]);
    const row = (await actionsOf(office, reviewer.person.userId)).at(-1);
    expect([row?.outcome, row?.record_ids]).toEqual(['read', [caseId, vendorId, userId]]);
  });

  it('comes with each message in the parts around the reviewer’s words', async () => {
    const { caseId } = await waiting(office.app);
    await take(reviewer);
    const { shown } = await caseFor(reviewer, caseId);
    const messages = shown.messages as Record<string, { channel: string; subject: string; parts: string[] }>;
    expect(Object.keys(messages)).toEqual(['approve', 'reject', 'request_changes']);
    for (const { channel, subject, parts } of Object.values(messages)) {
      expect([channel, subject.length > 5, parts.join('').length > 40]).toEqual(['mail', true, true]);
      expect(parts.join('')).not.toMatch(/[\uE000\uE001]/);
    }
    expect([messages.reject?.parts.length, messages.request_changes?.parts.length]).toEqual([2, 2]);
    expect(shown.fields).toContainEqual({ value: 'logo', label: 'Logo', said: 'Logo' });
    expect((shown.fields as { said: string }[]).every(({ said }) => !/[\uE000\uE001]/.test(said))).toBe(true);
    expect((shown.rejectionCodes as { value: string; label: string }[])[3]).toEqual({
      value: 'identity_mismatch',
      label: 'Identity mismatch',
    });
  });

  it('handed in again shows what changed and the notes of the round before, in words', async () => {
    const { caseId, vendorId } = await waiting(office.app);
    await take(reviewer);
    const fieldNotes = [{ field: 'description', note: 'Say which cloth it is' }];
    await decide(reviewer, caseId, 'requestChanges', { text: 'Nearly there.', fieldNotes });
    await arrange(office.app, (prisma) =>
      prisma.vendor.updateMany({
        where: { id: vendorId },
        data: { description: 'Hand-dyed cotton adire from Abeokuta.', status: 'submitted', version: { increment: 1 } },
      }),
    );
    const next = await opened(office.app, 'vendor', vendorId);
    await take(reviewer);
    const { shown } = await caseFor(reviewer, next);
    expect((shown.changes as object[]).map((change) => ({ ...change, table: '' }))).toMatchObject([
      { label: 'Description', before: { kind: 'text' }, after: { kind: 'text', text: 'Hand-dyed cotton adire from Abeokuta.' } },
    ]);
    expect(shown.rounds).toMatchObject([
      { round: 1, decision: 'request_changes', text: 'Nearly there.', notes: [{ label: 'Description', note: 'Say which cloth it is' }] },
    ]);
    expect(shown.round).toBe(2);
  });

  it('that waits for a second person keeps the first answer from them and from nobody who gave or oversees it', async () => {
    const { caseId } = await waiting(office.app, { riskScore: 80 });
    await take(reviewer);
    await decide(reviewer, caseId, 'approve', { checklist: passed('vendor') });
    const { shown, text } = await caseFor(lead, caseId);
    expect(shown).toMatchObject({ mode: 'second', answers: [], needsSecond: true, flags: [{ text: 'Two people' }] });
    expect(shown.checklist.every((line) => Reflect.get(line, 'answer') === null)).toBe(true);
    expect(text).not.toContain(reviewer.person.userId);
    expect((await caseFor(reviewer, caseId)).shown).toMatchObject({ mode: 'read', answers: [{ part: 'first', by: 'You' }] });
    expect((await caseFor(auditor, caseId)).shown).toMatchObject({ mode: 'read', answers: [{ part: 'first', decision: 'approve' }] });
  });

  it('is prepared by an assistant, who decides nothing; a lead may hand it to somebody who reviews', async () => {
    const { caseId } = await waiting(office.app);
    const { shown } = await caseFor(assistant, caseId);
    expect(shown.mode).toBe('prepare');
    expect(Object.keys(shown.rights)).not.toContain('approve');
    const { shown: forLead } = await caseFor(lead, caseId);
    expect(forLead.mode).toBe('read');
    const ids = (forLead.colleagues as { value: string }[]).map(({ value }) => value);
    expect(ids).toEqual(expect.arrayContaining([reviewer.person.userId, lead.person.userId]));
    expect(ids).not.toContain(assistant.person.userId);
  });
});

describe('other kinds', () => {
  it('proofs of identity say what is there and what is missing, never what is on it', async () => {
    const proofs = await proofsOf(office);
    const caseId = await opened(office.app, 'kyc', proofs.submissionId);
    expect((await ask(assistant, `?case=${caseId}`)).status).toBe(403);
    await take(reviewer);
    const { shown, text } = await caseFor(reviewer, caseId);
    const documents = sectionOf(shown, /^Documents, 3$/);
    expect(documents).toMatchObject({ submissionId: proofs.submissionId, quotaLeft: 40, open: { name: 'open', refusal: null } });
    expect(((documents?.documents ?? []) as { label: string }[]).map(({ label }) => label)).toContain('NIN card');
    expect([text.includes(legalName), /\d{11}/.test(text.replaceAll(/[0-9a-f-]{36}/g, ''))]).toEqual([false, false]);
    const { shown: read } = await caseFor(auditor, caseId);
    expect(sectionOf(read, /^Documents/)).toMatchObject({ open: null });
  });

  it('a product shows its price, its look-alikes and how a search engine would show it', async () => {
    const twin = await product(office.app, selling, { title: 'Adire wrap dress, indigo' });
    const signals = [{ rule: 'banned_word', weight: 40, evidence: '"replica": names a copy' }];
    const given = { title: 'Adire wrap dress, indigo', signals };
    const caseId = await opened(office.app, 'product', await product(office.app, selling, given));
    await take(reviewer);
    const { shown } = await caseFor(reviewer, caseId);
    expect(sectionOf(shown, /^Price$/)).toMatchObject({ price: 15_000 });
    const lookAlikes = sectionOf(shown, /^Look-alikes$/)?.lines as { href: string; note: string }[];
    expect(lookAlikes.map(({ href }) => href)).toContain(`/admin/resources/Product/records/${twin}/show`);
    expect(sectionOf(shown, /^In a search engine$/)).toMatchObject({ heading: expect.stringContaining('Adire wrap dress') });
    const noticed = (sectionOf(shown, /^Signals$/)?.signals ?? []) as { key: string; tone: string; text: string }[];
    expect(noticed.some(({ key, tone }) => key.startsWith('duplicate') && tone === 'danger')).toBe(true);
    expect(noticed).toContainEqual(expect.objectContaining({ tone: 'danger', text: '"replica": names a copy.' }));
    expect((shown.links as { label: string }[]).map(({ label }) => label)).toEqual(['Store', 'Product']);
  });
});
