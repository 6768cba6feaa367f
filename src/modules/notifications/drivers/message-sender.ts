/** A message on its way to one person. */
export type OutgoingMessage = {
  /** Id of the event that caused it, or of the delivery where the event causes several: the idempotency key towards providers. */
  eventId: string;
  template: string;
  to: string;
  subject: string;
  text: string;
  /** Null for SMS. */
  html: string | null;
};

export type SendReceipt = { provider: string; providerRef: string | null };

export type MessageSender = {
  /** @throws SendError, and only that */
  send(message: OutgoingMessage): Promise<SendReceipt>;
};

/**
 * A provider did not take a message. Holds a code and never the provider's words: those like to quote the recipient.
 * `isPermanent` means that another attempt would get the same answer.
 */
export class SendError extends Error {
  readonly provider: string;
  readonly errorCode: string;
  readonly isPermanent: boolean;

  constructor(provider: string, errorCode: string, isPermanent: boolean) {
    super(`${provider}: ${errorCode}`);
    this.name = 'SendError';
    this.provider = provider;
    this.errorCode = errorCode;
    this.isPermanent = isPermanent;
  }
}
