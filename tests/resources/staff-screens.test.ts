import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoleGrant } from '../../src/foundation/access/roles.ts';
import { staffCommands, systemCommands } from '../../src/modules/identity/index.ts';
import { accessReviewPage } from '../../src/resources/access-review/access-review.page.ts';
import { accessReviewActions, sheetActions } from '../../src/resources/access-review/access-review-actions.ts';
import { inviteResource, stateOf } from '../../src/resources/invites/invite.resource.ts';
import { staffResource } from '../../src/resources/staff/staff.resource.ts';
import { staffExtra } from '../../src/resources/staff/staff-extra.ts';
import { freshEmail, run } from '../modules/identity/people.ts';
import { staffActor, startTestApp } from '../support/app.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const reason = { code: 'policy', text: 'Agreed with the head of the team' };
const operator = { actor: { kind: 'system', name: 'operator' } } as const;
const as = (role: RoleGrant['role'], isLead = false, id?: string) => staffActor({ role, isLead }, app.clock.now(), id ? { id } : {});
const by = (role: RoleGrant['role']) => ({ actor: as(role), envelope: { reason } });
const shown = (staff = as('admin'), query: Record<string, string> = {}) =>
  accessReviewPage.handler({ staff, deps: app.deps, query, now: app.clock.now() });

async function hire(role: RoleGrant['role'], isLead = false): Promise<string> {
  const input = {
    email: freshEmail(),
    password: 'seven tailors sewed a sail',
    firstName: 'Amara',
    lastName: 'Okoye',
    grants: [{ role, isLead }],
  };
  return (await run(app, systemCommands.createStaffAccount, input, operator)).userId;
}

describe('the access review', () => {
  it('says that there is none yet, then shows lines with what the reader may do, and why not', async () => {
    expect(await shown()).toMatchObject({ review: null, lines: [] });
    const [id, lead, peer] = [await hire('assistant'), await hire('support', true), await hire('admin')];
    await run(app, staffCommands.editStaff, { id, managerUserId: lead }, by('admin'));
    await run(app, systemCommands.tendReviews, {}, operator);
    const all = await shown();
    expect(all).toMatchObject({ signOff: { name: 'signOff' }, export: { name: 'exportReview' } });
    const lines = all.lines as { userId: string; lead: string | null; keep: { refusal: string | null } | null }[];
    expect(lines.find((line) => line.userId === id)).toMatchObject({ lead: 'Amara Okoye', keep: { refusal: null } });
    expect(lines.find((line) => line.userId === peer)?.keep?.refusal).toBe('You can only act on people below your own level.');
    expect(accessReviewPage.recordsRead?.(all)).toEqual(expect.arrayContaining([id, lead, peer]));
    expect(await accessReviewPage.waiting?.({ staff: as('admin'), deps: app.deps, now: app.clock.now() })).toBe(3);
    expect(await accessReviewPage.waiting?.({ staff: as('auditor'), deps: app.deps, now: app.clock.now() })).toBe(0);
    const own = await shown(as('support', true, lead));
    expect((own.lines as object[]).length).toBe(1);
    expect(own).toMatchObject({ signOff: null, export: { name: 'exportReview' } });
    expect(await accessReviewPage.waiting?.({ staff: as('support', true, lead), deps: app.deps, now: app.clock.now() })).toBe(1);
    const seen = await shown(as('auditor'));
    expect((seen.lines as { keep: { refusal: string } }[])[0]?.keep.refusal).toBe('You can look at this, but not change it.');
  });

  it('opens an earlier quarter by its address, and refuses what it does not know', async () => {
    const { quarters } = (await shown()) as { quarters: string[] };
    expect(await shown(as('admin'), { quarter: quarters[0] ?? '' })).toMatchObject({ review: { quarter: quarters[0] } });
    await expect(shown(as('admin'), { quarter: '1999-Q1' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(shown(as('admin'), { colour: 'red' })).rejects.toMatchObject({ code: 'invalid_filter' });
  });

  it('hands the sheet to the browser with the answer', () => {
    expect(sheetActions.signOff.options.shown?.({ fileName: 'a.csv', text: 'x', sha256: 'y' })).toEqual({
      fileName: 'a.csv',
      text: 'x',
      sha256: 'y',
    });
    expect(sheetActions.export.options.shown?.(null)).toEqual({});
    for (const action of accessReviewActions) expect(action.message({}, null)).toMatch(/\.$/);
  });

  it('shows a signed review with nothing left to decide', async () => {
    const before = (await shown(as('super_admin'))) as { review: { id: string }; lines: { id: string; state: string }[] };
    for (const line of before.lines) await run(app, staffCommands.decideReviewLine, { id: line.id, decision: 'keep' }, by('super_admin'));
    await run(app, staffCommands.signOffReview, { id: before.review.id }, by('super_admin'));
    const after = await shown(as('admin'));
    expect(after).toMatchObject({
      signOff: null,
      review: { signedOffBy: 'Somebody who left', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect((after.lines as { remove: { refusal: string } }[])[0]?.remove.refusal).toBe('Open reviews only: this one was signed off.');
  });
});

describe('invitations', () => {
  it('have a state by the clock, and a filter for the open ones', async () => {
    const now = app.clock.now();
    const later = new Date(now.getTime() + 1);
    expect(stateOf({ acceptedAt: now }, now)).toBe('accepted');
    expect(stateOf({ cancelledAt: now }, now)).toBe('withdrawn');
    expect(stateOf({ expiresAt: now }, now)).toBe('expired');
    expect(stateOf({ expiresAt: later }, now)).toBe('open');
    const { open } = inviteResource.filters;
    expect(open?.where?.('true', 'equals', app.deps)).toMatchObject({ acceptedAt: null });
    expect(open?.where?.('false', 'equals', app.deps)).toHaveProperty('NOT');
    expect(() => open?.where?.('maybe', 'equals', app.deps)).toThrow();
  });

  it('count the rank that they promise, and belong to the lead to come', () => {
    const actor = { staff: as('support', true), deps: app.deps };
    const row = {
      roles: [{ role: 'reviewer', isLead: true }, { role: 'nonsense' }, null],
      managerUserId: actor.staff.id,
      emailMasked: 'a•••@e•••.com',
    };
    expect(inviteResource.subject?.(row, actor)).toMatchObject({ rank: 30, isOwn: true, isTeam: true });
    expect(inviteResource.columns.asked?.value?.(row)).toBe('reviewer lead');
    expect(inviteResource.columns.asked?.value?.({ roles: null })).toBe('');
    expect(inviteResource.scope?.(actor, { own: true, team: false })).toEqual({ managerUserId: actor.staff.id });
    expect(inviteResource.scope?.(actor, { own: false, team: false })).toEqual({});
    const [resend] = inviteResource.actions;
    expect(resend?.message({}, row)).toBe('Sent again to a•••@e•••.com. The new link works once and for 24 hours.');
    expect(resend?.options.refusal?.({ acceptedAt: new Date() }, actor.staff, app.clock.now(), {})).toContain('was accepted');
    expect(resend?.options.refusal?.({ cancelledAt: new Date() }, actor.staff, app.clock.now(), {})).toContain('was withdrawn');
    expect(resend?.options.refusal?.({}, actor.staff, app.clock.now(), {})).toBeNull();
  });
});

describe('the page of a colleague', () => {
  it('shows roles with their last use, factors, invitations and, for oversight, sessions', async () => {
    const id = await hire('support');
    const row = { id, displayName: 'Amara Okoye', staffProfile: { managerUserId: id } };
    const full = await staffExtra(row, { staff: as('admin'), deps: app.deps });
    expect(full).toMatchObject({ sessions: [], hasHistory: true, mayRevoke: true, lead: 'Amara Okoye', invites: [] });
    expect(full.grants).toEqual([expect.objectContaining({ role: 'support', lastUsedAt: null, grantedBy: 'the operator' })]);
    await app.as(as('support', false, id), async () => {
      const { recordRead } = await import('../../src/foundation/command/action-row.ts');
      await recordRead(app.deps, { resource: 'user', action: 'list', recordIds: [] });
    });
    const used = (await staffExtra(row, { staff: as('reviewer', true), deps: app.deps })) as {
      grants: { lastUsedAt: Date | null }[];
      sessions: null;
    };
    expect(used.grants[0]?.lastUsedAt).toBeInstanceOf(Date);
    expect(used.sessions).toBeNull();
  });

  it('turns its forms into the input of the commands', () => {
    const input = (name: string, form: object) =>
      staffResource.actions.find((action) => action.name === name)?.options.toInput?.({ ...form }, { recordId: 'x', row: null });
    expect(
      input('invite', { email: 'a@b.co', role: 'support', isLead: true, secondRole: 'enhancer', jobTitle: 'Phone', until: '2026-12-31' }),
    ).toEqual({
      email: 'a@b.co',
      roles: [{ role: 'support', isLead: true }, { role: 'enhancer' }],
      jobTitle: 'Phone',
      grantsExpireAt: '2026-12-31T23:59:59Z',
    });
    expect(input('invite', { email: 'a@b.co', role: 'support' })).toEqual({ email: 'a@b.co', roles: [{ role: 'support', isLead: false }] });
    expect(input('requestAdminGrant', { role: 'admin', until: '2026-12-31' })).toEqual({
      id: 'x',
      role: 'admin',
      expiresAt: '2026-12-31T23:59:59Z',
    });
    expect(input('requestAdminGrant', { role: 'admin' })).toEqual({ id: 'x', role: 'admin' });
    const reopen = staffResource.actions.find((action) => action.name === 'reopen');
    const why = (row: object) => reopen?.options.refusal?.({ ...row }, as('admin'), app.clock.now(), {});
    expect(why({ status: 'suspended' })).toContain('not closed');
    expect(why({ status: 'closed', statusChangedAt: app.clock.now() })).toBeNull();
    expect(why({ status: 'closed' })).toContain('Within 30 days only');
    expect(reopen?.options.isVisible?.({ status: 'active' })).toBe(false);
  });
});
