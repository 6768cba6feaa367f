import type { ApprovalRequest } from '@prisma/client';
import type { CommandDeps, CommandScope } from '../../foundation/command/command.ts';
import { accountWords, type BankChange, bankAccountFacts, bankNameOf } from '../identity/index.ts';
import { bankPayload } from './bank-payload.ts';

type Looking = { deps: Pick<CommandDeps, 'keyring'>; tx: CommandScope['tx'] };
type Facts = NonNullable<Awaited<ReturnType<typeof bankAccountFacts>>>;

/** What a bank change does, in words, as the account is now; nothing of it but bank and last digits. */
export async function bankEffects({ deps, tx }: Looking, request: ApprovalRequest): Promise<string[]> {
  const change = await bankPayload.open(deps, tx, request);
  const facts = await bankAccountFacts(tx, request.subjectId);
  if (!change || !facts || facts.status === 'removed') return ['The account is gone: it will not be carried out.'];
  const stale =
    facts.version === change.version ? [] : ['The account changed since it was asked. It will not be carried out: deny it and ask again.'];
  return [...stale, ...wordsOf(change, facts), ...nameWords(change, facts)];
}

function wordsOf({ operation, details }: BankChange, facts: Facts): string[] {
  const account = accountWords(facts);
  switch (operation) {
    case 'add':
    case 'verify':
      return [`Lets payouts go to ${account}.`];
    case 'set_default':
      return [`Everything is paid out to ${account} from then on.`];
    case 'remove':
      return [
        `Takes ${account} away: nothing is paid out to it any more.`,
        ...(facts.isDefault ? ['It is the default: payouts wait for another one.'] : []),
      ];
    case 'change': {
      const { bankCode = '', accountNumber = '' } = details ?? {};
      const after = accountWords({ bankName: bankNameOf(bankCode) ?? bankCode, accountLast4: accountNumber.slice(-4) });
      return [`Replaces ${account} by ${after}${facts.isDefault ? ', to which everything is paid out from then on' : ''}.`];
    }
    default:
      return operation satisfies never;
  }
}

function nameWords({ operation }: BankChange, { nameMatched }: Facts): string[] {
  if (operation === 'remove' || operation === 'change') return [];
  if (nameMatched === null) return ["Whether the account is in the owner's name could not be compared."];
  return [nameMatched ? "The account is in the owner's name." : "Look again: the account is not in the owner's name."];
}
