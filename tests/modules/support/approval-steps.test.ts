import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { CommandScope } from '../../../src/foundation/command/command.ts';
import { defineCommand } from '../../../src/foundation/command/command.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import {
  type ApprovalKind,
  type ApprovalStatus,
  type ApprovalStep,
  approvalKinds,
  approvalSteps,
} from '../../../src/modules/support/index.ts';
import { moveApproval } from '../../../src/modules/support/move-approval.ts';
import { system } from '../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { arrange, run } from '../identity/people.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const statuses = [
  ...(['requested', 'approved', 'awaiting_proof', 'executed', 'denied'] as const),
  ...(['cancelled', 'expired', 'failed', 'undone'] as const),
];

/** product.md 4.7 and auth-api.md 2.6 (DELETE until effective; erasure until executed), written from their text: `kind step from -> to`. */
const allowed = new Map<string, ApprovalStatus>([
  ...approvalKinds.flatMap((kind): [string, ApprovalStatus][] => [
    [`${kind} approve requested`, 'approved'],
    [`${kind} deny requested`, 'denied'],
    [`${kind} cancel requested`, 'cancelled'],
    [`${kind} expire requested`, 'expired'],
    [`${kind} fail approved`, 'failed'],
    ...(kind === 'contact_change' ? [] : ([[`${kind} execute approved`, 'executed']] satisfies [string, ApprovalStatus][])),
  ]),
  ['contact_change ask_proof approved', 'awaiting_proof'],
  ['contact_change execute awaiting_proof', 'executed'],
  ['contact_change fail awaiting_proof', 'failed'],
  ['contact_change undo executed', 'undone'],
  ['contact_change cancel approved', 'cancelled'],
  ['contact_change cancel awaiting_proof', 'cancelled'],
  ['erasure cancel approved', 'cancelled'],
]);

const step = defineCommand<{ id: string; step: ApprovalStep }, { isDone: boolean }>({
  name: 'test-step',
  resource: 'approval_request',
  access: 'system',
  input: z.object({ id: z.uuid(), step: z.enum(approvalSteps) }),
  async run(scope: CommandScope, input) {
    const request = await scope.tx.approvalRequest.findUniqueOrThrow({ where: { id: input.id } });
    return { isDone: await moveApproval(scope, request, { step: input.step, data: dataOf(input.step, scope.now) }) };
  },
});

function dataOf(which: ApprovalStep, now: Date) {
  if (which === 'approve' || which === 'deny') return { decidedBy: newId(), decidedAt: now };
  if (which === 'execute') return { executedAt: now, undoUntil: null };
  return which === 'fail' ? { errorCode: 'forbidden' } : {};
}

/** A row in any state that the table's own rules allow. */
async function rowIn(kind: ApprovalKind, status: ApprovalStatus): Promise<string | null> {
  const now = app.clock.now();
  const id = newId();
  const subject = newId();
  const isDecided = !['requested', 'cancelled', 'expired'].includes(status);
  const isExecuted = status === 'executed' || status === 'undone';
  const data = {
    ...{ id, kind, status, subjectUserId: subject, subjectId: subject, requestedBy: newId(), expiresAt: now },
    ...(isDecided ? { decidedBy: newId(), decidedAt: now } : {}),
    ...(isExecuted ? { executedAt: now } : {}),
    ...(isExecuted && kind === 'contact_change' ? { undoUntil: now } : {}),
    ...(status === 'failed' ? { errorCode: 'forbidden' } : {}),
  };
  const isPossible = kind === 'contact_change' || (status !== 'awaiting_proof' && status !== 'undone');
  const made = await arrange(app, (prisma) => prisma.approvalRequest.createMany({ data })).catch(() => null);
  expect(made !== null).toBe(isPossible);
  return made && id;
}

describe('the state machine of approval requests (product.md 4.7)', () => {
  it.each(approvalKinds.flatMap((kind) => statuses.map((status) => [kind, status] as const)))(
    'a %s that is %s takes the listed steps and refuses every other',
    async (kind, status) => {
      for (const which of approvalSteps) {
        const id = await rowIn(kind, status);
        if (!id) return;
        const to = allowed.get(`${kind} ${which} ${status}`);
        const { isDone } = await run(app, step, { id, step: which }, { actor: system });
        const row = await app.deps.database.prisma.approvalRequest.findUniqueOrThrow({ where: { id } });
        expect([which, isDone, row.status, row.version]).toEqual([which, to !== undefined, to ?? status, to === undefined ? 1 : 2]);
        const events = await app.deps.database.prisma.outboxEvent.findMany({ where: { aggregateId: id } });
        const isTold = to !== undefined && to !== 'awaiting_proof';
        expect(events.map(({ name }) => name)).toEqual(isTold ? [`support.approval.${to}`] : []);
      }
    },
  );
});

describe('the table itself, whoever writes', () => {
  it('refuses a second open request of a kind, one person in both roles, and a decision by the subject', async () => {
    const [subject, other] = [newId(), newId()];
    const data = { kind: 'mfa_reset' as const, subjectUserId: subject, subjectId: subject, requestedBy: other, expiresAt: app.clock.now() };
    await arrange(app, (prisma) => prisma.approvalRequest.createMany({ data }));
    const write = (more: object) => arrange(app, (prisma) => prisma.approvalRequest.createMany({ data: { ...data, ...more } }));
    await expect(write({})).rejects.toMatchObject({ code: 'P2002' });
    const decidedAt = app.clock.now();
    await expect(write({ status: 'denied', decidedBy: other, decidedAt })).rejects.toThrow(/four_eyes_check/);
    await expect(write({ status: 'denied', decidedBy: subject, decidedAt })).rejects.toThrow(/four_eyes_check/);
    await expect(write({ status: 'denied', decidedBy: newId(), decidedAt })).resolves.toMatchObject({ count: 1 });
  });
});
