import type { CommandScope } from '../../../foundation/command/command.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';

/** What a colleague can ask a caller to prove who they are (product.md 6.1). Kept: which items passed, never an answer. */
export const checkItems = ['member_id', 'name', 'last_order_month', 'country', 'recent_device'] as const;
export type CheckItem = (typeof checkItems)[number];

/** How long a check stands for what the same colleague does for the same person. */
export const checkSeconds = 900;

export type CallerCheck = { items: readonly CheckItem[]; until: Date };

/** Notes that a caller passed these items with a colleague; a later check of the same call replaces it. */
export async function writeCallerCheck(
  scope: CommandScope,
  check: { userId: string; staffUserId: string; items: readonly CheckItem[] },
): Promise<CallerCheck> {
  const until = addSeconds(scope.now, checkSeconds);
  const { items, ...people } = check;
  await scope.tx.callerCheck.createMany({ data: { id: newId(), createdAt: scope.now, ...people, items: [...items], expiresAt: until } });
  return { items, until };
}

/** The check this colleague did with this person, while it stands; null without one and for everybody who is not staff. */
export async function openCallerCheck(
  { tx, actor, now }: Pick<CommandScope, 'tx' | 'actor' | 'now'>,
  userId: string,
): Promise<CallerCheck | null> {
  if (actor.kind !== 'staff') return null;
  const row = await tx.callerCheck.findFirst({
    where: { userId, staffUserId: actor.id, expiresAt: { gt: now } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  return row && { items: checkItemsOf(row.items), until: row.expiresAt };
}

/** Stores with an action which items its caller had passed, so that nobody types them into each form. */
export async function noteCallerCheck(scope: CommandScope, userId: string): Promise<void> {
  const check = await openCallerCheck(scope, userId);
  if (check) scope.note(`caller checked by ${check.items.join(', ').replaceAll('_', ' ')}`);
}

export function checkItemsOf(stored: readonly string[]): CheckItem[] {
  return checkItems.filter((item) => stored.includes(item));
}
