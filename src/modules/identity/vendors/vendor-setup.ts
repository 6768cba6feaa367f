import type { CommandScope } from '../../../foundation/command/command.ts';
import { compareBankNames } from '../bank-accounts/compare-names.ts';

/** Which line of a store's setup is done; each keeps the time of its first time. */
type SetupLine = 'kycSentAt' | 'kycDoneAt' | 'bankAddedAt' | 'firstProductAt';

/** The proofs were handed in, in this legal name: the store may be submitted. Its payout accounts are compared with the name. */
export async function setKycSent(scope: CommandScope, vendorId: string, legalName: string): Promise<void> {
  await note(scope, vendorId, 'kycSentAt');
  await compareBankNames(scope, vendorId, legalName);
}

/** Two people approved the proofs: the store may be approved. */
export const setKycDone = (scope: CommandScope, vendorId: string): Promise<void> => note(scope, vendorId, 'kycDoneAt');

/** A payout account was named. */
export const setBankAdded = (scope: CommandScope, vendorId: string): Promise<void> => note(scope, vendorId, 'bankAddedAt');

/** The first product was written. */
export const setFirstProduct = (scope: CommandScope, vendorId: string): Promise<void> => note(scope, vendorId, 'firstProductAt');

async function note({ tx, now }: CommandScope, vendorId: string, line: SetupLine): Promise<void> {
  await tx.vendorSetup.updateMany({ where: { vendorId, [line]: null }, data: { [line]: now, version: { increment: 1 } } });
}
