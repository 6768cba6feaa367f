import { t } from './text.component.tsx';

/** What the server refused, in its words. */
class Refused extends Error {}

/** Whether this browser can use passkeys through the JSON forms of WebAuthn. */
export function knowsPasskeys(): boolean {
  return typeof PublicKeyCredential === 'function' && 'parseRequestOptionsFromJSON' in PublicKeyCredential;
}

/**
 * Asks the device for an answer to a fresh challenge of the server: JSON text for the `response` field of the sign-in forms.
 * Throws an Error whose message can be shown.
 */
export async function answerWithPasskey(): Promise<string> {
  try {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await askOptions());
    return JSON.stringify(await navigator.credentials.get({ publicKey }));
  } catch (error) {
    throw new Error(error instanceof Refused ? error.message : 'The passkey was not used. Try again, or choose another way.');
  }
}

async function askOptions(): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const response = await fetch('/admin/passkey/options', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { Accept: 'application/json' },
    body: new URLSearchParams({ purpose: 'get' }),
  });
  const body = (await response.json()) as PublicKeyCredentialRequestOptionsJSON & { detail?: unknown };
  if (!response.ok) throw new Refused(typeof body.detail === 'string' ? body.detail : t('That did not work. Try again.'));
  return body;
}
