import nodemailer from 'nodemailer';
import { z } from 'zod';
import type { Config } from '../../../foundation/config/config.ts';
import { type MessageSender, SendError } from './message-sender.ts';

const timeoutMs = 10_000;

/**
 * Sends mail over SMTP. The Message-ID is made of the event id and the template, so that a repeated sending is recognised as
 * the same message by mail servers and clients. A connection per mail: nothing stays open when the worker stops.
 */
export function createSmtpSender(config: Pick<Config, 'smtpUrl' | 'mailFrom'>): MessageSender {
  const transport = nodemailer.createTransport({
    url: config.smtpUrl,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const host = /@([^>\s]+)/.exec(config.mailFrom)?.[1] ?? 'localhost';
  return {
    async send(message) {
      try {
        const sent = await transport.sendMail({
          from: config.mailFrom,
          // As an object: one recipient, whatever characters the address holds.
          to: { name: '', address: message.to },
          subject: message.subject,
          text: message.text,
          ...(message.html ? { html: message.html } : {}),
          messageId: `<${message.eventId}.${message.template}@${host}>`,
          headers: { 'X-Idempotency-Key': message.eventId, 'Auto-Submitted': 'auto-generated' },
        });
        return { provider: 'smtp', providerRef: sent.messageId.slice(0, 200) };
      } catch (error) {
        throw toSendError(error);
      }
    },
  };
}

/** What may be kept of an error: never its words, which quote addresses. */
const smtpError = z
  .object({ code: z.string().catch('smtp_failed'), responseCode: z.number().nullable().catch(null) })
  .catch({ code: 'smtp_failed', responseCode: null });

/** Only an answer to RCPT or to the message itself is about this message; all else may pass. */
function toSendError(error: unknown): SendError {
  const { code, responseCode } = smtpError.parse(error);
  const isPermanent = (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== null && responseCode >= 500;
  return new SendError('smtp', responseCode === null ? code.toLowerCase().slice(0, 40) : `smtp_${responseCode}`, isPermanent);
}
