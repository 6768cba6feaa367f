import { z } from 'zod';
import { screenLocales } from '../../foundation/i18n/screen-texts.ts';
import { type Html, html } from './html.ts';
import type { StaffProfile } from './port.ts';

const zones: ReadonlySet<string> = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);

/** The form of the account page; the shell sends theme and density only, and what is absent stays as it is. */
export const preferencesForm = z.object({
  theme: z.enum(['light', 'dark', 'system']),
  density: z.enum(['comfortable', 'compact']),
  locale: z.enum(screenLocales).optional(),
  timeZone: z
    .string()
    .refine((name) => zones.has(name))
    .optional(),
  singleKeys: z
    .enum(['on', 'off'])
    .transform((text) => text === 'on')
    .optional(),
});

/** How the back office looks, which clock it shows and whether single keys do something; `isTrial` offers the stand-in for a long language. */
export function preferenceSection(profile: StaffProfile, { isTrial }: { isTrial: boolean }): Html {
  const locales = screenLocales.filter((locale) => isTrial || locale !== 'en-XA' || profile.locale === locale);
  return html`<h2>Appearance and language</h2>
<form method="post" action="/admin/account/preferences" class="fs-form fs-form-row">
${choice('theme', 'Theme', ['system', 'light', 'dark'].map(plain), profile.theme)}
${choice('density', 'Rows', ['comfortable', 'compact'].map(plain), profile.density)}
${choice(
  'locale',
  'Language',
  locales.map((locale) => [locale, localeNames[locale] ?? locale]),
  profile.locale,
)}
${choice(
  'timeZone',
  'Time zone',
  [...zones].map((zone) => [zone, zone.replaceAll('_', ' ')]),
  profile.timeZone,
)}
${choice(
  'singleKeys',
  'Single keys, such as / for search',
  [
    ['on', 'On'],
    ['off', 'Off'],
  ],
  profile.singleKeys ? 'on' : 'off',
)}
<button class="fs-button fs-button-primary" type="submit">Save preferences</button>
</form>
<p><a href="/admin/pages/notifications?tab=settings">What I am told, and where</a></p>`;
}

const localeNames: Readonly<Record<string, string>> = { en: 'English', 'en-XA': 'Long words (trial)' };

function plain(value: string): readonly [string, string] {
  return [value, value.charAt(0).toUpperCase() + value.slice(1)];
}

function choice(name: string, label: string, values: readonly (readonly [string, string])[], current: string): Html {
  return html`<div><label for="${name}">${label}</label><select id="${name}" name="${name}">${values.map(
    ([value, words]) => html`<option value="${value}"${value === current ? html` selected` : null}>${words}</option>`,
  )}</select></div>`;
}
