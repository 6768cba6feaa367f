import type { Versions } from './versions.ts';

/** A value with what it was made from: it is used only while the versions of those namespaces are the ones it was made under. */
export type Loaded<Value> = { value: Value; bytes: number; dependsOn: readonly string[] | 'all' };

type CacheOptions = {
  /** All kept values together; what was used longest ago goes first. */
  maxBytes: number;
  /** An older value is still given, and made anew behind the caller's back: what no version tells of (a date that passed) may lag. */
  freshMs: number;
  /** Beyond it nobody is given the old one. */
  staleMs: number;
  /** Told of a failure that nobody waits for. */
  onError(error: unknown): void;
};

type Ask<Value> = {
  key: string;
  versions: Versions;
  load(): Promise<Loaded<Value>>;
  /** Asked before a load that this caller starts, never for a hit or for joining another's load; may refuse by throwing. */
  admit?(): Promise<void>;
};

type CacheFigures = { hits: number; misses: number; stale: number; entries: number; bytes: number };

export type ValueCache<Value> = {
  /** A plain value on a hit. @throws what `load` or the caller's own `admit` throws; failures are not kept */
  read(ask: Ask<Value>): Value | Promise<Value>;
  figures(): CacheFigures;
};

type Entry<Value> = { value: Value; bytes: number; dependsOn: Loaded<Value>['dependsOn']; version: number; loadedAt: number };
type Flight<Value> = Promise<Entry<Value>>;

/** The bookkeeping of an entry besides its value and key. */
const overheadBytes = 200;

/** Another caller may not load; whoever joined them tries by themselves. */
class NotAdmitted extends Error {
  constructor(cause: unknown) {
    super('The first caller may not load', { cause });
  }
}

/**
 * Values of one process under versioned keys (F60). A load is keyed by the version it began under, so that a caller who knows of a
 * change never joins a load from before it; of any number of callers of one key and version one loads, the others wait for it.
 */
export function createValueCache<Value>(options: CacheOptions): ValueCache<Value> {
  // A Map iterates in insertion order: taking an entry out and in again makes it the youngest.
  const entries = new Map<string, Entry<Value>>();
  const flights = new Map<string, Flight<Value>>();
  const figures = { hits: 0, misses: 0, stale: 0, bytes: 0 };

  function read(ask: Ask<Value>): Value | Promise<Value> {
    const entry = entries.get(ask.key);
    // Made under a later version than this caller knows of is better still.
    if (entry === undefined || entry.version < ask.versions.of(entry.dependsOn)) return load(ask);
    const ageMs = performance.now() - entry.loadedAt;
    if (ageMs > options.staleMs) return load(ask);
    figures.hits += 1;
    entries.delete(ask.key);
    entries.set(ask.key, entry);
    if (ageMs > options.freshMs) renew(ask);
    return entry.value;
  }

  function renew({ key, versions, load: make }: Ask<Value>): void {
    const flightKey = flightKeyOf(key, versions);
    if (flights.has(flightKey)) return;
    figures.stale += 1;
    start(flightKey, { key, versions, load: make }).catch(options.onError);
  }

  async function load(ask: Ask<Value>): Promise<Value> {
    figures.misses += 1;
    const flightKey = flightKeyOf(ask.key, ask.versions);
    for (;;) {
      const flight = flights.get(flightKey);
      if (!flight) return lead(flightKey, ask);
      try {
        return (await flight).value;
      } catch (error) {
        if (!(error instanceof NotAdmitted)) throw error;
      }
    }
  }

  async function lead(flightKey: string, ask: Ask<Value>): Promise<Value> {
    try {
      return (await start(flightKey, ask)).value;
    } catch (error) {
      throw error instanceof NotAdmitted ? error.cause : error;
    }
  }

  function start(flightKey: string, ask: Ask<Value>): Flight<Value> {
    const flight = make(ask).finally(() => flights.delete(flightKey));
    flights.set(flightKey, flight);
    return flight;
  }

  async function make({ key, versions, load: produce, admit }: Ask<Value>): Promise<Entry<Value>> {
    await admit?.().catch((error: unknown) => {
      throw new NotAdmitted(error);
    });
    const { value, bytes, dependsOn } = await produce();
    const entry = {
      value,
      bytes: bytes + 2 * key.length + overheadBytes,
      dependsOn,
      version: versions.of(dependsOn),
      loadedAt: performance.now(),
    };
    keep(key, entry);
    return entry;
  }

  function keep(key: string, entry: Entry<Value>): void {
    forget(key);
    // One value must not push out everything else.
    if (entry.bytes > options.maxBytes / 4) return;
    entries.set(key, entry);
    figures.bytes += entry.bytes;
    for (const oldest of entries.keys()) {
      if (figures.bytes <= options.maxBytes) return;
      forget(oldest);
    }
  }

  function forget(key: string): void {
    figures.bytes -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  }

  return { read, figures: () => ({ ...figures, entries: entries.size }) };
}

function flightKeyOf(key: string, versions: Versions): string {
  return `${versions.of('all')}|${key}`;
}
