import { createLocalJWKSet, type JSONWebKeySet, type JWSHeaderParameters, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../../foundation/runtime/clock.ts';

export type ProviderKeys = { keyFor: JWTVerifyGetKey };

export type ProviderKeySettings = { url: string; cacheSeconds: number; timeoutMs: number; clock: Clock };

type Loaded = { kids: ReadonlySet<string>; find: JWTVerifyGetKey; loadedAt: number };

/** An unknown kid makes the set be fetched again at most this often (auth-api.md section 8). */
const unknownKidMs = 60_000;
const maxBytes = 262_144;

/** The provider's keys do not answer, or not with a key set. */
export class KeysUnavailableError extends Error {}

/** A token names no key, or one that the provider does not publish. */
export class UnknownKeyError extends Error {}

/**
 * The published keys of a provider: fetched when first needed, kept for `cacheSeconds`, fetched by one call at a time. Nothing
 * of a token but its kid decides which key is used, and no address in a token is ever followed.
 */
export function createProviderKeys(settings: ProviderKeySettings): ProviderKeys {
  const { clock, cacheSeconds } = settings;
  let loaded: Loaded | null = null;
  let loading: Promise<Loaded> | null = null;
  let unknownKidAt = Number.NEGATIVE_INFINITY;

  const load = () => {
    loading ??= fetchKeys(settings)
      .then((keys) => {
        loaded = { ...keys, loadedAt: clock.now().getTime() };
        return loaded;
      })
      .finally(() => {
        loading = null;
      });
    return loading;
  };

  const afterUnknownKid = (known: Loaded) => {
    if (loading) return loading;
    const now = clock.now().getTime();
    if (now - unknownKidAt < unknownKidMs) return known;
    unknownKidAt = now;
    return load();
  };

  const keysFor = async (kid: string) => {
    const isFresh = loaded !== null && clock.now().getTime() - loaded.loadedAt < cacheSeconds * 1000;
    if (!loaded || !isFresh) return load();
    return loaded.kids.has(kid) ? loaded : afterUnknownKid(loaded);
  };

  return {
    async keyFor(header, token) {
      const kid = kidOf(header);
      const keys = await keysFor(kid);
      if (!keys.kids.has(kid)) throw new UnknownKeyError('No published key has this kid');
      return keys.find(header, token);
    },
  };
}

function kidOf(header: JWSHeaderParameters): string {
  const { kid } = header;
  if (typeof kid !== 'string' || kid === '') throw new UnknownKeyError('The token names no key');
  return kid;
}

const member = z.string().exactOptional();
/** The members of an RSA or EC public key (RFC 7517, RFC 7518); what else is published is of no use here. */
const keySet = z.object({
  keys: z.array(
    z.object({ kty: z.string(), kid: member, alg: member, use: member, n: member, e: member, crv: member, x: member, y: member }),
  ),
});

async function fetchKeys({ url, timeoutMs }: ProviderKeySettings): Promise<Omit<Loaded, 'loadedAt'>> {
  const text = await fetchText(url, timeoutMs);
  try {
    const published: JSONWebKeySet = keySet.parse(JSON.parse(text));
    // A key without a kid cannot be named, so it is never used.
    const named = published.keys.flatMap((key) => (key.kid ? [{ ...key, kid: key.kid }] : []));
    return { kids: new Set(named.map((key) => key.kid)), find: createLocalJWKSet({ keys: named }) };
  } catch (cause) {
    throw new KeysUnavailableError('The answer is no key set', { cause });
  }
}

async function fetchText(url: string, timeoutMs: number): Promise<string> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { redirect: 'error', signal, headers: { Accept: 'application/json' } });
    if (response.status !== 200 || !response.body) throw new Error(`Status ${response.status}`);
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new Error('The answer is too long');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch (cause) {
    throw new KeysUnavailableError('The keys of the provider could not be fetched', { cause });
  }
}
