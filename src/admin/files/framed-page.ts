import { html, trustedMarkup } from '../sign-in/html.ts';
import type { ShownFile } from './define-file-link.ts';

/** Enough to cover a large screen. */
const repeats = 60;

const style = `
html, body { margin: 0; height: 100%; background: #3a3a3a; overflow: hidden; }
iframe { border: 0; width: 100%; height: 100%; display: block; }
.marks { position: fixed; inset: -50%; display: grid; grid-template-columns: repeat(auto-fill, minmax(22rem, 1fr)); gap: 6rem 4rem;
  align-content: start; transform: rotate(-24deg); pointer-events: none; opacity: 0.28; }
.marks p { margin: 0; font: 600 1.1rem/1.4 system-ui, sans-serif; color: #fff; text-shadow: 0 0 2px #000, 0 0 3px #000; white-space: pre; }`;

/** The page around the pages of a PDF, with the viewer's name across them. Needs no script. */
export function framedPage({ title, src, marks }: Extract<ShownFile, { kind: 'framed' }>, nonce: string): string {
  const mark = html`<p>${marks.join('\n')}</p>`;
  const { markup } = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style nonce="${nonce}">${trustedMarkup(style)}</style></head>
<body><iframe src="${src}" title="${title}"></iframe>
<div class="marks" aria-hidden="true">${Array.from({ length: repeats }, () => mark)}</div></body>
</html>`;
  return markup;
}
