import type { Config } from '../../../foundation/config/config.ts';
import type { MessageSender } from './message-sender.ts';
import { createSmsSender } from './sms-sender.ts';
import { createSmtpSender } from './smtp-sender.ts';

/** `capture` keeps the message in the dev inbox; `refuse` sends nothing at all. */
export type Driver = { kind: 'capture' } | { kind: 'refuse' } | { kind: 'send'; sender: MessageSender };

const senders = new WeakMap<Config, { mail: MessageSender; sms: MessageSender }>();

/** Which way a message goes. Demo numbers and reserved mail domains never leave the house, whatever is configured. */
export function chooseDriver(config: Config, channel: 'email' | 'sms', address: string): Driver {
  const isCaptured = (channel === 'email' ? config.mailDriver : config.smsDriver) === 'capture';
  if (isCaptured || isReserved(channel, address)) return { kind: config.mode === 'production' ? 'refuse' : 'capture' };
  const made = senders.get(config) ?? { mail: createSmtpSender(config), sms: createSmsSender(config) };
  senders.set(config, made);
  return { kind: 'send', sender: channel === 'email' ? made.mail : made.sms };
}

const demoNumber = /^\+234700000\d{4}$/;
/** RFC 2606 and RFC 6761: nobody owns these. */
const reservedDomain = /(?:@|\.)(?:example\.(?:com|net|org)|example|test|invalid|localhost)$/i;

function isReserved(channel: 'email' | 'sms', address: string): boolean {
  return channel === 'sms' ? demoNumber.test(address) : reservedDomain.test(address);
}
