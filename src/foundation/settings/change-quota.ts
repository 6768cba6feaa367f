import { z } from 'zod';
import { quotas } from '../access/quotas.ts';
import { type Grade, grades } from '../access/roles.ts';
import { defineCommand } from '../command/command.ts';
import { quotaOverridesOf, quotaPair, quotaSetting, quotaTableOf } from './quota-setting.ts';
import { loadSetting, type SettingRow, storeSetting } from './setting-row.ts';

/** What is left out stays as it is. */
const input = quotaPair.partial().extend({ grade: z.enum(grades) });
type Input = z.infer<typeof input>;

export type QuotaChanged = { grade: Grade; people: number; reveals: number; isUnchanged: boolean };

/**
 * Changes how many people and reveals a grade has a day. Holds for the next click of everybody, in every web process within half a
 * second; what was used today counts on. Repeating it changes nothing.
 * @throws AppError 403 `forbidden`, 409 `version_conflict`, 422 `too_long`
 */
export const changeQuota = defineCommand<Input, QuotaChanged, undefined, SettingRow>({
  name: 'change-quota',
  resource: 'limit',
  access: 'limit.change',
  input,
  isIdempotent: true,
  load: (scope) => loadSetting(scope, quotaSetting),
  version: (row) => row.version,
  conflict: (row, { grade }) => ({ current: inForce(row, grade) }),
  async preview(_scope, { grade, ...wanted }, row) {
    const now = inForce(row, grade);
    const { people = now.people, reveals = now.reveals } = wanted;
    const holders = grade.replaceAll('_', ' ');
    return [
      `People opened a day, ${holders}: ${now.people} becomes ${people}.`,
      `Reveals a day, ${holders}: ${now.reveals} becomes ${reveals}. What was used today counts on.`,
    ];
  },
  async run(scope, { grade, ...wanted }, row) {
    const now = inForce(row, grade);
    const { people = now.people, reveals = now.reveals } = wanted;
    if (now.people === people && now.reveals === reveals) return { grade, people, reveals, isUnchanged: true };
    const standard = quotas[grade];
    const { [grade]: _before, ...others } = quotaOverridesOf(row.value);
    const isStandard = standard.people === people && standard.reveals === reveals;
    const value = isStandard ? others : { ...others, [grade]: { people, reveals } };
    await storeSetting(scope, quotaSetting, { row, value });
    scope.note(`${grade}: people ${now.people} to ${people}, reveals ${now.reveals} to ${reveals}`);
    return { grade, people, reveals, isUnchanged: false };
  },
});

function inForce(row: SettingRow, grade: Grade): { people: number; reveals: number } {
  return { ...quotaTableOf(quotaOverridesOf(row.value))[grade] };
}
