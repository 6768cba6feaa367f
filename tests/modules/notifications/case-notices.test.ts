import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoleGrant } from '../../../src/foundation/access/roles.ts';
import { runCommand } from '../../../src/foundation/command/run-command.ts';
import type { EventPayload } from '../../../src/foundation/outbox/append.ts';
import { addSeconds } from '../../../src/foundation/runtime/clock.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { systemCommands } from '../../../src/modules/identity/index.ts';
import { staffNoticeRules } from '../../../src/modules/notifications/on-staff-event.job.ts';
import { webhookEvents } from '../../../src/modules/notifications/webhooks/webhook-events.ts';
import { system } from '../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
const people = new Map<string, string>();
const id = (name: string): string => people.get(name) ?? '';

beforeAll(async () => {
  app = await startTestApp();
  const members: readonly [string, RoleGrant['role'], boolean][] = [
    ['reviewer', 'reviewer', false],
    ['lead', 'reviewer', true],
    ['assistant', 'assistant', false],
    ['enhancer', 'enhancer', false],
  ];
  for (const [name, role, isLead] of members) {
    const input = {
      email: `${name}@staff.example.com`,
      password: 'a long staff phrase',
      firstName: name,
      lastName: 'Obi',
      grants: [{ role, isLead }],
    };
    const { output } = await app.as(system, () => runCommand(app.deps, systemCommands.createStaffAccount, { input }));
    people.set(name, output.userId);
  }
});
afterAll(() => app.stop());

const prisma = () => app.deps.database.prisma;

/** A case in a state, with whoever has to do with it. */
async function caseOf(
  data: { status?: 'queued' | 'claimed' | 'pending_second' | 'approved' | 'withdrawn'; round?: number; ownerUserId?: string } = {},
): Promise<string> {
  const { status = 'claimed', round = 1, ownerUserId = newId() } = data;
  const now = app.clock.now();
  const subjectId = newId();
  const claim = status === 'claimed' ? { claimedBy: id('reviewer'), claimedAt: now, claimExpiresAt: addSeconds(now, 1800) } : {};
  const isAnswered = status === 'approved' || status === 'pending_second';
  const decided = isAnswered ? { decision: 'approve' as const, decidedBy: id('reviewer'), decidedAt: now } : {};
  const row = { kind: 'vendor' as const, subjectVersion: 1, vendorId: newId(), ownerUserId, slaDueAt: now };
  return app.as(system, async () => {
    const before = round > 1 ? await prisma().reviewCase.create({ data: { ...row, subjectId, status: 'withdrawn' } }) : null;
    const made = await prisma().reviewCase.create({
      data: { ...row, ...claim, ...decided, subjectId, status, round, preparedBy: id('assistant'), previousCaseId: before?.id ?? null },
    });
    return made.id;
  });
}

/** What the inbox would say to this event, and to whom. */
async function said(name: string, payload: EventPayload): Promise<string[]> {
  const rule = staffNoticeRules.get(name);
  const event = { eventId: newId(), name, aggregateId: null, actionId: null, occurredAt: app.clock.now().toISOString(), payload };
  const planned = (await rule?.(event, app.deps)) ?? [];
  const nameOf = (userId: string) => [...people].find(([, each]) => each === userId)?.[0] ?? userId;
  return planned.flatMap(({ kind, title, resource, to }) => to.map((each) => `${nameOf(each)}: ${kind} ${resource}: ${title}`));
}

describe('what the inbox of staff says of review cases', () => {
  it('tells whose it is now, and from the second round on which round', async () => {
    expect(await said('review.case.claimed', { caseId: await caseOf(), kind: 'vendor', staffId: id('reviewer') })).toEqual([
      'reviewer: assigned ReviewCase: A store case is yours now',
    ]);
    expect(await said('review.case.claimed', { caseId: await caseOf({ round: 2 }), kind: 'vendor' })).toEqual([
      'reviewer: assigned ReviewCase: A store case (round 2) is yours now',
    ]);
  });

  it('tells how a claim ended to whoever held it, and an escalation to the leads', async () => {
    const caseId = await caseOf({ status: 'queued' });
    const released = (cause: string) => said('review.case.released', { caseId, kind: 'vendor', staffId: id('reviewer'), cause });
    expect(await released('lapsed')).toEqual([expect.stringContaining('reviewer: assigned ReviewCase: A store case you held went back')]);
    expect(await released('reassigned')).toEqual([expect.stringContaining('was given to a colleague')]);
    expect(await released('withdrawn')).toEqual([expect.stringContaining('was withdrawn by its owner')]);
    expect(await released('escalated')).toEqual(['lead: assigned ReviewCase: A store case was escalated to the leads']);
    expect(await released('released')).toEqual([]);
  });

  it('tells whoever may give the second answer, and not the first person', async () => {
    const caseId = await caseOf({ status: 'pending_second' });
    expect(await said('review.case.second_asked', { caseId, kind: 'vendor', staffId: id('reviewer') })).toEqual([
      'lead: approval_waiting ReviewCase: A store case waits for a second person',
    ]);
    expect(await said('review.case.second_asked', { caseId: await caseOf({ status: 'approved' }), kind: 'vendor' })).toEqual([]);
    const ownerUserId = id('enhancer');
    const tied = await caseOf({ status: 'pending_second', ownerUserId });
    await app.as(system, async () => {
      const at = app.clock.now();
      const deviceHash = new Uint8Array(32).fill(7);
      for (const userId of [id('lead'), ownerUserId])
        await prisma().knownDevice.createMany({ data: { userId, deviceHash, firstSeenAt: at, lastSeenAt: at } as never });
    });
    expect(await said('review.case.second_asked', { caseId: tied, kind: 'vendor' })).toEqual([]);
  });

  it('tells the first person that the second one did not agree, and nobody else', async () => {
    const caseId = await caseOf();
    expect(await said('review.case.second_disagreed', { caseId, kind: 'vendor', staffId: id('assistant') })).toEqual([
      'assistant: approval_result ReviewCase: The second person did not agree with your approval of a store case',
    ]);
  });

  it('tells of the end to who had a part in it, and of the clock to who can do something', async () => {
    const closed = await caseOf({ status: 'approved' });
    expect((await said('review.case.decided', { caseId: closed, kind: 'vendor' })).toSorted()).toEqual([
      'assistant: approval_result ReviewCase: A store case you worked on was approved',
      'reviewer: approval_result ReviewCase: A store case you worked on was approved',
    ]);
    const [held, waiting] = [await caseOf(), await caseOf({ status: 'queued' })];
    expect((await said('review.case.sla_at_risk', { caseId: held, kind: 'vendor' })).toSorted()).toEqual([
      expect.stringMatching(/^lead: sla_at_risk/),
      expect.stringMatching(/^reviewer: sla_at_risk/),
    ]);
    expect(await said('review.case.sla_at_risk', { caseId: waiting, kind: 'vendor' })).toEqual([
      expect.stringMatching(/^lead: sla_at_risk/),
    ]);
    expect(await said('review.case.sla_breached', { caseId: held, kind: 'vendor' })).toHaveLength(2);
    expect(await said('review.case.claim_lapsing', { caseId: held, kind: 'vendor' })).toEqual([
      'reviewer: claim_lapsing ReviewCase: A store case you hold goes back to the queue within five minutes',
    ]);
    expect(await said('review.case.claim_lapsing', { caseId: waiting, kind: 'vendor' })).toEqual([]);
    expect(await said('review.case.sla_breached', { caseId: newId(), kind: 'vendor' })).toEqual([]);
  });

  it('tells an enhancer what became of a suggestion, and nothing of what owners change themselves', async () => {
    const { id: productId } = await app.as(system, async () =>
      prisma().product.create({
        data: { vendorId: newId(), ownerUserId: newId(), title: 'Kaftan', slug: `kaftan-${newId()}`, price: '9000' },
      }),
    );
    const revision = (kind: 'suggestion' | 'vendor_edit') =>
      app.as(system, async () =>
        prisma().productRevision.create({
          data: {
            ...{ productId, ownerUserId: newId(), baseVersion: 1, kind, status: 'proposed' },
            ...{ authorId: id('enhancer'), authorKind: kind === 'suggestion' ? 'enhancer' : 'vendor' },
          },
        }),
      );
    const suggestion = { revisionId: (await revision('suggestion')).id, productId, kind: 'suggestion' };
    expect(await said('catalog.revision.accepted', suggestion)).toEqual([
      'enhancer: approval_result ProductRevision: Your suggestion was accepted',
    ]);
    expect(await said('catalog.revision.superseded', suggestion)).toHaveLength(1);
    const edit = { revisionId: (await revision('vendor_edit')).id, productId, kind: 'vendor_edit' };
    expect(await said('catalog.revision.rejected', edit)).toEqual([]);
  });
});

describe('webhooks', () => {
  it('may carry every step of a store and a product that product.md 8 marks', () => {
    const steps = (prefix: string) => webhookEvents.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    expect(steps('identity.vendor.').toSorted()).toEqual([
      'appealed',
      'approved',
      'changes_requested',
      'closed',
      'reactivated',
      'rejected',
      'suspended',
    ]);
    expect(steps('catalog.product.').toSorted()).toEqual([
      'archived',
      'changes_requested',
      'deleted',
      'published',
      'rejected',
      'suspended',
      'withdrawn',
    ]);
  });
});
