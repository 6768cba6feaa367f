import type { Response } from 'express';
import { stateOf } from '../state.ts';
import { type Html, html } from './html.ts';

export type PlainPage = {
  title: string;
  body: Html;
  /** `card` for sign-in, `wide` for the account page. */
  width?: 'card' | 'wide';
  theme?: string;
  /** Loads the script that lets passkeys be used; everything else works without it. */
  usesPasskeys?: boolean;
};

/** A page of our own: one style sheet, and no script but the one for passkeys where they can be used. */
export function renderPage(res: Response, page: PlainPage): string {
  const { assets, mode, nonce } = stateOf(res);
  return html`<!DOCTYPE html>
<html lang="en" data-theme="${page.theme ?? 'system'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} - Fashionistar</title>
<link rel="icon" type="image/svg+xml" href="${assets.url('mark.svg')}">
<link rel="preload" href="${assets.url('inter.woff2')}" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="${assets.url('sign-in.css')}">
${page.usesPasskeys ? html`<script src="${assets.url('passkey.js')}" nonce="${nonce}" defer></script>` : null}
</head>
<body class="fs-plain fs-plain-${page.width ?? 'card'}">
${modeBanner(mode)}
<main class="fs-plain-main">
<div class="fs-plain-brand"><img src="${assets.url('mark.svg')}" alt="" width="28" height="28"><span>Fashionistar</span></div>
${page.body}
</main>
</body>
</html>`.markup;
}

function modeBanner(mode: string): Html | null {
  if (mode === 'lab')
    return html`<aside class="fs-banner fs-banner-warn" aria-label="This copy">Lab: production build with demo data, on this machine only.</aside>`;
  if (mode === 'demo')
    return html`<aside class="fs-banner fs-banner-info" aria-label="This copy">Demo: made-up people and a captured mailbox.</aside>`;
  return null;
}

/** One error above the fields, announced to screen readers and focused on load. */
export function errorSummary(text: string | null): Html | null {
  return text === null ? null : html`<p class="fs-form-error" role="alert" tabindex="-1" autofocus>${text}</p>`;
}
