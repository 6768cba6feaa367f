import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type GoogleCallbackParameters, type Profile, Strategy, type VerifyCallback } from 'passport-google-oauth20';
import type { Config } from '../../foundation/config/config.ts';
import { isEqualConstantTime, sha256 } from '../../foundation/crypto/digest.ts';
import type { OauthFlow } from '../../modules/identity/index.ts';

/** What the strategy gives for a right code: the ID token as the provider sent it, still to be verified. */
export type Exchanged = { idToken: string | null };

/** Answers of a state store of passport-oauth2. */
type Stored = (error: Error | null, state: string) => void;
type Verified = (error: Error | null, ok: boolean, state: unknown) => void;

/**
 * passport-google-oauth20 for one redirect leg, with what it leaves out by itself: a state that is bound to the browser, PKCE on our
 * own leg and a nonce, all of `flow`. It fetches no profile: who it was is in the ID token, which we verify (auth-api.md 2.3, P15).
 */
export class GoogleRedirectStrategy extends Strategy {
  readonly #flow: OauthFlow;
  readonly #agent: HttpAgent;

  constructor(config: Config, flow: OauthFlow) {
    super(
      {
        clientID: config.googleClientId,
        clientSecret: config.googleClientSecret,
        callbackURL: config.googleRedirectUri,
        authorizationURL: config.googleAuthorizationUrl,
        tokenURL: config.googleTokenUrl,
        scope: ['openid', 'email', 'profile'],
        skipUserProfile: true,
        store: stateStoreOf(flow),
      },
      (_accessToken: string, _refreshToken: string, params: GoogleCallbackParameters, _profile: Profile, done: VerifyCallback) => {
        const exchanged: Exchanged = { idToken: typeof params.id_token === 'string' ? params.id_token : null };
        done(null, exchanged);
      },
    );
    this.#flow = flow;
    // An agent of its own, so that giving up closes the connection and nothing is left waiting.
    this.#agent = config.googleTokenUrl.startsWith('https:') ? new HttpsAgent() : new HttpAgent();
    this._oauth2.setAgent(this.#agent);
  }

  override authorizationParams(options: object): object {
    const { nonce, codeVerifier, intent } = this.#flow;
    return {
      ...super.authorizationParams(options),
      nonce,
      code_challenge: sha256(codeVerifier).toString('base64url'),
      code_challenge_method: 'S256',
      // Whoever links or proves an account chooses it, instead of being taken through by the provider's own session.
      ...(intent === 'login' ? {} : { prompt: 'select_account' }),
    };
  }

  override tokenParams(options: object): object {
    return { ...super.tokenParams(options), code_verifier: this.#flow.codeVerifier };
  }

  /** Ends whatever is still under way. */
  close(): void {
    this.#agent.destroy();
  }
}

/** The state lives in the sealed cookie of the browser; the store hands it out and compares it. */
function stateStoreOf(flow: OauthFlow) {
  return {
    store(_req: unknown, _meta: unknown, stored?: Stored): void {
      stored?.(null, flow.state);
    },
    verify(_req: unknown, state: string, _meta: unknown, verified?: Verified): void {
      verified?.(null, isEqualConstantTime(state, flow.state), undefined);
    },
  };
}
