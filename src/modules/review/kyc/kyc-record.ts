import type { KycDocument, KycSubmission } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';

export type KycRecord = KycSubmission & { documents: KycDocument[] };

const withDocuments = { documents: { orderBy: { type: 'asc' } } } as const;

/** A submission with its documents, locked until the command ends. @throws AppError 404 `not_found` */
export async function loadKyc({ tx }: Pick<CommandScope, 'tx'>, id: string): Promise<KycRecord> {
  await tx.$queryRaw`SELECT 1 AS locked FROM review.kyc_submission WHERE id = ${id}::uuid FOR UPDATE`;
  return (await tx.kycSubmission.findUnique({ where: { id }, include: withDocuments })) ?? fail('not_found');
}

/** The same by its store; null where nothing was ever handed in. */
export async function loadKycOfVendor({ tx }: Pick<CommandScope, 'tx'>, vendorId: string): Promise<KycRecord | null> {
  await tx.$queryRaw`SELECT 1 AS locked FROM review.kyc_submission WHERE vendor_id = ${vendorId}::uuid FOR UPDATE`;
  return tx.kycSubmission.findUnique({ where: { vendorId }, include: withDocuments });
}
