import type { Prisma, User } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { forgetFilesOf } from '../files/delete-private-file.ts';

export type DeletedRows = {
  /** By table. */
  rows: Record<string, number>;
  /** Blind indexes of the person's contacts. */
  identifiers: readonly Uint8Array<ArrayBuffer>[];
  /** `schema.table:id` of flows and registrations that were deleted: actions from before the account are aimed at them. */
  records: readonly string[];
};

/** Deletes every row of the person in the tables that erasurePlan.deleted names. */
export async function deleteRowsOf(scope: CommandScope, user: Pick<User, 'id' | 'emailBidx' | 'phoneBidx'>): Promise<DeletedRows> {
  const { tx } = scope;
  const userId = user.id;
  const identifiers = [user.emailBidx, user.phoneBidx].filter((bidx) => bidx !== null);
  // The flow of a contact change belongs to its request and names the person in its data.
  const flows: Prisma.OtpFlowWhereInput = {
    OR: [{ subjectId: userId }, { targetBidx: { in: identifiers } }, { data: { path: ['userId'], equals: userId } }],
  };
  const registrations: Prisma.PendingRegistrationWhereInput = { OR: [{ ownerUserId: userId }, { identifierBidx: { in: identifiers } }] };
  const pending = await tx.pendingRegistration.findMany({ where: registrations, select: { id: true, flowId: true } });
  const flowIds = await tx.otpFlow.findMany({ where: flows, select: { id: true } });
  const ofPerson = { where: { userId } };
  // Attempts that knew no account; those since carry the person's id.
  const strangers = await tx.loginEvent.findMany({ where: { userId: null, identifierBidx: { in: identifiers } }, select: { id: true } });
  const deletions = {
    'identity.caller_check': () => tx.callerCheck.deleteMany(ofPerson),
    'identity.client_address': () => tx.clientAddress.deleteMany({ where: { client: { userId } } }),
    'identity.credential': () => tx.credential.deleteMany(ofPerson),
    'identity.external_identity': () => tx.externalIdentity.deleteMany(ofPerson),
    'identity.known_device': () => tx.knownDevice.deleteMany(ofPerson),
    'identity.mfa_challenge': () => tx.mfaChallenge.deleteMany(ofPerson),
    'identity.otp_flow': () => tx.otpFlow.deleteMany({ where: flows }),
    'identity.passkey': () => tx.passkey.deleteMany(ofPerson),
    'identity.pending_registration': () => tx.pendingRegistration.deleteMany({ where: registrations }),
    'identity.private_file': () => forgetFilesOf(scope, userId),
    'identity.recovery_code': () => tx.recoveryCode.deleteMany(ofPerson),
    'identity.refresh_token': () => tx.refreshToken.deleteMany({ where: { session: { userId } } }),
    'identity.session': () => tx.session.deleteMany(ofPerson),
    'identity.single_use': () => tx.singleUse.deleteMany(ofPerson),
    'identity.totp': () => tx.totp.deleteMany(ofPerson),
    'identity.vendor_bank_account': () => tx.vendorBankAccount.deleteMany({ where: { vendor: { userId } } }),
  };
  const rows: Record<string, number> = {};
  for (const [table, remove] of Object.entries(deletions)) rows[table] = (await remove()).count;
  const records = [
    ...pending.flatMap(({ id, flowId }) => [`identity.pending_registration:${id}`, `identity.otp_flow:${flowId}`]),
    ...flowIds.map(({ id }) => `identity.otp_flow:${id}`),
    ...strangers.map(({ id }) => `identity.login_event:${id}`),
  ];
  return { rows, identifiers, records: [...new Set(records)] };
}
