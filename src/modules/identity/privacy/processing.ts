import type { CommandScope } from '../../../foundation/command/command.ts';

/** What a person may object to (NDPA, GDPR article 21); the purposes of the consents, profiling and automated decisions included. */
export const objectablePurposes = ['marketing_email', 'marketing_sms', 'profiling', 'analytics', 'legitimate_interest'] as const;
export type ObjectablePurpose = (typeof objectablePurposes)[number];

/**
 * Says whether the person's data may only be kept (GDPR article 18). The caller holds the person's lock. Queues
 * `identity.user.profile_changed`, so that copies elsewhere hear of it.
 * @returns false where it was so already
 */
export async function setRestriction(scope: CommandScope, userId: string, isRestricted: boolean): Promise<boolean> {
  const { count } = await scope.tx.user.updateMany({
    where: { id: userId, processingRestricted: !isRestricted },
    data: { processingRestricted: isRestricted, version: { increment: 1 } },
  });
  if (count > 0) changed(scope, userId, 'processing_restricted');
  return count > 0;
}

/** Adds purposes to those the person objected to. The caller holds the person's lock. @returns those that are new */
export async function addObjections(
  scope: CommandScope,
  userId: string,
  purposes: readonly ObjectablePurpose[],
): Promise<readonly ObjectablePurpose[]> {
  const { objectedPurposes } = await scope.tx.user.findUniqueOrThrow({ where: { id: userId }, select: { objectedPurposes: true } });
  const added = purposes.filter((purpose) => !objectedPurposes.includes(purpose));
  if (added.length === 0) return added;
  await scope.tx.user.update({
    where: { id: userId },
    data: { objectedPurposes: [...objectedPurposes, ...added].sort(), version: { increment: 1 } },
  });
  changed(scope, userId, 'objected_purposes');
  return added;
}

function changed(scope: CommandScope, userId: string, field: string): void {
  scope.touched(userId);
  scope.emit({ name: 'identity.user.profile_changed', aggregateId: userId, payload: { userId, fields: [field] } });
}
