import type { QuotaTable } from '../access/quotas.ts';
import type { Database } from '../runtime/database.ts';
import { type FlagName, flagNames, flags } from './flags.ts';
import { quotaOverridesOf, quotaSetting, quotaTableOf } from './quota-setting.ts';
import { type ReadOnly, readOnlyOf, readOnlySetting } from './read-only-setting.ts';

/** What staff may change while the service runs, as it was at most half a second ago. */
export type LiveSettings = {
  /** Null: writing is open. */
  readOnly: ReadOnly | null;
  flags: Readonly<Record<FlagName, boolean>>;
  quotas: QuotaTable;
};

type Holder = Pick<Database, 'pool'>;
type Kept = { settings: LiveSettings | null; readAt: number; changedAt: number; reading: Promise<LiveSettings> | null };

/**
 * Older answers are read anew before they are used. So a change holds in every web process within this time, through a
 * transaction pooler too, where nobody can LISTEN; a busy process asks twice a second, an idle one not at all.
 */
export const settingsAgeMs = 500;

const kept = new WeakMap<Holder, Kept>();

function keptOf(database: Holder): Kept {
  const known = kept.get(database);
  if (known) return known;
  const made: Kept = { settings: null, readAt: Number.NEGATIVE_INFINITY, changedAt: Number.NEGATIVE_INFINITY, reading: null };
  kept.set(database, made);
  return made;
}

/** The settings of now. Never inside a transaction: it may wait for a connection. */
export async function currentSettings({ database }: { database: Holder }): Promise<LiveSettings> {
  const state = keptOf(database);
  if (state.settings && performance.now() - state.readAt < settingsAgeMs) return state.settings;
  // Single flight: however many ask, one statement runs.
  if (state.reading) return state.reading;
  const reading = readSettings(database, state).finally(() => {
    if (state.reading === reading) state.reading = null;
  });
  state.reading = reading;
  return reading;
}

/** What the process read last, for code that cannot wait; null before the first reading. */
export function lastSettings({ database }: { database: Holder }): LiveSettings | null {
  return keptOf(database).settings;
}

/** Nouns of the commands that change settings. */
export const settingNouns: ReadonlySet<string> = new Set(['setting', 'feature_flag', 'limit']);

/** After a change by this process: it sees its own at once. */
export function forgetSettings({ database }: { database: Holder }): void {
  const state = keptOf(database);
  state.readAt = Number.NEGATIVE_INFINITY;
  // A reading that began before the change brings the old answer: it is not kept, and the next caller starts a new one.
  state.changedAt = performance.now();
  state.reading = null;
}

type Row = { name: string; is_flag: boolean; is_enabled: boolean; value: unknown };

const readSql = `
  SELECT name, true AS is_flag, is_enabled, NULL::jsonb AS value FROM platform.feature_flag
   UNION ALL
  SELECT name, false, false, value FROM platform.setting`;

async function readSettings(database: Holder, state: Kept): Promise<LiveSettings> {
  const startedAt = performance.now();
  const { rows } = await database.pool.query<Row>({ name: 'read-settings', text: readSql });
  const settings = settingsFrom(rows);
  // A slower, older reading does not replace a newer one.
  if (startedAt > Math.max(state.readAt, state.changedAt)) {
    state.settings = settings;
    state.readAt = startedAt;
  }
  return settings;
}

function settingsFrom(rows: readonly Row[]): LiveSettings {
  const values = new Map(rows.filter((row) => !row.is_flag).map((row) => [row.name, row.value]));
  const switched = new Map(rows.filter((row) => row.is_flag).map((row) => [row.name, row.is_enabled]));
  const entries = flagNames.map((name) => [name, switched.get(name) ?? flags[name].isOnAtFirst]);
  return {
    readOnly: readOnlyOf(values.get(readOnlySetting)),
    flags: Object.fromEntries(entries) as Record<FlagName, boolean>,
    quotas: quotaTableOf(quotaOverridesOf(values.get(quotaSetting))),
  };
}

/** Whether a part of the product is switched on. */
export async function isEnabled(deps: { database: Holder }, flag: FlagName): Promise<boolean> {
  return (await currentSettings(deps)).flags[flag];
}
