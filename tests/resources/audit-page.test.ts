import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import type { StaffActor } from '../../src/foundation/runtime/actor.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { commands as support } from '../../src/modules/support/index.ts';
import { dashboard, pages } from '../../src/resources/index.ts';
import { staffActor, startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
let userId: string;
let ada: StaffActor;
let femi: StaffActor;
let actionId: string;

const staff = (role: StaffActor['grants'][number]['role'], isLead = false) => staffActor({ role, isLead }, app.clock.now());

function view(reader: StaffActor, query: Record<string, string>): Promise<Readonly<Record<string, unknown>>> {
  const page = pages.find((candidate) => candidate.id === 'audit');
  if (!page) throw new Error('no audit page');
  return app.as(reader, () => page.handler({ staff: reader, deps: app.deps, query, now: app.clock.now() }));
}

beforeAll(async () => {
  app = await startTestApp();
  const input = { email: 'ngozi@example.com', password: 'kites over third mainland', firstName: 'Ngozi', lastName: 'Eze' };
  const made = await app.as({ kind: 'system', name: 'seed' }, () => runCommand(app.deps, systemCommands.registerVerified, { input }));
  userId = made.output.userId;
  ada = staff('support');
  femi = staff('support');
  actionId = (await app.as(ada, () => runCommand(app.deps, support.addNote, { input: { id: userId, body: 'Asked about sizes.' } })))
    .actionId;
});
afterAll(() => app.stop());

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
    expect(await view(staff('auditor'), { about: userId, verb: 'add-note', role: 'support' })).toMatchObject({ rows: [{ id: actionId }] });
    expect(await view(staff('auditor'), { about: userId, outcome: 'denied' })).toMatchObject({ rows: [] });
  });

  it('opens one action with the rows it changed, for whoever did it', async () => {
    const answer = await view(ada, { action: actionId });
    expect(answer).toMatchObject({ view: 'action', row: { id: actionId }, tables: [{ table: 'support.note', op: 'insert' }] });
    expect(JSON.stringify(answer)).not.toContain('Asked about sizes');
  });

  it('gives a stranger to the action the answer of a missing one', async () => {
    await expect(view(femi, { action: actionId })).rejects.toMatchObject({ code: 'not_found' });
    await expect(view(femi, { action: userId })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('opens the history of a person to those who may open the person', async () => {
    expect(await view(femi, { subject: userId })).toMatchObject({ view: 'timeline', shownIds: [userId] });
    expect(await view(femi, { record: `identity.user:${userId}` })).toMatchObject({ view: 'timeline' });
    await expect(view(staff('assistant'), { subject: userId })).rejects.toMatchObject({ code: 'not_found' });
    await expect(view(femi, { record: `identity.session:${userId}` })).rejects.toMatchObject({ code: 'not_found' });
    await expect(view(femi, { subject: actionId })).rejects.toMatchObject({ code: 'not_found' });
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
