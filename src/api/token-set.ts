import { translate } from '../foundation/i18n/translate.ts';
import type { IssuedTokens, SignInOutcome } from '../modules/identity/index.ts';
import { deviceCookie, deviceCookieSeconds, refreshCookie } from './cookies.ts';
import type { Call, CookieChange, Reply } from './endpoint.ts';

/** TokenSet or MfaRequired of auth-api.md section 1.8, in the client's mode. */
export function signInReply(call: Call, outcome: SignInOutcome, status: 200 | 201): Reply {
  if (outcome.kind === 'tokens')
    return tokenSetReply(call, outcome.tokens, { status, message: status === 201 ? 'message.registered' : 'message.signed_in' });
  const { challengeId, methods, expiresIn } = outcome;
  return {
    status: 200,
    body: { message: translate(call.locale, 'message.mfa_required'), mfaRequired: true, challengeId, methods, expiresIn },
  };
}

export type TokenSetOptions = {
  status: 200 | 201;
  message: 'message.registered' | 'message.signed_in' | 'message.refreshed';
  /** Members that the route adds beside the shape. */
  extra?: Record<string, unknown>;
};

/** Body mode puts the tokens in the JSON; cookie mode keeps refresh and device token out of the page's reach. */
export function tokenSetReply(call: Call, tokens: IssuedTokens, options: TokenSetOptions): Reply {
  const isBody = call.client.mode === 'body';
  const { accessToken, refreshToken, refreshExpiresAt, deviceToken, session, user } = tokens;
  return {
    status: options.status,
    ...(isBody ? {} : { cookies: cookiesOf(call, tokens) }),
    body: {
      message: translate(call.locale, options.message),
      tokenType: 'Bearer',
      accessToken,
      expiresIn: call.deps.config.accessTokenTtlSeconds,
      ...(isBody ? { refreshToken } : {}),
      refreshExpiresAt,
      ...(isBody && deviceToken ? { deviceToken } : {}),
      session,
      user,
      ...options.extra,
    },
  };
}

export type LegacyMembers = { before?: Record<string, string>; after?: Record<string, string> };

/** The tokens under the names of the earlier storefront (auth-api.md 2.5), other members around them; in cookie mode the refresh token stays in its cookie. */
export function legacyTokenReply(call: Call, tokens: IssuedTokens, { before = {}, after = {} }: LegacyMembers = {}): Reply {
  const isBody = call.client.mode === 'body';
  const { accessToken: access, refreshToken: refresh } = tokens;
  return {
    status: 200,
    ...(isBody ? {} : { cookies: cookiesOf(call, tokens) }),
    body: { ...before, access, ...(isBody ? { refresh } : {}), ...after },
  };
}

function cookiesOf(call: Call, tokens: IssuedTokens): CookieChange[] {
  const now = call.deps.clock.now();
  // Rounded up: the clock has moved since the session's end was set, and the cookie must not be a second short of it.
  const maxAgeSeconds = Math.max(0, Math.ceil((tokens.refreshExpiresAt.getTime() - now.getTime()) / 1000));
  const refresh = { name: refreshCookie, value: tokens.refreshToken, maxAgeSeconds };
  return tokens.deviceToken ? [refresh, { name: deviceCookie, value: tokens.deviceToken, maxAgeSeconds: deviceCookieSeconds }] : [refresh];
}
