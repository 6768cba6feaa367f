import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import type { StaffActor } from '../../src/foundation/runtime/actor.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { commands as support } from '../../src/modules/support/index.ts';
import type { ActionRowJson } from '../../src/resources/audit/action-row.ts';
import { dashboard, pages } from '../../src/resources/index.ts';
import { staffActor, startTestApp, type TestApp } from '../support/app.ts';
import { type SearchWorker, searchWorker } from '../support/search-worker.ts';
import { openSql } from '../support/sql.ts';

let app: TestApp;
let worker: SearchWorker;
let userId: string;
let ada: StaffActor;
let femi: StaffActor;
let actionId: string;
let noteId: string;

const staff = (role: StaffActor['grants'][number]['role'], isLead = false) => staffActor({ role, isLead }, app.clock.now());

function view(reader: StaffActor, query: Record<string, string>, id = 'audit'): Promise<Readonly<Record<string, unknown>>> {
  const page = pages.find((candidate) => candidate.id === id);
  if (!page) throw new Error('no audit page');
  return app.as(reader, () => page.handler({ staff: reader, deps: app.deps, query, now: app.clock.now() }));
}

beforeAll(async () => {
  app = await startTestApp();
  worker = searchWorker(app);
  const input = { email: 'ngozi@example.com', password: 'kites over third mainland', firstName: 'Ngozi', lastName: 'Eze' };
  const made = await app.as({ kind: 'system', name: 'seed' }, () => runCommand(app.deps, systemCommands.registerVerified, { input }));
  userId = made.output.userId;
  ada = staff('support');
  femi = staff('support');
  const noted = await app.as(ada, () => runCommand(app.deps, support.addNote, { input: { id: userId, body: 'Asked about sizes.' } }));
  [actionId, noteId] = [noted.actionId, noted.output.noteId];
});
afterAll(async () => {
  await worker.stop();
  await app.stop();
});

describe('the audit explorer', () => {
  it('shows everybody their own actions and nobody else', async () => {
    expect(await view(ada, {})).toMatchObject({ view: 'list', reach: 'own', rows: [{ id: actionId, verb: 'add-note' }] });
    expect(await view(femi, {})).toMatchObject({ reach: 'own', rows: [] });
    expect(await view(femi, { actor: ada.id })).toMatchObject({ rows: [] });
  });

  it('shows auditors and admins all of it, filtered as asked', async () => {
    for (const role of ['auditor', 'admin', 'super_admin'] as const) {
      expect(await view(staff(role), { actor: ada.id })).toMatchObject({ reach: 'all', rows: [{ id: actionId }], totalText: '1' });
    }
    await worker.settle();
    expect(await view(staff('auditor'), { about: userId, verb: 'add-note', role: 'support' })).toMatchObject({ rows: [{ id: actionId }] });
    expect(await view(staff('auditor'), { about: userId, outcome: 'denied' })).toMatchObject({ rows: [] });
  });

  it('reaches the changes of a person whose page is open to the reader, by whoever made them', async () => {
    expect(await view(femi, { about: userId })).toMatchObject({
      reach: 'timeline',
      rows: expect.arrayContaining([expect.objectContaining({ id: actionId })]),
    });
    expect(await view(staff('assistant'), { about: userId })).toMatchObject({ reach: 'own', rows: [] });
    expect(await view(femi, { about: 'not-an-id' })).toMatchObject({ reach: 'own', rows: [] });
  });

  it('pages back and forth by cursors, and says where the list ends', async () => {
    const first = await view(staff('auditor'), {});
    expect(first).toMatchObject({ newer: null });
    const ids = (answer: Readonly<Record<string, unknown>>) => answer.shownIds;
    const older = await view(staff('auditor'), {
      before: `${new Date(Date.now() + 60_000).toISOString().replace('T', ' ').slice(0, 19)}+00~${userId}`,
    });
    expect(ids(older)).toEqual(ids(first));
    const all = Array.isArray(first.rows) ? first.rows : [];
    const newest: { id: string; at: string } = all[0];
    const back = await view(staff('auditor'), { after: `2026-01-01 00:00:00+00~${userId}` });
    expect(ids(back)).toEqual(ids(first));
    expect(back).toMatchObject({ newer: null, next: expect.stringContaining('~') });
    expect(
      await view(staff('auditor'), { after: `${newest.at.replace('T', ' ').replace('Z', '999+00')}~ffffffff-ffff-7fff-bfff-ffffffffffff` }),
    ).toMatchObject({ rows: [] });
  });

  it('offers the export to those who may, and to nobody else', async () => {
    expect(await view(staff('auditor'), {})).toMatchObject({
      exportAction: { name: 'exportAudit', needs: { reason: true, stepUpMinutes: 5 } },
    });
    expect(await view(ada, {})).toMatchObject({ exportAction: null });
  });

  it('opens one action with the rows it changed, for whoever did it', async () => {
    const answer = await view(ada, { action: actionId });
    expect(answer).toMatchObject({ view: 'action', row: { id: actionId }, tables: [{ table: 'support.note', op: 'insert' }] });
    expect(JSON.stringify(answer)).not.toContain('Asked about sizes');
  });

  it('says of each row whether its history is open to the reader, as the history page answers', async () => {
    const record = `support.note:${noteId}`;
    await expect(view(ada, { record }, 'history')).rejects.toMatchObject({ code: 'not_found' });
    expect(await view(ada, { action: actionId })).toMatchObject({ tables: [{ table: 'support.note', recordId: noteId, canOpen: false }] });
    expect(await view(staff('auditor'), { record }, 'history')).toMatchObject({ view: 'timeline' });
    expect(await view(staff('auditor'), { action: actionId })).toMatchObject({ tables: [{ canOpen: true }] });
  });

  it('says it of changes past the application too', async () => {
    const sql = await openSql(app.database.adminUrl);
    const change = (statement: string) => sql.inContext((tx) => tx.rows(statement, [userId]), { actorType: 'system:db' });
    await change(`UPDATE identity."user" SET first_name = first_name || 'chukwu' WHERE id = $1`);
    await change(`UPDATE identity.credential SET changed_at = changed_at - interval '1 day' WHERE user_id = $1`);
    await sql.close();
    await worker.settle();
    const open = async (reader: StaffActor) => {
      const { rows } = (await view(reader, { about: userId, door: 'direct' })) as { rows: ActionRowJson[] };
      return Object.fromEntries(rows.map(({ record, canOpenHistory }) => [record?.split(':')[0], canOpenHistory]));
    };
    expect(await open(femi)).toEqual({ 'identity.user': true, 'identity.credential': false });
    expect(await open(staff('auditor'))).toEqual({ 'identity.user': true, 'identity.credential': true });
  });

  it('gives a stranger to the action the answer of a missing one', async () => {
    await expect(view(femi, { action: actionId })).rejects.toMatchObject({ code: 'not_found' });
    await expect(view(femi, { action: userId })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('opens the history of a person to those who may open the person', async () => {
    const history = (reader: StaffActor, query: Record<string, string>) => view(reader, query, 'history');
    expect(await history(femi, { subject: userId })).toMatchObject({ view: 'timeline', shownIds: [userId] });
    expect(await history(femi, { record: `identity.user:${userId}` })).toMatchObject({ view: 'timeline' });
    await expect(history(staff('assistant'), { subject: userId })).rejects.toMatchObject({ code: 'not_found' });
    await expect(history(femi, { record: `identity.credential:${userId}` })).rejects.toMatchObject({ code: 'not_found' });
    await expect(history(femi, { subject: actionId })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('names the records that a view showed, for its read row', async () => {
    const page = pages.find((candidate) => candidate.id === 'audit');
    expect(page?.recordsRead?.(await view(ada, {}))).toEqual([actionId]);
  });
});

describe('the dashboard', () => {
  it('gives each role its cards, each with a number and a link', async () => {
    for (const role of [
      'assistant',
      'support',
      'reviewer',
      'enhancer',
      'moderator',
      'finance',
      'auditor',
      'admin',
      'super_admin',
    ] as const) {
      const reader = staff(role);
      const answer = await app.as(reader, () => dashboard.handler({ staff: reader, deps: app.deps, query: {}, now: app.clock.now() }));
      const cards: unknown = answer.cards;
      expect(Array.isArray(cards) && cards.length > 0).toBe(true);
      expect(cards).toEqual(expect.arrayContaining([expect.objectContaining({ id: 'own-actions' })]));
      for (const card of Array.isArray(cards) ? cards : [])
        expect(card).toMatchObject({ value: expect.any(String), href: expect.stringMatching(/^\/admin\//) });
    }
  });
});
