import nodemailer from 'nodemailer';
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

/** Only an answer to RCPT or to the message itself is about this message; all else may pass. */
function toSendError(error: unknown): SendError {
  const code = readText(error, 'code') ?? 'smtp_failed';
  const responseCode = readNumber(error, 'responseCode');
  const isPermanent = (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== null && responseCode >= 500;
  return new SendError('smtp', responseCode === null ? code.toLowerCase().slice(0, 40) : `smtp_${responseCode}`, isPermanent);
}

function readText(error: unknown, key: string): string | null {
  const value: unknown = error instanceof Error ? Reflect.get(error, key) : null;
  return typeof value === 'string' ? value : null;
}

function readNumber(error: unknown, key: string): number | null {
  const value: unknown = error instanceof Error ? Reflect.get(error, key) : null;
  return typeof value === 'number' ? value : null;
}
