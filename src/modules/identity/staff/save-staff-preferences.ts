import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { screenLocales } from '../../../foundation/i18n/screen-texts.ts';

const input = z.object({
  userId: z.uuid(),
  theme: z.enum(['light', 'dark', 'system']),
  density: z.enum(['comfortable', 'compact']),
  locale: z.enum(screenLocales).optional(),
  timeZone: z.string().max(64).refine(isTimeZone).optional(),
  singleKeys: z.boolean().optional(),
});

/** How the back office looks for its user; own profile only. @throws AppError 404 `not_found` */
export const saveStaffPreferences = defineCommand<z.infer<typeof input>, Record<string, never>>({
  name: 'save-preferences',
  resource: 'staff',
  access: 'public',
  input,
  isIdempotent: false,
  async run(scope, { userId, theme, density, locale, timeZone, singleKeys }) {
    const data = { theme, density, ...(singleKeys === undefined ? {} : { singleKeys }) };
    const { count } = await scope.tx.staffProfile.updateMany({ where: { userId }, data });
    if (locale)
      await scope.tx.user.updateMany({ where: { id: userId, kind: 'staff', language: { not: locale } }, data: { language: locale } });
    if (timeZone)
      await scope.tx.user.updateMany({ where: { id: userId, kind: 'staff', timezone: { not: timeZone } }, data: { timezone: timeZone } });
    scope.touched(userId);
    return count === 0 ? { refused: 'not_found' } : {};
  },
});

/** A name of the zones that this server can show times in. */
function isTimeZone(name: string): boolean {
  return name === 'UTC' || Intl.supportedValuesOf('timeZone').includes(name);
}
