import { z } from 'zod';
import { type Command, type CommandScope, defineCommand } from '../command/command.ts';
import { readOnlyOf, readOnlySetting } from './read-only-setting.ts';
import { loadSetting, type SettingRow, storeSetting } from './setting-row.ts';

const longestReason = 200;

const input = z.strictObject({
  isOn: z.boolean(),
  /** What everybody reads in the banner. */
  message: z
    .string()
    .trim()
    .min(3)
    .max(longestReason)
    // It stands in a header and a banner: one line.
    .regex(/^[^\p{Cc}\p{Cf}]*$/u)
    .optional(),
});
type Input = z.infer<typeof input>;

export type ReadOnlySwitched = { isOn: boolean; isUnchanged: boolean };

type SwitchCommand = Command<Input, ReadOnlySwitched, undefined, SettingRow>;

/** By staff: super admins, with a reason and a fresh factor. By operators: `npm run read-only`. */
export const switchReadOnly = switchBy('feature_flag.change');
export const switchReadOnlyByOperator = switchBy('system');

/**
 * Closes the product for changes, or opens it again (F111). Every web process follows within half a second. Switching on twice keeps
 * the first time and takes the new words.
 * @throws AppError 403 `forbidden`, 409 `version_conflict`
 */
function switchBy(access: SwitchCommand['access']): SwitchCommand {
  return defineCommand<Input, ReadOnlySwitched, undefined, SettingRow>({
    name: 'switch-read-only',
    resource: 'setting',
    access,
    input,
    // Its own answer of yesterday must not stand for what is asked today.
    isIdempotent: false,
    load: (scope) => loadSetting(scope, readOnlySetting),
    version: (row) => row.version,
    conflict: (row, { isOn }) => ({ current: { isOn: readOnlyOf(row.value) !== null }, change: { isOn } }),
    preview: async (_scope, { isOn }) => effects(isOn),
    run: switchTo,
  });
}

async function switchTo(scope: CommandScope, { isOn, message }: Input, row: SettingRow): Promise<ReadOnlySwitched> {
  const before = readOnlyOf(row.value);
  if (!isOn && !before) return { isOn, isUnchanged: true };
  const reason =
    message ??
    scope.reason?.text
      ?.trim()
      .replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
      .slice(0, longestReason) ??
    'Maintenance';
  const since = (before?.since ?? scope.now).toISOString();
  await storeSetting(scope, readOnlySetting, { row, value: isOn ? { isOn, since, reason } : { isOn } });
  scope.note(isOn ? 'read-only mode on' : 'read-only mode off');
  return { isOn, isUnchanged: false };
}

function effects(isOn: boolean): readonly string[] {
  return isOn
    ? [
        'Nobody can change anything, in the back office or in the shop. Signing in and reading go on.',
        'Takes effect everywhere within a second. Jobs that are under way finish.',
      ]
    : ['Everybody can make changes again, within a second.'];
}
