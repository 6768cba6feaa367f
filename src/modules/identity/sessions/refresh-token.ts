import { fromBase64url, randomToken } from '../../../foundation/crypto/random-token.ts';

/** 256 random bits, base64url; kept as SHA-256 only. */
export function newRefreshToken(): string {
  return randomToken(32);
}

/** Whether a text can be one of ours at all; everything else is refused without a look-up of its own. */
export function isRefreshTokenForm(text: string): boolean {
  return text.length === 43 && fromBase64url(text)?.length === 32;
}
