import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { uuidPattern } from '../../foundation/runtime/new-id.ts';
import { loadCustomer, writeCallerCheck } from '../identity/index.ts';
import { passedChecks } from './identity-check.ts';

const input = z.strictObject({ id: z.uuid(), items: passedChecks });
type Input = z.infer<typeof input>;
type Loaded = Awaited<ReturnType<typeof loadCustomer>> & { isOwn: boolean };
type Output = { items: readonly string[]; until: Date };

/**
 * Records once per call which items of the identity check the caller passed (product.md 6.1). For 15 minutes it stands for what the
 * same colleague does for the same person, and is stored with each of these actions. The answers are kept nowhere.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 422 `too_short` for fewer than two different items
 */
export const checkCaller = defineCommand<Input, Output, undefined, Loaded>({
  name: 'check-caller',
  resource: 'user',
  access: 'user.check_caller',
  input,
  isIdempotent: true,
  async load(scope, { id }) {
    const customer = await loadCustomer(scope, { id });
    return { ...customer, isOwn: await isAssigned(scope, id) };
  },
  subject: ({ account, isOwn }) => ({ userId: account.id, kind: account.kind, rank: 0, isOwn }),
  async preview() {
    return ['Stands for 15 minutes for what you do for this person. Only which items passed is kept.'];
  },
  async run(scope, { id, items }) {
    if (scope.actor.kind !== 'staff') return fail('forbidden');
    const check = await writeCallerCheck(scope, { userId: id, staffUserId: scope.actor.id, items });
    scope.touched(id);
    scope.note(`passed ${items.join(', ').replaceAll('_', ' ')}`);
    await noteOnTicket(scope, id, items);
    return check;
  },
});

/** For assistants, whose reach is the people of the tickets assigned to them. */
async function isAssigned({ tx, actor }: CommandScope, userId: string): Promise<boolean> {
  if (actor.kind !== 'staff') return false;
  const where = { assignedTo: actor.id, subjectUserId: userId, status: { not: 'closed' as const } };
  return (await tx.ticket.findFirst({ where, select: { id: true } })) !== null;
}

/** On the ticket of the call, where it is about this person: items and result, never an answer (product.md 3.5). */
async function noteOnTicket({ tx, actor, now, ticketId }: CommandScope, userId: string, items: readonly string[]): Promise<void> {
  if (ticketId === null || !uuidPattern.test(ticketId) || actor.kind !== 'staff') return;
  const by = actor.id;
  const passed = JSON.stringify(items.map((item) => ({ item, result: 'passed', by, at: now.toISOString() })));
  await tx.$executeRaw`
    UPDATE support.ticket SET checklist = checklist || ${passed}::jsonb, version = version + 1
     WHERE id = ${ticketId}::uuid AND subject_user_id = ${userId}::uuid`;
}
