import { AppError, fail } from '../foundation/errors/app-error.ts';
import { queries } from '../modules/identity/index.ts';
import type { Call, LiveSession } from './endpoint.ts';

/** RFC 6750 b64token; longer ones are refused before any work (auth-api.md P14). */
const bearerForm = /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i;
const maxHeaderLength = 4096;

/**
 * Step: Bearer. Verifies the access token and, where the route asks for a session, reads its row on this very call, so
 * that a revoked session is refused at once on every instance.
 * @throws AppError `token_missing`, `token_invalid`, `token_expired`, `session_revoked`
 */
export function authenticate(call: Call): Promise<void> | undefined {
  switch (call.route.auth) {
    case 'none':
    case 'confidential':
      return;
    case 'token':
      call.claims = call.deps.accessTokens.verify(bearerTokenOf(call) ?? fail('token_missing'));
      return;
    case 'session':
      call.claims = call.deps.accessTokens.verify(bearerTokenOf(call) ?? fail('token_missing'));
      return requireSession(call, call.claims.sid);
    case 'optional':
      return adoptSessionIfAny(call);
    default:
      call.route.auth satisfies never;
  }
}

/** The token of the one Authorization header; null when there is none or it is Basic, which names a client. */
function bearerTokenOf(call: Call): string | null {
  const { authorization } = call.req.headers;
  if (authorization === undefined || authorization === '' || /^basic(?: |$)/i.test(authorization)) return null;
  if (authorization.length > maxHeaderLength) fail('token_invalid');
  return bearerForm.exec(authorization)?.[1] ?? fail('token_invalid');
}

async function requireSession(call: Call, sessionId: string): Promise<void> {
  const session = await queries.findLiveSession(call.deps, sessionId);
  if (!session || session.userId !== call.claims?.sub) fail('session_revoked');
  adopt(call, session);
}

/** Sign-out succeeds with dead credentials too: what cannot be verified counts as nobody. */
async function adoptSessionIfAny(call: Call): Promise<void> {
  try {
    const token = bearerTokenOf(call);
    if (!token) return;
    call.claims = call.deps.accessTokens.verify(token);
    await requireSession(call, call.claims.sid);
  } catch (error) {
    if (!(error instanceof AppError) || error.status !== 401) throw error;
    call.claims = null;
    call.bearerFailure = error;
  }
}

/** A session that became aal2 is so for the tokens issued since (auth-api.md section 2.6); one that fell back is so at once. */
function adopt(call: Call, session: LiveSession): void {
  const acr = call.claims?.acr === 'aal2' ? session.acr : 'aal1';
  call.session = session;
  call.context.actor = { kind: session.role, id: session.userId, sessionId: session.id, acr, authTime: session.authTime };
}
