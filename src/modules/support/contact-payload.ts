import type { ApprovalRequest } from '@prisma/client';
import { z } from 'zod';
import type { CommandDeps, CommandScope } from '../../foundation/command/command.ts';
import { type Contact, contactOf } from '../identity/index.ts';
import { openPayload } from './open-approval.ts';

const shape = z.object({ kind: z.enum(['email', 'phone']), value: z.string() });

/** What a contact change asks for, as its request keeps it under the person's data key. */
export const contactPayload = {
  seal: ({ kind, value }: Pick<Contact, 'kind' | 'value'>): string => JSON.stringify({ kind, value } satisfies z.infer<typeof shape>),

  /** The contact with everything derived from it; null once the person is erased. */
  async open(
    deps: Pick<CommandDeps, 'keyring'>,
    reader: Pick<CommandScope['tx'], 'userKey'>,
    request: Pick<ApprovalRequest, 'id' | 'subjectUserId' | 'payloadEnc'>,
  ): Promise<Contact | null> {
    const payload = await openPayload(deps, reader, request);
    return payload === null ? null : contactOf(deps, shape.parse(JSON.parse(payload)));
  },
};
