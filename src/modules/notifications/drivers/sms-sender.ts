import type { Config } from '../../../foundation/config/config.ts';
import { type MessageSender, type OutgoingMessage, SendError, type SendReceipt } from './message-sender.ts';

type Gateway = { provider: 'sms-http' | 'sms-fallback'; url: string; token: string };
type SmsConfig = Pick<Config, 'smsHttpUrl' | 'smsHttpToken' | 'smsFallbackHttpUrl' | 'smsFallbackHttpToken' | 'smsSender' | 'smsTimeoutMs'>;

/**
 * Sends SMS by HTTP POST `{to, from, text}` with a bearer token and the event id as Idempotency-Key. The second gateway, if
 * there is one, is asked when the first fails in a way that may pass.
 */
export function createSmsSender(config: SmsConfig): MessageSender {
  const gateways: Gateway[] = [{ provider: 'sms-http', url: config.smsHttpUrl, token: config.smsHttpToken }];
  if (config.smsFallbackHttpUrl) {
    gateways.push({ provider: 'sms-fallback', url: config.smsFallbackHttpUrl, token: config.smsFallbackHttpToken });
  }
  return {
    async send(message) {
      let last: SendError = new SendError('sms-http', 'sms_not_configured', true);
      for (const gateway of gateways) {
        try {
          return await post(gateway, config, message);
        } catch (error) {
          last = error instanceof SendError ? error : new SendError(gateway.provider, 'sms_failed', false);
          if (last.isPermanent) throw last;
        }
      }
      throw last;
    },
  };
}

async function post(gateway: Gateway, config: SmsConfig, message: OutgoingMessage): Promise<SendReceipt> {
  let response: Response;
  try {
    response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${gateway.token}`, 'idempotency-key': message.eventId },
      body: JSON.stringify({ to: message.to, from: config.smsSender, text: message.text }),
      signal: AbortSignal.timeout(config.smsTimeoutMs),
      redirect: 'error',
    });
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === 'TimeoutError';
    throw new SendError(gateway.provider, isTimeout ? 'sms_timeout' : 'sms_unreachable', false);
  }
  const body = await response.text().catch(() => '');
  if (!response.ok) throw new SendError(gateway.provider, `sms_http_${response.status}`, isAboutTheMessage(response.status));
  return { provider: gateway.provider, providerRef: referenceIn(body) };
}

/** These say that the gateway read the message and will not take it; a wrong token or a limit is our trouble and may pass. */
function isAboutTheMessage(status: number): boolean {
  return status === 400 || status === 413 || status === 422;
}

function referenceIn(body: string): string | null {
  try {
    const answer: unknown = JSON.parse(body);
    const id: unknown =
      typeof answer === 'object' && answer !== null ? (Reflect.get(answer, 'id') ?? Reflect.get(answer, 'messageId')) : null;
    return typeof id === 'string' ? id.slice(0, 200) : null;
  } catch {
    return null;
  }
}
