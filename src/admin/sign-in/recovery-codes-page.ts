import type { Response } from 'express';
import { html } from './html.ts';
import { renderPage } from './page.ts';

/** Ten codes, shown only now. */
export function recoveryCodesPage(res: Response, codes: readonly string[], next: string): string {
  return renderPage(res, {
    title: 'Recovery codes',
    body: html`<h1>Keep these recovery codes</h1>
<p>Each works once when your other factors are out of reach. They are shown only now.</p>
<ul class="fs-codes">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ul>
<p><a class="fs-button fs-button-primary" href="${next}">I have kept them</a></p>`,
  });
}
