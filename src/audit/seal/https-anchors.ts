import { setTimeout as wait } from 'node:timers/promises';
import { AnchorConflictError } from './anchor-conflict.ts';
import type { AnchorTarget } from './anchor-targets.ts';

const attempts = 3;
const firstWaitMs = 500;
const timeoutMs = 10_000;

/**
 * Anchors at another host: PUT `<url>/<name>` with `If-None-Match: *`, so that a host which obeys RFC 9110 section 13.1.2, or stores
 * write-once, never replaces one. Credentials in the URL are sent as Basic authentication and shown nowhere.
 */
export function httpsAnchors(url: string): AnchorTarget {
  const { base, headers } = withoutCredentials(url);
  return {
    name: base,
    async put(name, content) {
      const place = `${base}/${name}`;
      const answer = await send(place, {
        method: 'PUT',
        body: content,
        headers: { ...headers, 'content-type': 'text/plain; charset=utf-8', 'if-none-match': '*' },
      });
      if (answer.status === 409 || answer.status === 412) {
        const kept = await send(place, { method: 'GET', headers });
        if (!kept.ok) throw new Error(`${place} answered ${kept.status} when asked for the anchor it has`);
        if (kept.text !== content) throw new AnchorConflictError(base, name);
      } else if (!answer.ok) {
        throw new Error(`${place} answered ${answer.status}`);
      }
      return place;
    },
    // Listing is no part of plain HTTP; the verifier is given such anchors as files.
    largest: () => Promise.resolve(null),
  };
}

type Answer = { ok: boolean; status: number; text: string };

/** Tries again where trying again can help: no answer, an overloaded or a broken host. A redirect would lead to a host nobody named. */
async function send(url: string, init: RequestInit): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
      const text = await answer.text();
      if ((answer.status < 500 && answer.status !== 429) || attempt === attempts) return { ok: answer.ok, status: answer.status, text };
    } catch (cause) {
      if (attempt === attempts) throw new Error(`${url} could not be reached`, { cause });
    }
    await wait(firstWaitMs * 2 ** (attempt - 1));
  }
}

function withoutCredentials(url: string): { base: string; headers: Record<string, string> } {
  const parsed = new URL(url);
  const { username, password } = parsed;
  parsed.username = '';
  parsed.password = '';
  const base = parsed.href.replace(/\/+$/, '');
  if (!username) return { base, headers: {} };
  const pair = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  return { base, headers: { authorization: `Basic ${pair}` } };
}
