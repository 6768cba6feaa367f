import { escapeHtml } from '../../foundation/runtime/escape-html.ts';

/** Markup that is safe to send; made only by the `html` tag. */
export type Html = { readonly markup: string };

type Part = string | number | Html | null | false | readonly Html[];

/** Template tag that escapes every value which is not markup itself. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  const parts = strings.map((text, index) => text + (index < values.length ? markupOf(values[index] ?? null) : ''));
  return { markup: parts.join('') };
}

/** For markup that a library made, such as the QR code. */
export function trustedMarkup(markup: string): Html {
  return { markup };
}

function markupOf(value: Part): string {
  if (value === null || value === false) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  if (isList(value)) return value.map((item) => item.markup).join('');
  return value.markup;
}

function isList(value: Html | readonly Html[]): value is readonly Html[] {
  return Array.isArray(value);
}
