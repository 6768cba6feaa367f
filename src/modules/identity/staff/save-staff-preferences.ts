import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';

const input = z.object({ userId: z.uuid(), theme: z.enum(['light', 'dark', 'system']), density: z.enum(['comfortable', 'compact']) });

/** How the back office looks for its user; own profile only. @throws AppError 404 `not_found` */
export const saveStaffPreferences = defineCommand<z.infer<typeof input>, Record<string, never>>({
  name: 'save-preferences',
  resource: 'staff',
  access: 'public',
  input,
  isIdempotent: false,
  async run(scope, { userId, theme, density }) {
    const { count } = await scope.tx.staffProfile.updateMany({ where: { userId }, data: { theme, density } });
    scope.touched(userId);
    return count === 0 ? { refused: 'not_found' } : {};
  },
});
