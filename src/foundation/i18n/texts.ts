import type { AccessSentence } from '../access/decide.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import type { ApiMessage } from './locales/en-messages.ts';

/** `title` is the short form, `detail` says what happened and what to do; both are for people. */
export type ErrorText = { title: string; detail: string };

/**
 * Texts of one language. `{name}` is replaced by a parameter; a part in square brackets is left out when one of its
 * parameters is not known.
 */
export type Texts = {
  errors: Readonly<Record<ErrorCode, ErrorText>>;
  access: Readonly<Record<AccessSentence, string>>;
  messages: Readonly<Record<ApiMessage, string>>;
};

/** What the other languages have so far. */
export type PartialTexts = { [Part in keyof Texts]?: Partial<Texts[Part]> };
