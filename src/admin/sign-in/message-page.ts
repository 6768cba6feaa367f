import type { Response } from 'express';
import { html } from './html.ts';
import { renderPage } from './page.ts';

const titles: Readonly<Record<number, string>> = {
  401: 'Please sign in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Not possible this way',
  409: 'Changed meanwhile',
  413: 'Too large',
  429: 'Please wait',
  500: 'Something failed',
  503: 'Not available right now',
};

/** A plain page for an error: what happened, what to do, the request id, and nothing from inside. */
export function messagePage(res: Response, message: { status: number; text: string; requestId: string }): string {
  const title = titles[message.status] ?? 'Not possible';
  return renderPage(res, {
    title,
    body: html`<h1>${title}</h1>
<p>${message.text}</p>
<p><a class="fs-button" href="/admin">Back to the start</a></p>
<p class="fs-muted fs-small">Request <code>${message.requestId}</code></p>`,
  });
}
