import { join } from 'node:path';
import { z } from 'zod';
import { describeAction } from '../../admin/action-states.ts';
import { type CommandAction, definePage, type PageRequest } from '../../admin/index.ts';
import { decide } from '../../foundation/access/evaluate.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { isLocale } from '../../foundation/i18n/locale.ts';
import { translate } from '../../foundation/i18n/translate.ts';
import { readSettingsView } from '../../foundation/settings/setting.queries.ts';
import { previewTemplate, templateChoices } from '../../modules/notifications/index.ts';
import { fixedLimits, keyLists, retentionLines, smsLimits } from './fixed-settings.ts';
import { settingActions } from './setting-actions.ts';

/** How the product is set: what super admins change here, and what the configuration says. */
export const settingsPage = definePage({
  id: 'settings',
  noun: 'setting',
  title: 'Settings',
  icon: 'settings',
  navigationGroup: 'System',
  permission: 'feature_flag.view',
  component: join(import.meta.dirname, 'settings.component.tsx'),
  handler: (request) => answer(request),
  recordsRead: null,
  actions: Object.values(settingActions),
});

/** The tab is the browser's business. */
const query = z.strictObject({
  tab: z.string().max(40).optional(),
  template: z.string().max(60).optional(),
  locale: z.string().max(10).optional(),
});

async function answer(request: PageRequest): Promise<Readonly<Record<string, unknown>>> {
  const asked = query.safeParse(request.query);
  if (!asked.success) throw new AppError('invalid_filter');
  const { template, locale = 'en' } = asked.data;
  if (template !== undefined) return { preview: previewOf(template, locale) };
  const { deps } = request;
  const { config } = deps;
  return {
    ...(await readSettingsView(deps)),
    actions: actionsFor(request),
    limits: [...fixedLimits(deps), ...smsLimits(deps)],
    retention: retentionLines(deps),
    keys: await keyLists(deps),
    branding: {
      name: 'Fashionistar',
      backOffice: config.publicUrl,
      storefront: config.storefrontUrl,
      mailFrom: config.mailFrom,
      smsSender: config.smsSender,
    },
    templates: templateChoices(),
  };
}

function previewOf(template: string, locale: string): object {
  const preview = isLocale(locale) ? previewTemplate(template, locale) : null;
  if (!preview) throw new AppError('not_found');
  return preview;
}

/** The buttons with why they do nothing, for those who may only look. */
function actionsFor({ staff, now }: PageRequest): Readonly<Record<string, unknown>> {
  const describe = (action: CommandAction) => {
    const decision = decide({ actor: staff, permission: action.permission, now });
    return describeAction(action, decision.isAllowed ? null : translate('en', decision.sentence));
  };
  return Object.fromEntries(Object.entries(settingActions).map(([name, action]) => [name, describe(action)]));
}
