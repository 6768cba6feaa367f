import type { AccessIntent, AccessSubject } from '../../../foundation/access/decide.ts';
import { decide } from '../../../foundation/access/evaluate.ts';
import type { PermissionKey } from '../../../foundation/access/matrix.ts';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { StaffActor } from '../../../foundation/runtime/actor.ts';
import { activeGrants } from './staff-account.ts';

type TwoPeople = {
  permission: PermissionKey;
  userId: string;
  /** Kind and rank of the person; a customer unless said otherwise. */
  subject?: Pick<AccessSubject, 'kind' | 'rank'>;
  requestedBy: string;
  approvedBy: string;
};

/**
 * Asks the matrix once more, when a two-person command is carried out, whether the first could request and the second approve it:
 * grants may have ended since. The person themselves may be the one who asked. Whether a factor was fresh was asked when they
 * decided.
 * @throws AppError 403 `four_eyes`, `forbidden`
 */
export async function requireTwoPeople(scope: CommandScope, people: TwoPeople): Promise<void> {
  const { permission, userId, requestedBy, approvedBy } = people;
  if (requestedBy === approvedBy) fail('four_eyes', { extra: { rule: 'four_eyes' } });
  const subject = { kind: 'client' as const, rank: 0, ...people.subject, userId, requestedById: requestedBy };
  const asked = async (by: string, intent: AccessIntent) => {
    const decision = decide({ actor: await staffMember(scope, by), permission, subject, intent, now: scope.now });
    if (!decision.isAllowed) fail('forbidden', { extra: { rule: decision.rule } });
  };
  if (requestedBy !== userId) await asked(requestedBy, 'request');
  await asked(approvedBy, 'approve');
}

/** Somebody as the matrix sees them now; without grants where they left or never were staff. */
async function staffMember({ tx, now }: CommandScope, id: string): Promise<StaffActor> {
  const active = await tx.user.findFirst({ where: { id, kind: 'staff', status: 'active' }, select: { displayName: true } });
  const grants = active ? await activeGrants(tx, id, now) : [];
  return {
    kind: 'staff',
    id,
    displayName: active?.displayName ?? '',
    grants,
    sessionHash: Buffer.alloc(32),
    hasMfa: false,
    factorAt: null,
  };
}
