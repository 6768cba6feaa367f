import type { Limit, Route } from '../endpoint.ts';
import { challengeMfa } from './challenge-mfa.ts';
import { confirmTotp } from './confirm-totp.ts';
import { changePassword, readJwks, readServerMetadata } from './discovery.ts';
import { isLive, isReady } from './health.ts';
import { introspectToken } from './introspect-token.ts';
import { listCountries } from './list-countries.ts';
import { listSessions } from './list-sessions.ts';
import { logIn } from './log-in.ts';
import { logOut } from './log-out.ts';
import { readAccount } from './read-account.ts';
import { readConfig } from './read-config.ts';
import { readCountry } from './read-country.ts';
import { readDevInbox } from './read-dev-inbox.ts';
import { readDocs, readDocsFile } from './read-docs.ts';
import { readMfa } from './read-mfa.ts';
import { readOpenApi } from './read-openapi.ts';
import { reauthenticate } from './reauthenticate.ts';
import { refreshSession } from './refresh-session.ts';
import { register } from './register.ts';
import { removeTotp } from './remove-totp.ts';
import { resendCode } from './resend-code.ts';
import { revokeOtherSessions } from './revoke-other-sessions.ts';
import { revokeSession } from './revoke-session.ts';
import { sendLoginCode } from './send-login-code.ts';
import { startTotp } from './start-totp.ts';
import { updateAccount } from './update-account.ts';
import { verifyLoginCode } from './verify-login-code.ts';
import { verifyMfa } from './verify-mfa.ts';
import { verifyRegistration } from './verify-registration.ts';

const tenMinutes = 600;
const minute = 60;
const hour = 3600;

const perIp = (name: string, count: number, windowSeconds: number): Limit => ({ name, count, windowSeconds, by: 'ip' });
const perUser = (name: string, count: number, windowSeconds: number): Limit => ({ name, count, windowSeconds, by: 'user' });

const none: readonly Limit[] = [];
/** The part of P9 that counts requests; failures are counted by the command. */
const login: readonly Limit[] = [{ ...perIp('login', 20, minute), alternatives: ['otp', 'passkey', 'google', 'reset'] }];
const account: readonly Limit[] = [perUser('account', 120, minute)];
/** Routes marked † in auth-api.md section 2.6; freshness itself is the command's decision. */
const sensitive: readonly Limit[] = [...account, perUser('account-sensitive', 20, hour)];
const reference: readonly Limit[] = [perIp('reference', 120, minute)];

const api = '/api/v1';

/** Every endpoint of the public API: method, path, who may call, limits. */
export const apiRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: `${api}/auth/register`,
    auth: 'none',
    limits: [perIp('register', 30, tenMinutes)],
    endpoint: register,
    isIdempotent: true,
    loggedFields: ['country', 'role', 'locale', 'termsVersion', 'marketingConsent'],
  },
  {
    method: 'POST',
    path: `${api}/auth/register/verify`,
    auth: 'none',
    limits: [perIp('register-verify', 60, tenMinutes)],
    endpoint: verifyRegistration,
  },
  {
    method: 'POST',
    path: `${api}/auth/otp/send`,
    auth: 'none',
    limits: [perIp('otp-send', 30, tenMinutes)],
    endpoint: sendLoginCode,
    isIdempotent: true,
    loggedFields: ['country', 'purpose'],
  },
  {
    method: 'POST',
    path: `${api}/auth/otp/resend`,
    auth: 'none',
    limits: [perIp('otp-resend', 30, tenMinutes)],
    endpoint: resendCode,
    isIdempotent: true,
  },
  {
    method: 'POST',
    path: `${api}/auth/otp/verify`,
    auth: 'none',
    limits: [perIp('otp-verify', 60, tenMinutes)],
    endpoint: verifyLoginCode,
  },
  { method: 'POST', path: `${api}/auth/login`, auth: 'none', limits: login, endpoint: logIn, loggedFields: ['country'] },
  {
    method: 'POST',
    path: `${api}/auth/mfa/challenge`,
    auth: 'none',
    limits: [perIp('mfa-challenge', 30, tenMinutes)],
    endpoint: challengeMfa,
    loggedFields: ['method'],
  },
  {
    method: 'POST',
    path: `${api}/auth/mfa/verify`,
    auth: 'none',
    limits: none,
    endpoint: verifyMfa,
    loggedFields: ['method', 'trustDevice'],
  },
  { method: 'POST', path: `${api}/auth/token/refresh`, auth: 'none', limits: [perIp('refresh', 600, minute)], endpoint: refreshSession },
  { method: 'POST', path: `${api}/auth/logout`, auth: 'optional', limits: none, endpoint: logOut, loggedFields: ['scope'] },
  { method: 'GET', path: `${api}/auth/config`, auth: 'none', limits: none, endpoint: readConfig },
  { method: 'POST', path: `${api}/auth/introspect`, auth: 'confidential', limits: none, endpoint: introspectToken, takesForm: true },

  { method: 'GET', path: `${api}/account`, auth: 'session', limits: account, endpoint: readAccount },
  {
    method: 'PATCH',
    path: `${api}/account`,
    auth: 'session',
    limits: account,
    endpoint: updateAccount,
    loggedFields: ['language', 'timezone', 'countryCode', 'marketingConsent'],
  },
  { method: 'POST', path: `${api}/account/reauth`, auth: 'session', limits: account, endpoint: reauthenticate, loggedFields: ['method'] },
  { method: 'GET', path: `${api}/account/sessions`, auth: 'session', limits: account, endpoint: listSessions },
  { method: 'DELETE', path: `${api}/account/sessions`, auth: 'session', limits: account, endpoint: revokeOtherSessions },
  { method: 'DELETE', path: `${api}/account/sessions/{id}`, auth: 'session', limits: account, endpoint: revokeSession },
  { method: 'GET', path: `${api}/account/mfa`, auth: 'session', limits: account, endpoint: readMfa },
  { method: 'POST', path: `${api}/account/mfa/totp`, auth: 'session', limits: sensitive, endpoint: startTotp },
  { method: 'DELETE', path: `${api}/account/mfa/totp`, auth: 'session', limits: sensitive, endpoint: removeTotp },
  { method: 'POST', path: `${api}/account/mfa/totp/confirm`, auth: 'session', limits: sensitive, endpoint: confirmTotp },

  { method: 'GET', path: `${api}/reference/countries`, auth: 'none', limits: reference, endpoint: listCountries },
  { method: 'GET', path: `${api}/reference/countries/{iso2}`, auth: 'none', limits: reference, endpoint: readCountry },

  { method: 'GET', path: '/.well-known/jwks.json', auth: 'none', limits: none, endpoint: readJwks },
  { method: 'GET', path: '/.well-known/openid-configuration', auth: 'none', limits: none, endpoint: readServerMetadata },
  { method: 'GET', path: '/.well-known/oauth-authorization-server', auth: 'none', limits: none, endpoint: readServerMetadata },
  { method: 'GET', path: '/.well-known/change-password', auth: 'none', limits: none, endpoint: changePassword },
  { method: 'GET', path: '/health/live', auth: 'none', limits: none, endpoint: isLive },
  { method: 'GET', path: '/health/ready', auth: 'none', limits: none, endpoint: isReady },
  { method: 'GET', path: '/openapi.json', auth: 'none', limits: none, endpoint: readOpenApi },
  { method: 'GET', path: '/docs', auth: 'none', limits: none, endpoint: readDocs },
  { method: 'GET', path: '/docs/{file}', auth: 'none', limits: none, endpoint: readDocsFile },
  { method: 'GET', path: '/dev/inbox', auth: 'none', limits: none, endpoint: readDevInbox, isDevelopmentOnly: true },
];
