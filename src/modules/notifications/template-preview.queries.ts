import { type Locale, locales } from '../../foundation/i18n/locale.ts';
import { renderMail } from './render-mail.ts';
import { isTemplateId, writeMessage } from './templates/catalogue.ts';
import { samples } from './templates/samples.ts';
import type { TemplateId } from './templates/variables.ts';

/** A message as it would be sent, with made-up values. */
export type TemplatePreview = {
  id: string;
  /** The language asked for, and the one it is written in: English where there is no translation yet. */
  locale: Locale;
  writtenIn: string;
  subject: string;
  text: string;
  sms: string;
};

/** The names of all templates, in the order of the alphabet, and the languages. */
export function templateChoices(): { ids: readonly string[]; locales: readonly Locale[] } {
  return { ids: Object.keys(samples).sort(), locales };
}

/** How a message reads in a language; null for a template that does not exist. Nothing is sent. */
export function previewTemplate(id: string, locale: Locale): TemplatePreview | null {
  return isTemplateId(id) ? preview(id, locale) : null;
}

function preview<Id extends TemplateId>(id: Id, locale: Locale): TemplatePreview {
  const message = writeMessage(locale, id, samples[id]);
  const { subject, text } = renderMail(message);
  return { id, locale, writtenIn: message.locale, subject, text, sms: message.sms };
}
