import { z } from 'zod';
import type { Keyring } from '../../../foundation/crypto/keyring.ts';

/** An entry of the dev inbox (auth-api.md section 2.8) without its id. */
export const devMessage = z.object({
  channel: z.enum(['email', 'sms']),
  to: z.string(),
  template: z.string(),
  subject: z.string().nullable(),
  text: z.string(),
  html: z.string().nullable(),
  locale: z.string(),
  code: z.string().nullable(),
  link: z.string().nullable(),
  token: z.string().nullable(),
  createdAt: z.iso.datetime(),
});
export type DevMessage = z.infer<typeof devMessage>;

/** Under which the inbox finds the messages of one address, so that not even the demo's database holds a contact in clear. */
export function inboxKey(keyring: Keyring, to: string): string {
  return keyring.keyedHash('dev-inbox', to).toString('hex');
}

/** Captured messages are sealed: a dump of the demo's database shows no code, link or contact. */
export function sealDevMessage(keyring: Keyring, message: DevMessage): string {
  return keyring.sealWith(sealingSecret(keyring), JSON.stringify(message)).toString('base64');
}

/** Null when the message was sealed with other keys than today's. */
export function openDevMessage(keyring: Keyring, sealed: string): DevMessage | null {
  const clear = keyring.openWith(sealingSecret(keyring), Buffer.from(sealed, 'base64'));
  return clear === null ? null : devMessage.parse(JSON.parse(clear));
}

function sealingSecret(keyring: Keyring): string {
  return keyring.keyedHash('dev-message', '').toString('base64');
}
