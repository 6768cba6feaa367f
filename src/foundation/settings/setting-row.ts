import type { CommandScope } from '../command/command.ts';
import { AppError } from '../errors/app-error.ts';
import { actorIdOf } from '../runtime/actor.ts';

/** A setting as it is stored; version 0 while nobody ever changed it. */
export type SettingRow = { id: string | null; value: unknown; version: number };

/**
 * The stored setting, one command at a time: the lock also holds where there is no row yet, so that two first changes cannot both
 * start from nothing.
 */
export async function loadSetting(scope: CommandScope, name: string): Promise<SettingRow> {
  await scope.tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`setting:${name}`}, 0))`;
  const row = await scope.tx.setting.findUnique({ where: { name }, select: { id: true, value: true, version: true } });
  return row ?? { id: null, value: undefined, version: 0 };
}

type Stored = { readonly [key: string]: string | number | boolean | Stored };

/** Writes the new value, by compare-and-set on the version that was loaded. @throws AppError 409 `version_conflict` */
export async function storeSetting(scope: CommandScope, name: string, { row, value }: { row: SettingRow; value: Stored }): Promise<void> {
  const changedBy = actorIdOf(scope.actor);
  if (row.id === null) {
    const made = await scope.tx.setting.create({ data: { name, value, changedBy }, select: { id: true } });
    scope.touched(made.id);
    return;
  }
  const { count } = await scope.tx.setting.updateMany({
    where: { id: row.id, version: row.version },
    data: { value, changedBy, version: { increment: 1 } },
  });
  if (count !== 1) throw new AppError('version_conflict');
  scope.touched(row.id);
}
