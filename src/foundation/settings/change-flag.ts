import { z } from 'zod';
import { type CommandScope, defineCommand } from '../command/command.ts';
import { AppError } from '../errors/app-error.ts';
import { type FlagName, flagNames, flags } from './flags.ts';

const input = z.strictObject({ name: z.enum(flagNames), isEnabled: z.boolean() });
type Input = z.infer<typeof input>;

type Loaded = { id: string | null; isEnabled: boolean; version: number };
export type FlagChanged = { name: FlagName; isEnabled: boolean; isUnchanged: boolean };

/**
 * Switches a part of the product on or off for everybody. Every web process follows within half a second. Repeating it changes nothing.
 * @throws AppError 403 `forbidden`, 409 `version_conflict`
 */
export const changeFlag = defineCommand<Input, FlagChanged, undefined, Loaded>({
  name: 'change-feature-flag',
  resource: 'feature_flag',
  access: 'feature_flag.change',
  input,
  isIdempotent: true,
  load,
  version: (flag) => flag.version,
  conflict: (flag) => ({ current: { isEnabled: flag.isEnabled } }),
  async preview(_scope, { name, isEnabled }, flag) {
    const { label } = flags[name];
    if (flag.isEnabled === isEnabled) return [`${label} stays ${isEnabled ? 'on' : 'off'}.`];
    return [`${label} is ${isEnabled ? 'on' : 'off'} for everybody within a second.`];
  },
  async run(scope, { name, isEnabled }, flag) {
    if (flag.isEnabled === isEnabled) return { name, isEnabled, isUnchanged: true };
    await store(scope, { name, isEnabled }, flag);
    scope.note(`${name} ${isEnabled ? 'on' : 'off'}`);
    return { name, isEnabled, isUnchanged: false };
  },
});

/** The lock holds where there is no row yet, too: two first changes are one after the other. */
async function load(scope: CommandScope, { name }: Input): Promise<Loaded> {
  await scope.tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`flag:${name}`}, 0))`;
  const row = await scope.tx.featureFlag.findUnique({ where: { name }, select: { id: true, isEnabled: true, version: true } });
  return row ?? { id: null, isEnabled: flags[name].isOnAtFirst, version: 0 };
}

async function store(scope: CommandScope, { name, isEnabled }: Input, flag: Loaded): Promise<void> {
  if (flag.id === null) {
    const made = await scope.tx.featureFlag.create({
      data: { name, isEnabled, description: flags[name].description },
      select: { id: true },
    });
    scope.touched(made.id);
    return;
  }
  const { count } = await scope.tx.featureFlag.updateMany({
    where: { id: flag.id, version: flag.version },
    data: { isEnabled, version: { increment: 1 } },
  });
  if (count !== 1) throw new AppError('version_conflict');
  scope.touched(flag.id);
}
