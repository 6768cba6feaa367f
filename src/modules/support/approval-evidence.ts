import type { ApprovalRequest } from '@prisma/client';
import { z } from 'zod';
import type { PermissionKey } from '../../foundation/access/matrix.ts';
import { type ApprovalSubject, adminRoles, changedSince, type MarkPart, markParts, type SubjectMark } from '../identity/index.ts';

const shape = z.object({
  /** Items of the identity check that passed; never the answers. */
  passed: z.array(z.string()).catch([]).default([]),
  /** What the request rests on, as it was when it was made; see subject-mark.ts. */
  mark: z.partialRecord(z.enum(markParts), z.string()).catch({}).default({}),
  /** Of whom it was, for buttons: the command asks the person as they are. */
  about: z
    .object({ kind: z.enum(['client', 'vendor', 'staff']), rank: z.number().int() })
    .nullable()
    .catch(null)
    .default(null),
  /** Of a grant: the role. */
  role: z.enum(adminRoles).nullable().catch(null).default(null),
});

/** What a request keeps besides its words; rows of old or of erased people have nothing of it. */
export type ApprovalEvidence = z.infer<typeof shape>;

export function evidenceOf({ evidence }: { evidence?: unknown }): ApprovalEvidence {
  const parsed = shape.safeParse(evidence ?? {});
  return parsed.success ? parsed.data : { passed: [], mark: {}, about: null, role: null };
}

type Asked = Pick<ApprovalRequest, 'kind'> & { evidence?: unknown };

/** The row of the permission matrix (product.md 5.3) behind a request; `isStaff` says whose it is. */
export function approvalRight(request: Asked, isStaff = isAboutStaff(request)): PermissionKey {
  switch (request.kind) {
    case 'mfa_reset':
      return isStaff ? 'staff.reset_mfa' : 'user.reset_mfa';
    case 'contact_change':
      return 'user.change_contact';
    case 'erasure':
      return 'user.erase';
    case 'passkey_removal':
      return 'user.remove_passkey';
    case 'bank_change':
      return 'vendor_bank_account.change';
    case 'staff_grant':
      return evidenceOf(request).role === 'super_admin' ? 'staff_grant.grant_super_admin' : 'staff_grant.grant_admin';
    default:
      return request.kind satisfies never;
  }
}

export function isAboutStaff(request: Asked): boolean {
  return request.kind === 'staff_grant' || evidenceOf(request).about?.kind === 'staff';
}

/** What of the person is not as it was when the request was made; empty where it rests on nothing. */
export function changedSinceAsked(
  looking: Parameters<typeof changedSince>[0],
  { account }: Pick<ApprovalSubject, 'account'>,
  request: Asked,
): Promise<MarkPart[]> {
  const mark: SubjectMark = evidenceOf(request).mark;
  return changedSince(looking, account, mark);
}
