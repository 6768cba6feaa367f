import { gradeOf } from '../../../foundation/access/roles.ts';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import type { Tx } from '../../../foundation/runtime/database.ts';
import { type AccountRow, findAccount } from '../account.ts';
import { newest } from '../history/login-event.queries.ts';
import { itemOf, type LoginEventItem } from '../history/login-event-item.ts';
import { activeGrants } from '../staff/staff-account.ts';

/** What the words about an effect need of a person: nothing in clear but the name. */
export type SubjectFacts = {
  /** The display name, or the member id without one. */
  name: string;
  contactMasked: string | null;
  isByEmail: boolean;
  liveSessions: number;
};

/** Two statements, on whatever connection the caller has. */
export async function subjectFacts(
  { tx, now }: { tx: Pick<Tx, 'user' | 'session'>; now: Date },
  { id, displayName, memberId }: Pick<AccountRow, 'id' | 'displayName' | 'memberId'>,
): Promise<SubjectFacts> {
  const user = await tx.user.findUnique({ where: { id }, select: { emailMasked: true, phoneMasked: true } });
  const live = { userId: id, revokedAt: null, idleExpiresAt: { gt: now }, absoluteExpiresAt: { gt: now } };
  return {
    name: displayName ?? memberId,
    contactMasked: user?.emailMasked ?? user?.phoneMasked ?? null,
    isByEmail: user?.emailMasked !== null,
    liveSessions: await tx.session.count({ where: live }),
  };
}

/** Somebody a request is about, as a screen shows them: masked, and the caller records the read. */
export type SubjectView = {
  account: AccountRow;
  facts: SubjectFacts;
  /** Of a colleague: "support lead". */
  roles: readonly string[];
  isOnLegalHold: boolean;
  isProcessingRestricted: boolean;
  objectedPurposes: readonly string[];
  /** The last five. */
  logins: readonly LoginEventItem[];
};

/** Six statements; null when nobody has that id. */
export async function subjectView(deps: CommandDeps, userId: string): Promise<SubjectView | null> {
  const { prisma } = deps.database;
  const now = deps.clock.now();
  const account = await findAccount(prisma, { userId });
  if (!account) return null;
  const [facts, user, grants, logins] = await Promise.all([
    subjectFacts({ tx: prisma, now }, account),
    prisma.user.findUniqueOrThrow({
      where: { id: userId },
      select: { id: true, legalHold: true, processingRestricted: true, objectedPurposes: true },
    }),
    activeGrants(prisma, userId, now),
    newest(deps, userId, 5),
  ]);
  return {
    account,
    facts,
    roles: grants.map((grant) => gradeOf(grant).replaceAll('_', ' ')),
    isOnLegalHold: user.legalHold,
    isProcessingRestricted: user.processingRestricted,
    objectedPurposes: user.objectedPurposes,
    logins: logins.map(itemOf),
  };
}

/** The card of a person beside a request: JSON, and nothing of a customer but the member id for those who may not open customers. */
export function subjectCard(view: SubjectView, seen: { isOpen: boolean; hasLogins: boolean }): Readonly<Record<string, unknown>> {
  const { account, facts, roles, isOnLegalHold, isProcessingRestricted, objectedPurposes, logins } = view;
  const isStaff = account.kind === 'staff';
  const isNamed = isStaff || seen.isOpen;
  return {
    id: account.id,
    resource: isStaff ? 'Staff' : 'User',
    isOpen: seen.isOpen,
    name: isNamed ? facts.name : account.memberId,
    memberId: account.memberId,
    kind: account.kind,
    status: account.status,
    contactMasked: isNamed ? facts.contactMasked : null,
    liveSessions: facts.liveSessions,
    ...{ roles, isOnLegalHold, isProcessingRestricted, objectedPurposes },
    logins: seen.hasLogins && !isStaff ? logins : null,
  };
}
