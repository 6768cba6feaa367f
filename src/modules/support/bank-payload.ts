import type { ApprovalRequest } from '@prisma/client';
import { z } from 'zod';
import type { CommandDeps, CommandScope } from '../../foundation/command/command.ts';
import { type BankChange, bankOperations } from '../identity/index.ts';
import { openPayload } from './open-approval.ts';

const shape = z.object({
  operation: z.enum(bankOperations),
  accountId: z.uuid(),
  version: z.int(),
  details: z.object({ bankCode: z.string(), accountNumber: z.string(), accountName: z.string() }).optional(),
});

/** The change of a payout account that a request asks for, as it keeps it under the owner's data key. */
export const bankPayload = {
  seal: (change: BankChange): string => JSON.stringify(change satisfies z.input<typeof shape>),

  /** Null once the owner is erased. */
  async open(
    deps: Pick<CommandDeps, 'keyring'>,
    reader: Pick<CommandScope['tx'], 'userKey'>,
    request: Pick<ApprovalRequest, 'id' | 'subjectUserId' | 'payloadEnc'>,
  ): Promise<BankChange | null> {
    const payload = await openPayload(deps, reader, request);
    return payload === null ? null : shape.parse(JSON.parse(payload));
  },
};
