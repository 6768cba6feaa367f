import type { CommandDeps } from '../../../foundation/command/command.ts';
import type { Tx } from '../../../foundation/runtime/database.ts';
import { type AccountRow, contactInClear } from '../account.ts';
import { activeGrants } from '../staff/staff-account.ts';

/** What of a person a request between two people can rest on: whom the caller was checked against, and what is to be changed. */
export const markParts = ['contact', 'person', 'status', 'factors', 'grants'] as const;
export type MarkPart = (typeof markParts)[number];

/** A keyed hash of each part as it was: it tells that something changed, and nothing of what it was. */
export type SubjectMark = Partial<Record<MarkPart, string>>;

type Looking = { deps: Pick<CommandDeps, 'keyring'>; tx: Pick<Tx, 'totp' | 'passkey' | 'recoveryCode' | 'staffRoleGrant'>; now: Date };

/** Marks the parts as they are now. The caller holds the account's lock where the answer must stay true. */
export async function markSubject(looking: Looking, account: AccountRow, parts: readonly MarkPart[]): Promise<SubjectMark> {
  const marks: SubjectMark = {};
  for (const part of parts) {
    const text = await textOf(looking, account, part);
    marks[part] = looking.deps.keyring.keyedHash(`subject-mark-${part}`, `${account.id}|${text}`).toString('hex').slice(0, 20);
  }
  return marks;
}

/** The parts of a mark that are not as they were; signing in changes none. */
export async function changedSince(looking: Looking, account: AccountRow, before: SubjectMark): Promise<MarkPart[]> {
  const parts = markParts.filter((part) => before[part] !== undefined);
  const now = await markSubject(looking, account, parts);
  return parts.filter((part) => now[part] !== before[part]);
}

async function textOf({ deps, tx, now }: Looking, account: AccountRow, part: MarkPart): Promise<string> {
  switch (part) {
    case 'contact': {
      const contact = contactInClear(deps.keyring, account);
      return `${account.authMethod} ${contact?.kind} ${contact?.value}`;
    }
    case 'person':
      return JSON.stringify([account.firstName, account.lastName]);
    case 'status':
      return account.status;
    case 'factors':
      return factorsText(tx, account.id);
    case 'grants': {
      const grants = await activeGrants(tx, account.id, now);
      return grants
        .map(({ role, isLead }) => `${role}${isLead ? ' lead' : ''}`)
        .sort()
        .join();
    }
    default:
      return part satisfies never;
  }
}

/** Ids, so that a factor which was taken away and enrolled anew is another one. Using a recovery code changes nothing here. */
async function factorsText(tx: Looking['tx'], userId: string): Promise<string> {
  const of = { where: { userId }, orderBy: { id: 'asc' }, select: { id: true } } as const;
  const totp = await tx.totp.findMany({ ...of, where: { userId, confirmedAt: { not: null } } });
  const passkeys = await tx.passkey.findMany(of);
  const codes = await tx.recoveryCode.findMany(of);
  return [totp, passkeys, codes].map((rows) => rows.map(({ id }) => id).join()).join(' ');
}
