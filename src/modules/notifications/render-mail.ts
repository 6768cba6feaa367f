import { escapeHtml } from '../../foundation/runtime/escape-html.ts';
import type { MailBlock, MessageText } from './template.ts';

export type RenderedMail = { subject: string; text: string; html: string };

const footer = 'Fashionistar. We never ask for your password or a code.';

/** Lays out a message as plain text and as HTML without images, scripts or tracking; every word of it is escaped. */
export function renderMail(message: MessageText & { locale: string }): RenderedMail {
  const subject = oneLine(message.subject);
  return { subject, text: `${message.blocks.map(toText).join('\n\n')}\n\n-- \n${footer}\n`, html: toHtml(subject, message) };
}

/** A header must not carry a line break, whatever a variable held. */
function oneLine(words: string): string {
  return words.replace(/\s+/gu, ' ').trim();
}

function toText(block: MailBlock): string {
  switch (block.kind) {
    case 'text':
      return block.text;
    case 'code':
      return `    ${block.code}`;
    case 'link':
      return `${block.label}:\n${block.url}`;
    default:
      return block satisfies never;
  }
}

const paragraph = 'margin:0 0 16px;font:16px/1.5 Arial,Helvetica,sans-serif;color:#1f1a17';
const digits = 'margin:0 0 16px;font:700 28px/1.3 Consolas,Menlo,monospace;letter-spacing:6px;color:#1f1a17';
const button = 'display:inline-block;padding:12px 20px;border-radius:6px;background:#7a2e1d;color:#ffffff;text-decoration:none';

function blockToHtml(block: MailBlock): string {
  switch (block.kind) {
    case 'text':
      return `<p style="${paragraph}">${escapeHtml(block.text)}</p>`;
    case 'code':
      return `<p style="${digits}">${escapeHtml(block.code)}</p>`;
    case 'link':
      return `<p style="${paragraph}"><a style="${button}" href="${escapeHtml(block.url)}">${escapeHtml(block.label)}</a></p>`;
    default:
      return block satisfies never;
  }
}

function toHtml(subject: string, { blocks, locale }: MessageText & { locale: string }): string {
  return [
    '<!doctype html>',
    `<html lang="${escapeHtml(locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`,
    `<title>${escapeHtml(subject)}</title></head>`,
    '<body style="margin:0;padding:24px;background:#faf6f1"><div style="max-width:560px;margin:0 auto">',
    ...blocks.map(blockToHtml),
    `<p style="${paragraph};font-size:13px;color:#6b5f57">${escapeHtml(footer)}</p>`,
    '</div></body></html>',
    '',
  ].join('\n');
}
