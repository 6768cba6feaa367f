import type { CommandScope, Refusal } from '../../../foundation/command/command.ts';
import type { AccountRow } from '../account.ts';
import type { Amr } from '../sign-in-shapes.ts';

/** What a method proved: the names it adds to `amr`, and whether the session is aal2 with it. */
export type Proof = { amr: readonly Amr[]; isSecondFactor: boolean };

/**
 * The half of a proof that is decided inside the transaction, the own account locked. A refusal is returned, not thrown, so that
 * what was counted or used up stays so. Each method has one file beside this one, whose `proveBy…` does the slow half first.
 */
export type Judge = (scope: CommandScope, account: AccountRow) => Promise<Refusal | Proof>;
