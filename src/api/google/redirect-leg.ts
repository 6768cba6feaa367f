import { ServerResponse } from 'node:http';
import type { Request } from 'express';
import passport from 'passport';
import { z } from 'zod';
import type { Config } from '../../foundation/config/config.ts';
import type { OauthFlow } from '../../modules/identity/index.ts';
import { GoogleRedirectStrategy } from './google-strategy.ts';

/** What came of running the strategy once. `reason` is for the log: a code of the provider or a class of error, never its words. */
export type Leg =
  | { kind: 'redirect'; location: string }
  | { kind: 'exchanged'; idToken: string | null }
  | { kind: 'failed'; reason: string };

/**
 * Runs passport for one request of the redirect leg: without a `code` in the query it gives the provider's address, with one it
 * changes the code into an ID token. It answers nothing by itself and never takes longer than GOOGLE_HTTP_TIMEOUT_MS.
 */
export async function runRedirectLeg(config: Config, req: Request, flow: OauthFlow): Promise<Leg> {
  const strategy = new GoogleRedirectStrategy(config, flow);
  let timer: NodeJS.Timeout | undefined;
  const outOfTime = new Promise<Leg>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'failed', reason: 'timeout' }), config.googleHttpTimeoutMs);
  });
  try {
    return await Promise.race([authenticate(req, strategy), outOfTime]);
  } finally {
    clearTimeout(timer);
    strategy.close();
  }
}

const exchanged = z.object({ idToken: z.string().nullable() });

function authenticate(req: Request, strategy: GoogleRedirectStrategy): Promise<Leg> {
  return new Promise((resolve) => {
    const failed = (error: unknown) => resolve({ kind: 'failed', reason: reasonOf(error) });
    const settled = (error: unknown, user: unknown) => {
      const result = exchanged.safeParse(user);
      if (error || !result.success) return failed(error);
      resolve({ kind: 'exchanged', idToken: result.data.idToken });
    };
    const response = new CapturedResponse(req, (location) => resolve({ kind: 'redirect', location }));
    passport.authenticate(strategy, { session: false }, settled)(req, response, failed);
  });
}

/** The strategy sends the browser off by itself; here that becomes a value, and the API's own frame writes the answer. */
class CapturedResponse extends ServerResponse {
  readonly #onRedirect: (location: string) => void;

  constructor(req: Request, onRedirect: (location: string) => void) {
    super(req);
    this.#onRedirect = onRedirect;
  }

  override end(): this {
    this.#onRedirect(String(this.getHeader('Location')));
    return this;
  }
}

const plainCode = /^[A-Za-z0-9_]{1,60}$/;

function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (plainCode.test(code)) return code;
  return error instanceof Error ? error.constructor.name : 'refused';
}
