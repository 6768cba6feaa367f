import type { Consent } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import type { AccountRow } from '../account.ts';
import type { QueryDeps } from '../query-deps.ts';

/** Purposes as the account API names them (auth-api.md 2.6). */
export const consentPurposes = ['terms', 'marketing', 'analytics'] as const;
export type ConsentPurpose = (typeof consentPurposes)[number];

/** One word of the owner; a changed mind is a further one. */
export type ConsentItem = { purpose: ConsentPurpose; version: string; granted: boolean; at: Date };

const shownAs: Readonly<Record<Consent['purpose'], ConsentPurpose | null>> = {
  terms: 'terms',
  marketing_email: 'marketing',
  marketing_sms: 'marketing',
  profiling: 'analytics',
  // Never asked for by the API.
  privacy: null,
};

/** Marketing goes where the account is reached. */
export function storedPurpose(purpose: ConsentPurpose, account: Pick<AccountRow, 'emailEnc'>): Consent['purpose'] {
  switch (purpose) {
    case 'terms':
      return 'terms';
    case 'marketing':
      return account.emailEnc ? 'marketing_email' : 'marketing_sms';
    case 'analytics':
      return 'profiling';
    default:
      return purpose satisfies never;
  }
}

/** Everything the person ever said, newest first: the first of a purpose is what holds. */
export async function listConsents(deps: Pick<QueryDeps, 'database'>, userId: string): Promise<ConsentItem[]> {
  const rows = await deps.database.prisma.consent.findMany({ where: { userId }, orderBy: [{ at: 'desc' }, { id: 'desc' }] });
  return rows.flatMap((row) => {
    const purpose = shownAs[row.purpose];
    return purpose ? [{ purpose, version: row.textVersion, granted: row.granted, at: row.at }] : [];
  });
}

/** Append-only; says where and by what the word was given. Queues `identity.consent.changed`. */
export async function appendConsent(
  scope: CommandScope,
  { userId, purpose, version, granted }: { userId: string; purpose: Consent['purpose']; version: string; granted: boolean },
): Promise<void> {
  const { context, now } = scope;
  await scope.tx.consent.createMany({
    data: {
      id: newId(),
      userId,
      purpose,
      textVersion: version,
      granted,
      ip: context.ip,
      userAgent: context.userAgent?.slice(0, 400) ?? null,
      at: now,
    },
  });
  scope.emit({ name: 'identity.consent.changed', aggregateId: userId, payload: { userId, purpose, granted } });
}
