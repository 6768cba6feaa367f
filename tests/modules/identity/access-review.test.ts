import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RoleGrant } from '../../../src/foundation/access/roles.ts';
import { previewCommand } from '../../../src/foundation/command/run-command.ts';
import { staffCommands, staffLife, staffQueries, systemCommands } from '../../../src/modules/identity/index.ts';
import { quarterOf, startOfQuarter } from '../../../src/modules/identity/staff/review/quarter.ts';
import { staffActor, startTestApp } from '../../support/app.ts';
import { openSql } from '../../support/sql.ts';
import { freshEmail, refusalCode, run } from './people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());
// Each test has a quarter of its own.
beforeEach(() => {
  const next = startOfQuarter(new Date(startOfQuarter(app.clock.now()).getTime() + 100 * 86_400_000));
  app.clock.advance((next.getTime() - app.clock.now().getTime()) / 1000 + 3600);
});

const reason = { code: 'policy', text: 'Still works on this every day' };
const operator = { actor: { kind: 'system', name: 'operator' } } as const;
const day = 86_400;
const who = (role: RoleGrant['role'], isLead = false, id?: string) => ({
  actor: staffActor({ role, isLead }, app.clock.now(), id ? { id } : {}),
  envelope: { reason },
});
const prisma = () => app.deps.database.prisma;
const tend = () => run(app, systemCommands.tendReviews, {}, operator);
const eventsOf = (aggregateId: string, name: string) => prisma().outboxEvent.findMany({ where: { aggregateId, name } });

let count = 0;
async function hire(role: RoleGrant['role'], isLead = false, firstName = 'Amara'): Promise<string> {
  count += 1;
  const input = {
    email: freshEmail(),
    password: 'seven tailors sewed a sail',
    firstName,
    lastName: `Okoye ${'abcdefghijklmnop'.charAt(count % 16)}`,
    grants: [{ role, isLead }],
  };
  return (await run(app, systemCommands.createStaffAccount, input, operator)).userId;
}

/** The review of now, opened, with the line of a person. */
async function opened(userId: string): Promise<{ reviewId: string; lineId: string; grantId: string }> {
  await tend();
  const review = await prisma().accessReview.findUniqueOrThrow({ where: { quarter: quarterOf(app.clock.now()) } });
  const line = await prisma().accessReviewLine.findFirstOrThrow({ where: { reviewId: review.id, userId } });
  return { reviewId: review.id, lineId: line.id, grantId: line.grantId };
}

const decide = (id: string, decision: 'keep' | 'remove', by: object = who('admin')) =>
  run(app, staffCommands.decideReviewLine, { id, decision }, by);

describe('the review of a quarter', () => {
  it('opens once, also in parallel, with a line for each grant in force but those of super admins', async () => {
    const [id, top] = [await hire('support'), await hire('super_admin')];
    await Promise.all([tend(), tend(), tend()]);
    const quarter = quarterOf(app.clock.now());
    const review = await prisma().accessReview.findUniqueOrThrow({ where: { quarter }, include: { lines: true } });
    expect(review.lines.filter((line) => line.userId === id)).toHaveLength(1);
    expect(review.lines.some((line) => line.userId === top)).toBe(false);
    expect(review.dueAt.getTime() - review.createdAt.getTime()).toBe(30 * day * 1000);
    expect(review.lapseAt.getTime() - review.dueAt.getTime()).toBe(14 * day * 1000);
    expect(await eventsOf(review.id, 'identity.access_review.opened')).toHaveLength(1);
    expect((await staffLife.listReviews(app.deps))[0]).toMatchObject({ id: review.id, quarter, signedOffAt: null });
  });

  it('keeps or removes by line, with reason; what is removed is gone and told', async () => {
    const id = await hire('support');
    const { lineId, grantId } = await opened(id);
    expect(await decide(lineId, 'keep')).toEqual({ decision: 'keep' });
    expect((await prisma().staffRoleGrant.findUniqueOrThrow({ where: { id: grantId } })).confirmedAt).toEqual(app.clock.now());
    expect(await refusalCode(decide(lineId, 'keep'))).toBe('transition_not_allowed');
    expect(await decide(lineId, 'remove')).toEqual({ decision: 'remove' });
    expect(await staffQueries.activeGrantsOf(app.deps, id)).toEqual([]);
    expect(await eventsOf(id, 'identity.grant.revoked')).toHaveLength(1);
    expect(await refusalCode(decide(lineId, 'keep'))).toBe('transition_not_allowed');
  });

  it('lets one of twenty decide a line', async () => {
    const { lineId } = await opened(await hire('support'));
    const tried = await Promise.all(
      Array.from({ length: 20 }, () =>
        decide(lineId, 'remove').then(
          () => 'done',
          (error) => error.code,
        ),
      ),
    );
    expect(tried.filter((outcome) => outcome === 'done')).toHaveLength(1);
  });

  it('lets leads decide for whom they lead, nobody for themselves or their own level, auditors look', async () => {
    const [id, lead, admin] = [await hire('assistant'), await hire('support', true), await hire('admin')];
    await run(app, staffCommands.editStaff, { id, managerUserId: lead }, who('admin'));
    const { lineId, reviewId } = await opened(id);
    const lineOf = async (userId: string) => (await prisma().accessReviewLine.findFirstOrThrow({ where: { reviewId, userId } })).id;
    const asLead = who('support', true, lead);
    expect((await staffLife.reviewLines(app.deps, { reviewId, leadId: lead })).map((line) => line.userId)).toEqual([id]);
    expect(await staffLife.countOpenLines(app.deps, { leadId: lead, exceptId: lead })).toBe(1);
    expect(await refusalCode(decide(await lineOf(admin), 'keep', asLead))).toBe('forbidden');
    expect(await refusalCode(decide(await lineOf(lead), 'keep', asLead))).toBe('forbidden');
    expect(await refusalCode(decide(await lineOf(admin), 'keep', who('admin')))).toBe('forbidden');
    expect(await refusalCode(decide(lineId, 'keep', who('auditor')))).toBe('forbidden');
    const words = await app.as(asLead.actor, () =>
      previewCommand(app.deps, staffCommands.decideReviewLine, { input: { id: lineId, decision: 'remove' } }),
    );
    expect(words[0]).toMatch(/^Takes the role assistant from Amara/);
    expect(await decide(lineId, 'keep', asLead)).toEqual({ decision: 'keep' });
    expect(await refusalCode(run(app, staffCommands.signOffReview, { id: reviewId }, asLead))).toBe('forbidden');
  });

  it('ends what nobody confirmed 14 days after it was due, once, after a reminder', async () => {
    const [kept, silent] = [await hire('support'), await hire('reviewer')];
    const { lineId, reviewId } = await opened(kept);
    await decide(lineId, 'keep');
    app.clock.advance(24 * day);
    await Promise.all([tend(), tend()]);
    expect(await eventsOf(reviewId, 'identity.access_review.due_soon')).toHaveLength(1);
    app.clock.advance(20 * day + 1);
    await Promise.all([tend(), tend()]);
    expect(await staffQueries.activeGrantsOf(app.deps, silent)).toEqual([]);
    expect(await staffQueries.activeGrantsOf(app.deps, kept)).toHaveLength(1);
    expect(await eventsOf(silent, 'identity.grant.unconfirmed')).toHaveLength(1);
    const lines = await staffLife.reviewLines(app.deps, { reviewId, leadId: null });
    expect(lines.find((line) => line.userId === silent)).toMatchObject({ state: 'lapsed', decidedBy: null });
  });

  it('is signed off once nothing is open, with a sheet that spreadsheets run nothing of and whose hash is in the audit', async () => {
    const id = await hire('support');
    const { lineId, reviewId } = await opened(id);
    const signOff = () => run(app, staffCommands.signOffReview, { id: reviewId }, who('admin'));
    expect(await refusalCode(signOff())).toBe('transition_not_allowed');
    const preview = () =>
      app.as(who('admin').actor, () => previewCommand(app.deps, staffCommands.signOffReview, { input: { id: reviewId } }));
    expect((await preview())[0]).toMatch(/lines are still open/);
    await decide(lineId, 'keep', { ...who('admin'), envelope: { reason: { code: 'other', text: '=HYPERLINK("http://x") asked' } } });
    const super_admin = who('super_admin');
    for (const line of await staffLife.reviewLines(app.deps, { reviewId, leadId: null }))
      if (line.state === 'open') await decide(line.id, 'keep', super_admin);
    expect((await preview())[0]).toMatch(/^Ends the review/);
    const both = await Promise.allSettled([signOff(), signOff()]);
    const [file] = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const refused = both.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toEqual([expect.objectContaining({ code: 'transition_not_allowed' })]);
    if (!file) throw new Error('Neither of two that sign off at once did');
    expect(file.sha256).toBe(createHash('sha256').update(file.text).digest('hex'));
    expect(file.text).toContain(`"'=HYPERLINK(""http://x"") asked"`);
    expect(file.text.split('\r\n')[0]).toContain('"quarter","person","member_id"');
    expect(await prisma().accessReview.findUniqueOrThrow({ where: { id: reviewId } })).toMatchObject({ sha256: file.sha256 });
    const again = await run(app, staffCommands.exportReview, { id: reviewId }, who('auditor'));
    expect(again.text).toBe(file.text);
    const sql = await openSql(app.database.adminUrl);
    const rows = await sql
      .rows<{ note: string }>(
        `SELECT v.body::jsonb ->> 'note' AS note FROM audit.action a JOIN audit.value v ON v.row_id = a.id WHERE a.action LIKE '%-access-review'`,
      )
      .finally(() => sql.close());
    expect(rows.filter(({ note }) => note?.includes(file.sha256)).length).toBeGreaterThanOrEqual(1);
    expect(await refusalCode(decide(lineId, 'remove'))).toBe('transition_not_allowed');
  });

  it('is exported by whoever may read it: finance exports lists, and none of these', async () => {
    const { reviewId } = await opened(await hire('support'));
    expect(await refusalCode(run(app, staffCommands.exportReview, { id: reviewId }, who('finance')))).toBe('forbidden');
    const own = await run(app, staffCommands.exportReview, { id: reviewId }, who('support', true));
    expect(own.text.trimEnd().split('\r\n')).toHaveLength(1);
    expect(await refusalCode(run(app, staffCommands.exportReview, { id: '01a200ac-623e-7708-95a3-0712e68ea52e' }, who('admin')))).toBe(
      'not_found',
    );
    expect(await refusalCode(decide('01a200ac-623e-7708-95a3-0712e68ea52e', 'keep'))).toBe('not_found');
  });
});
