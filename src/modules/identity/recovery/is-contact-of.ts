import type { CommandDeps } from '../../../foundation/command/command.ts';
import { isEqualConstantTime } from '../../../foundation/crypto/digest.ts';
import { type AccountRow, contactInClear } from '../account.ts';
import { contactOf } from '../contact.ts';

/** Whether a proof that went to this target still speaks for the account: it does not after a change of contact. */
export function isContactOf(deps: Pick<CommandDeps, 'keyring'>, account: AccountRow, targetBidx: Uint8Array | null): boolean {
  const contact = contactInClear(deps.keyring, account);
  return contact !== null && targetBidx !== null && isEqualConstantTime(contactOf(deps, contact).bidx, targetBidx);
}
