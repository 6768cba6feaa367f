import type { Action } from '../../admin/components/admin-types.component.tsx';
import type { ActionTarget } from '../../admin/components/reason-form.component.tsx';

type Changed = { id: string | null; version: number; changedAt: string | null };

export type Flag = Changed & { name: string; label: string; description: string; isEnabled: boolean };
export type Quota = { grade: string; people: number; reveals: number; standard: { people: number; reveals: number } };
export type FixedLine = { what: string; value: string; from: string | null };
export type KeyLine = { kid: string; isCurrent: boolean; publishedAt: string | null; activatedAt: string | null; retiredAt: string | null };
export type KeyList = { name: string; use: string; rotateBy: string | null; keys: readonly KeyLine[] };

export type SettingsView = {
  flags: readonly Flag[];
  readOnly: Changed & { isOn: boolean; since: string | null; reason: string | null };
  quotas: Changed & { rows: readonly Quota[] };
  actions: Readonly<Record<'readOnlyOn' | 'readOnlyOff' | 'flag' | 'quota', Action>>;
  limits: readonly FixedLine[];
  retention: readonly FixedLine[];
  keys: readonly KeyList[];
  branding: { name: string; backOffice: string; storefront: string; mailFrom: string; smsSender: string };
  templates: { ids: readonly string[]; locales: readonly string[] };
};

export type OpenForm = { action: Action; target: ActionTarget };

export const settingsPath = '/pages/settings';

type About = { input: Readonly<Record<string, unknown>>; version: number; opened: Readonly<Record<string, unknown>> };

/** The form of a change, with the version and the values that are shown: who changes on top of a change is told. */
export function formFor(action: Action, { input, version, opened }: About): OpenForm {
  const record = { id: action.name, title: action.label, params: opened, populated: {} };
  return {
    action,
    target: {
      path: settingsPath,
      base: settingsPath,
      pageAction: action.name,
      record,
      version,
      fixedInput: input,
      ...(action.form.length === 0 ? { change: input } : {}),
    },
  };
}
