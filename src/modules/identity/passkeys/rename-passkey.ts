import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { customerOf } from '../freshness.ts';
import { passkeyName } from './passkey-name.ts';
import { type PasskeyView, passkeyView } from './passkey-view.ts';

const input = z.object({ passkeyId: z.uuid(), name: passkeyName });

/** Gives one of the own passkeys another name. Another person's and unknown ones are alike. @throws AppError 404 `not_found` */
export const renamePasskey = defineCommand<z.infer<typeof input>, PasskeyView>({
  name: 'rename-passkey',
  resource: 'passkey',
  access: 'owner',
  input,
  isIdempotent: false,
  async run(scope, { passkeyId, name }) {
    const userId = customerOf(scope).id;
    const [renamed] = await scope.tx.passkey.updateManyAndReturn({ where: { id: passkeyId, userId }, data: { name } });
    if (!renamed) return { refused: 'not_found' };
    scope.touched(passkeyId, userId);
    return passkeyView(renamed);
  },
});
