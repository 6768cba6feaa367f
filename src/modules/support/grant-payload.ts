import type { ApprovalRequest } from '@prisma/client';
import { z } from 'zod';
import type { CommandDeps, CommandScope } from '../../foundation/command/command.ts';
import { adminRoles } from '../identity/index.ts';
import { openPayload } from './open-approval.ts';

const shape = z.object({ role: z.enum(adminRoles), expiresAt: z.iso.datetime().nullable() });

export type AskedGrant = { role: (typeof adminRoles)[number]; expiresAt: Date | null };

/** The grant that a request asks for, as it keeps it under the person's data key. */
export const grantPayload = {
  seal: ({ role, expiresAt }: AskedGrant): string =>
    JSON.stringify({ role, expiresAt: expiresAt?.toISOString() ?? null } satisfies z.infer<typeof shape>),

  /** Null once the person is erased. */
  async open(
    deps: Pick<CommandDeps, 'keyring'>,
    reader: Pick<CommandScope['tx'], 'userKey'>,
    request: Pick<ApprovalRequest, 'id' | 'subjectUserId' | 'payloadEnc'>,
  ): Promise<AskedGrant | null> {
    const payload = await openPayload(deps, reader, request);
    if (payload === null) return null;
    const { role, expiresAt } = shape.parse(JSON.parse(payload));
    return { role, expiresAt: expiresAt === null ? null : new Date(expiresAt) };
  },
};
