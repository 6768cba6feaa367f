import { translate } from '../../foundation/i18n/translate.ts';
import type { ProviderOutcome } from '../../modules/identity/index.ts';
import type { Call, Reply } from '../endpoint.ts';
import { signInReply, tokenSetReply } from '../token-set.ts';

/** TokenSet with `created`, MfaRequired or LinkRequired of auth-api.md section 1.8; all 200. */
export function providerReply(call: Call, { created, outcome }: ProviderOutcome): Reply {
  if (outcome.kind === 'mfa') return signInReply(call, outcome, 200);
  if (outcome.kind === 'tokens') {
    const message = created ? 'message.registered' : 'message.signed_in';
    return tokenSetReply(call, outcome.tokens, { status: 200, message, extra: { created } });
  }
  const { flowId, methods, destination, expiresIn } = outcome;
  return {
    status: 200,
    body: { message: translate(call.locale, 'message.link_required'), linkRequired: true, flowId, methods, destination, expiresIn },
  };
}
