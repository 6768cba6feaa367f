import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { isAlwaysTold, type NoticeChannels, type NoticeKind, noticeKindNames } from './notice-kinds.ts';

const input = z.strictObject({
  kind: z.enum(noticeKindNames as [NoticeKind, ...NoticeKind[]]),
  inApp: z.boolean(),
  email: z.boolean(),
});
type Input = z.infer<typeof input>;

/**
 * Where the person wants to be told of one kind of thing. What everybody must see stays in the inbox whatever is asked.
 * @throws AppError 403 `forbidden`
 */
export const setNoticePreference = defineCommand<Input, NoticeChannels>({
  name: 'set-notice-preference',
  resource: 'notification',
  access: 'own_account.manage',
  input,
  isIdempotent: true,
  async run({ actor, tx, note, now }, { kind, inApp: wanted, email }) {
    if (actor.kind !== 'staff') return fail('forbidden');
    const inApp = wanted || isAlwaysTold(kind);
    const data = { inApp, email, updatedAt: now };
    await tx.noticePreference.upsert({
      where: { staffUserId_kind: { staffUserId: actor.id, kind } },
      create: { staffUserId: actor.id, kind, ...data },
      update: data,
    });
    note(`${kind}: inbox ${inApp ? 'on' : 'off'}, mail ${email ? 'on' : 'off'}`);
    return { inApp, email };
  },
});
