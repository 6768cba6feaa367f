/** One part of a mail. All text in it is plain; the renderer escapes it for HTML. */
export type MailBlock =
  | { kind: 'text'; text: string }
  /** Shown large and spaced, alone on its line. */
  | { kind: 'code'; code: string }
  | { kind: 'link'; label: string; url: string };

/** A message before layout: what a mail says, and the one short text that says it by SMS. */
export type MessageText = {
  subject: string;
  blocks: readonly MailBlock[];
  sms: string;
};

/** Turns typed variables into words; pure, so that golden texts can hold it. */
export type Template<Variables> = (variables: Variables) => MessageText;

export const text = (words: string): MailBlock => ({ kind: 'text', text: words });
export const code = (digits: string): MailBlock => ({ kind: 'code', code: digits });
export const link = (label: string, url: string): MailBlock => ({ kind: 'link', label, url });
