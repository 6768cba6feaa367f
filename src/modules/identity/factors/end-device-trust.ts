import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { customerOf } from '../freshness.ts';

const input = z.object({ deviceId: z.uuid() });

/**
 * Asks for the second factor again on one of the own devices. One that is not trusted, another person's and an unknown one are
 * alike. @throws AppError 404 `not_found`
 */
export const endDeviceTrust = defineCommand<z.infer<typeof input>, Record<string, never>>({
  name: 'forget-device',
  resource: 'known_device',
  access: 'owner',
  input,
  isIdempotent: false,
  async run(scope, { deviceId }) {
    const userId = customerOf(scope).id;
    const { count } = await scope.tx.knownDevice.updateMany({
      where: { id: deviceId, userId, mfaTrustedUntil: { gt: scope.now } },
      data: { mfaTrustedUntil: null },
    });
    if (count === 0) return { refused: 'not_found' };
    scope.touched(deviceId, userId);
    return {};
  },
});
