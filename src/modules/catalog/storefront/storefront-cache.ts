import { createHash } from 'node:crypto';
import { createValueCache, type Loaded, type ValueCache } from '../../../foundation/cache/value-cache.ts';
import { currentVersions } from '../../../foundation/cache/versions.ts';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { AppError } from '../../../foundation/errors/app-error.ts';
import type { Metrics } from '../../../foundation/runtime/metrics.ts';
import { namespaceOf } from './namespaces.ts';

export type StorefrontDeps = Pick<CommandDeps, 'config' | 'keyring' | 'database' | 'clock' | 'log'>;

/** Ready to be sent: the body as it travels, and the tag that stands for it. `contentType` of what is not JSON. */
export type Kept = { body: string | Buffer; etag: string; contentType: string | null };

/** Asked before the database is: counts who makes it work. */
export type Admit = () => Promise<void>;

const mebibyte = 1_048_576;
const limits = { maxBytes: 32 * mebibyte, freshMs: 60_000, staleMs: 600_000 };

/** Null: there is nothing of that name that customers may see. */
type Storefront = ValueCache<Kept | null>;
const caches = new WeakMap<object, Storefront>();

function cacheOf({ database, log }: Pick<StorefrontDeps, 'database' | 'log'>): Storefront {
  const known = caches.get(database);
  if (known) return known;
  const made: Storefront = createValueCache({ ...limits, onError: (error) => log.warn({ event: 'catalog.renew_failed', error }) });
  caches.set(database, made);
  return made;
}

type Ask = { key: string; admit: Admit; load(): Promise<Loaded<Kept | null>> };

/**
 * One answer of the storefront: from memory while no version it depends on has moved, else made once for all who ask. Versions come
 * first and the data after them, so that nothing older than its versions is ever kept.
 * @throws AppError 503 `unavailable` where the versions cannot be read: nothing is shown that nobody can vouch for
 */
export function readStorefront(deps: StorefrontDeps, ask: Ask): Kept | null | Promise<Kept | null> {
  const versions = currentVersions(deps);
  const cache = cacheOf(deps);
  if (!(versions instanceof Promise)) return cache.read({ ...ask, versions });
  return versions.catch(unavailable).then((known) => cache.read({ ...ask, versions: known }));
}

function unavailable(cause: unknown): never {
  throw new AppError('unavailable', { retryAfterSeconds: 1, cause });
}

/** @param vendorId whose products and texts are in it; null where any store's could be */
export function keptJson(value: unknown, vendorId: string | null): Loaded<Kept | null> {
  if (value === null) return { value: null, bytes: 0, dependsOn: 'all' };
  const body = JSON.stringify(value);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  // Two bytes a character at most, which is how a string lies in memory.
  return {
    value: { body, etag, contentType: null },
    bytes: body.length * 2,
    dependsOn: vendorId === null ? 'all' : [namespaceOf(vendorId)],
  };
}

/** How well the cache of the storefront serves, for operators. */
export function showStorefrontCache(metrics: Metrics, deps: Pick<StorefrontDeps, 'database' | 'log'>): void {
  const figures = () => cacheOf(deps).figures();
  metrics.gauge('catalog_cache_hits', 'Storefront reads answered from memory since the start', () => figures().hits);
  metrics.gauge('catalog_cache_misses', 'Storefront reads that had to load or to wait for a load since the start', () => figures().misses);
  metrics.gauge('catalog_cache_bytes', 'Memory that kept storefront answers take', () => figures().bytes);
}
