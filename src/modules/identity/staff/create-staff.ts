import type { Role, RoleGrant } from '../../../foundation/access/roles.ts';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { userField } from '../account.ts';
import { bytesOf } from '../bytes.ts';
import type { Contact } from '../contact.ts';
import { displayNameOf } from '../registration/create-customer.ts';

export type StaffGrant = Pick<RoleGrant, 'role' | 'isLead'> & { expiresAt?: Date | null };

export type NewStaff = {
  contact: Contact;
  passwordHash: string;
  firstName: string;
  lastName: string;
  jobTitle: string | null;
  /** Who leads them. */
  managerUserId?: string | null;
  grants: readonly StaffGrant[];
  /** Who is answerable for the grants; the person's own id when the operator made the account. */
  grantedBy: string | null;
  reason: string;
  verifiedHow: 'invite' | 'manual';
};

/** User, key, credential, profile and grants of a member of staff; no client or vendor row, no API session ever. */
export async function createStaff(scope: CommandScope, staff: NewStaff): Promise<string> {
  const { keyring } = scope.deps;
  const id = newId();
  const key = keyring.newDataKey();
  const { tx, now } = scope;
  await tx.user.createMany({
    data: {
      id,
      createdAt: now,
      kind: 'staff',
      authMethod: 'email',
      emailEnc: bytesOf(keyring.encryptField(key.dataKey, userField('email_enc', id), staff.contact.value)),
      emailBidx: bytesOf(staff.contact.bidx),
      emailMasked: staff.contact.masked,
      identifierVerifiedAt: now,
      verifiedHow: staff.verifiedHow,
      firstName: staff.firstName,
      lastName: staff.lastName,
      displayName: displayNameOf(staff.firstName, staff.lastName),
    },
  });
  await tx.userKey.createMany({ data: { userId: id, wrappedKey: bytesOf(key.wrappedKey), kekKid: key.kekKid, createdAt: now } });
  await tx.credential.createMany({ data: { id: newId(), createdAt: now, userId: id, passwordHash: staff.passwordHash, changedAt: now } });
  await tx.staffProfile.createMany({
    data: { id: newId(), createdAt: now, userId: id, jobTitle: staff.jobTitle, managerUserId: staff.managerUserId ?? null },
  });
  await tx.staffRoleGrant.createMany({
    data: staff.grants.map(({ role, isLead, expiresAt }) => ({
      id: newId(),
      createdAt: now,
      userId: id,
      role,
      isLead,
      reason: staff.reason,
      grantedBy: staff.grantedBy ?? id,
      expiresAt: expiresAt ?? null,
    })),
  });
  scope.touched(id);
  return id;
}

/** An auditor combines with nothing (product.md 5.1); a lead only of support or review. */
export function areGrantsSound(grants: readonly Pick<StaffGrant, 'role' | 'isLead'>[]): boolean {
  const names = new Set<Role>(grants.map(({ role }) => role));
  const isAuditorAlone = !names.has('auditor') || names.size === 1;
  return (
    isAuditorAlone &&
    names.size === grants.length &&
    grants.every(({ role, isLead }) => !isLead || role === 'support' || role === 'reviewer')
  );
}
