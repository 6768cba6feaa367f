import { validationError } from '../foundation/errors/app-error.ts';
import type { ApiDeps, Route } from './endpoint.ts';
import type { Head } from './reply.ts';

/** Cookie in which the earlier storefront's pages keep the flow that they verify (auth-api.md section 2.5). */
export const flowCookie = '__Host-fsh_flow';
export const flowCookieSeconds = 1800;

/** RFC 9745 and RFC 8594: since when the path is deprecated, when it goes, and what takes its place. */
export function addDeprecation(head: Head, { successor }: Pick<Route, 'successor'>): void {
  if (successor === undefined) return;
  head['Deprecation'] = '@1798761600';
  head['Sunset'] = 'Fri, 31 Dec 2027 23:59:59 GMT';
  head['Link'] = `<${successor}>; rel="successor-version"`;
}

/** Development routes are absent from strict production, the aliases where LEGACY_ALIASES is off: as if they had never been. */
export function isServed(route: Pick<Route, 'isDevelopmentOnly' | 'successor'>, { mode, hasLegacyAliases }: ApiDeps['config']): boolean {
  return !(route.isDevelopmentOnly && mode === 'production') && (route.successor === undefined || hasLegacyAliases);
}

/**
 * `phone_number` is an earlier spelling of `phone`; null and "" count as absent, and both at once are two identifiers.
 * @throws AppError 422 `identifier_exactly_one`
 */
export function phoneOf(body: { phone?: string | null | undefined; phone_number?: string | null | undefined }): {
  phone: string | null;
} {
  const { phone, phone_number: earlier } = body;
  if (phone && earlier) throw validationError([{ path: '', code: 'identifier_exactly_one' }]);
  return { phone: phone || earlier || null };
}
