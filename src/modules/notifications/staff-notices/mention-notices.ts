import { z } from 'zod';
import { decide } from '../../../foundation/access/evaluate.ts';
import type { PermissionKey } from '../../../foundation/access/matrix.ts';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import type { StaffActor } from '../../../foundation/runtime/actor.ts';
import { accountKind, activeStaff, userOfVendor } from '../../identity/index.ts';
import { type NotedRecord, noticeFacts, ticketQueries } from '../../support/index.ts';
import { asActor } from './audience.ts';
import { type NoticeRule, noticeRule, type PlannedNotice } from './notice-rule.ts';

type Place = { permission: PermissionKey; resource: string; title: string };

const places: Readonly<Record<NotedRecord['subjectType'], Place>> = {
  user: { permission: 'user.show', resource: 'User', title: 'You were mentioned in a note about a customer' },
  vendor: { permission: 'vendor.show', resource: 'Vendor', title: 'You were mentioned in a note about a vendor' },
  ticket: { permission: 'ticket.show', resource: 'Ticket', title: 'You were mentioned on a ticket' },
};

/** Of those who were named, the ones who may open the record: the same question as when they open it. */
async function whoMaySee(deps: CommandDeps, noted: NotedRecord, named: readonly string[]): Promise<readonly string[]> {
  const colleagues = (await activeStaff(deps)).filter(({ userId }) => named.includes(userId) && userId !== noted.authorId);
  const told: string[] = [];
  for (const colleague of colleagues) {
    if (await maySee(deps, noted, asActor(colleague))) told.push(colleague.userId);
  }
  return told;
}

/** A customer is one's own by a ticket about them that one holds or may take. */
async function maySee(deps: CommandDeps, { subjectType, subjectId }: NotedRecord, colleague: StaffActor): Promise<boolean> {
  if (subjectType === 'ticket') return ticketQueries.mayReadTicket(deps, colleague, subjectId);
  const person = subjectType === 'user' ? subjectId : await userOfVendor(deps.database.prisma, subjectId);
  const kind = person && (await accountKind(deps, person));
  if (!person || !kind) return false;
  const subject = { userId: person, kind, rank: 0, isOwn: await ticketQueries.isOwnCustomer(deps, colleague, person) };
  const { permission } = places[subjectType];
  return decide({ actor: colleague, permission, intent: 'view', now: deps.clock.now(), subject }).isAllowed;
}

const mentioned = noticeRule(
  z.object({ noteId: z.uuid(), userIds: z.array(z.uuid()) }),
  async ({ payload }, deps): Promise<readonly PlannedNotice[]> => {
    const noted = await noticeFacts.notedRecord(deps, payload.noteId);
    if (!noted) return [];
    const { resource, title } = places[noted.subjectType];
    return [{ kind: 'mention', title, resource, recordId: noted.subjectId, to: await whoMaySee(deps, noted, payload.userIds) }];
  },
);

export const mentionNotices: Readonly<Record<string, NoticeRule>> = { 'support.note.mentioned': mentioned };
