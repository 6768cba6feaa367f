import type { IncomingMessage } from 'node:http';
import type { CookieChange } from './endpoint.ts';

export const refreshCookie = '__Host-fsh_rt';
export const deviceCookie = '__Host-fsh_dev';
/** A redirect leg to Google under way, sealed. */
export const oauthCookie = '__Host-fsh_oauth';
export const deviceCookieSeconds = 365 * 86_400;

/** The value of a cookie; null when it is absent, empty, or sent twice, since the two may come from different hands. */
export function cookieOf(req: Pick<IncomingMessage, 'headers'>, name: string): string | null {
  const header = req.headers.cookie;
  if (header === undefined) return null;
  const prefix = `${name}=`;
  const values = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix))
    .map((pair) => pair.slice(prefix.length));
  const [value] = values;
  return values.length === 1 && value ? value : null;
}

/** RFC 6265bis `__Host-` cookie: Secure, Path=/, no Domain. A life of 0 removes it. */
export function setCookieLine(change: CookieChange): string {
  return `${change.name}=${change.value}; Max-Age=${change.maxAgeSeconds}; Path=/; Secure; HttpOnly; SameSite=Lax`;
}
