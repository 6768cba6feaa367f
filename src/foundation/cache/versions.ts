import type { Database } from '../runtime/database.ts';

type Holder = Pick<Database, 'pool'>;

/** The version of each namespace of platform.cache_namespace as one statement saw them; versions only ever grow. */
export type Versions = { of(namespaces: readonly string[] | 'all'): number };

/**
 * Versions older than this are read anew before they are used. So a change holds in every web process within this time, through a
 * transaction pooler too, where nobody can LISTEN (ADR 0031); the process that made the change sees it at once.
 */
const versionsAgeMs = 400;

/** From this age on they are read anew behind the caller's back, so that under load nobody ever waits for the statement. */
const renewAfterMs = 150;

type State = { versions: Versions | null; readAt: number; changedAt: number; reading: Promise<Versions> | null; readingSince: number };

const states = new WeakMap<Holder, State>();

function stateOf(database: Holder): State {
  const known = states.get(database);
  if (known) return known;
  const never = Number.NEGATIVE_INFINITY;
  const made: State = { versions: null, readAt: never, changedAt: never, reading: null, readingSince: never };
  states.set(database, made);
  return made;
}

/** The versions of now; a plain value while the last reading is young, so that a hit waits for nothing. Never inside a transaction. */
export function currentVersions({ database }: { database: Holder }): Versions | Promise<Versions> {
  const state = stateOf(database);
  const now = performance.now();
  const ageMs = now - state.readAt;
  if (state.versions && ageMs < versionsAgeMs) {
    // A failure is told to whoever has to wait for the next reading.
    if (ageMs > renewAfterMs && !state.reading) startReading(database, state).catch(() => undefined);
    return state.versions;
  }
  // One that takes so long already would bring versions that are too old when they arrive.
  const isYoung = now - state.readingSince < versionsAgeMs;
  return state.reading && isYoung ? state.reading : startReading(database, state);
}

/** Single flight: however many ask, one statement runs. */
function startReading(database: Holder, state: State): Promise<Versions> {
  const reading = readVersions(database, state).finally(() => {
    if (state.reading === reading) state.reading = null;
  });
  state.reading = reading;
  state.readingSince = performance.now();
  return reading;
}

/** After a commit of this process: what it knew may be the past. */
export function forgetVersions(database: Holder): void {
  const state = states.get(database);
  if (!state) return;
  state.readAt = Number.NEGATIVE_INFINITY;
  // A reading that began before the commit may bring the old versions: it is not kept, and the next caller starts a new one.
  state.changedAt = performance.now();
  state.reading = null;
}

async function readVersions(database: Holder, state: State): Promise<Versions> {
  const startedAt = performance.now();
  const { rows } = await database.pool.query<{ name: string; epoch: string }>({
    name: 'read-cache-versions',
    text: 'SELECT name, epoch FROM platform.cache_namespace',
  });
  const versions = versionsFrom(rows);
  // A slower, older reading does not replace a newer one.
  if (startedAt > Math.max(state.readAt, state.changedAt)) {
    state.versions = versions;
    state.readAt = startedAt;
  }
  return versions;
}

/** Since each only grows, a sum is the same exactly when every one of them is. */
function versionsFrom(rows: readonly { name: string; epoch: string }[]): Versions {
  const byName = new Map(rows.map(({ name, epoch }) => [name, Number(epoch)]));
  const all = [...byName.values()].reduce((sum, epoch) => sum + epoch, 0);
  return {
    of: (namespaces) => (namespaces === 'all' ? all : namespaces.reduce((sum, name) => sum + (byName.get(name) ?? 0), 0)),
  };
}
