import { quotas } from '../access/quotas.ts';
import { type Grade, grades } from '../access/roles.ts';
import type { CommandDeps } from '../command/command.ts';
import { type FlagName, flagNames, flags } from './flags.ts';
import { quotaOverridesOf, quotaSetting, quotaTableOf } from './quota-setting.ts';
import { readOnlyOf, readOnlySetting } from './read-only-setting.ts';

type Reader = Pick<CommandDeps, 'database'>;

/** When a setting was changed last and by whom; id and version of the row its history is of, null and 0 while it never was. */
export type Changed = { id: string | null; version: number; changedAt: Date | null };

export type FlagItem = Changed & { name: FlagName; label: string; description: string; isEnabled: boolean };

export type QuotaItem = { grade: Grade; people: number; reveals: number; standard: { people: number; reveals: number } };

export type SettingsView = {
  flags: readonly FlagItem[];
  readOnly: Changed & { isOn: boolean; since: Date | null; reason: string | null };
  quotas: Changed & { rows: readonly QuotaItem[] };
};

/** What staff may change while the service runs, as it is stored at this moment. */
export async function readSettingsView({ database }: Reader): Promise<SettingsView> {
  const [flagRows, settingRows] = await Promise.all([
    database.prisma.featureFlag.findMany({ select: { id: true, name: true, isEnabled: true, version: true, updatedAt: true } }),
    database.prisma.setting.findMany({ select: { id: true, name: true, value: true, version: true, updatedAt: true } }),
  ]);
  const settingOf = (name: string) => settingRows.find((row) => row.name === name);
  const [readOnlyRow, quotaRow] = [settingOf(readOnlySetting), settingOf(quotaSetting)];
  const readOnly = readOnlyOf(readOnlyRow?.value);
  const table = quotaTableOf(quotaOverridesOf(quotaRow?.value));
  return {
    flags: flagNames.map((name) =>
      flagItem(
        name,
        flagRows.find((row) => row.name === name),
      ),
    ),
    readOnly: { ...changedOf(readOnlyRow), isOn: readOnly !== null, since: readOnly?.since ?? null, reason: readOnly?.reason ?? null },
    quotas: { ...changedOf(quotaRow), rows: grades.map((grade) => ({ grade, ...table[grade], standard: { ...quotas[grade] } })) },
  };
}

type Stored = { id: string; version: number; updatedAt: Date };

function changedOf(row: Stored | undefined): Changed {
  return { id: row?.id ?? null, version: row?.version ?? 0, changedAt: row?.updatedAt ?? null };
}

function flagItem(name: FlagName, row: (Stored & { isEnabled: boolean }) | undefined): FlagItem {
  const { label, description, isOnAtFirst } = flags[name];
  return { name, label, description, isEnabled: row?.isEnabled ?? isOnAtFirst, ...changedOf(row) };
}
