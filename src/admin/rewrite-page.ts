import type { Response } from 'express';
import { inLanguage } from '../foundation/i18n/screen-texts.ts';
import { escapeHtml } from '../foundation/runtime/escape-html.ts';
import { stateOf } from './state.ts';

const reduxMarker = 'window.REDUX_STATE = ';
const themeMarker = 'window.THEME = ';

export type AdminPage = { title: string; currentAdmin: object; fashionistar: object; theme: string; locale: string };

/**
 * Builds our page from AdminJS's: its two state blobs are taken over, cut down and escaped, everything else is written
 * here, so nothing of AdminJS's document (foreign font, unescaped state, inline scripts without a nonce) can get through.
 * Throws when the markers are gone, which tests/admin/hardening notices at an upgrade.
 */
export function rewritePage(res: Response, adminHtml: string, page: AdminPage): string {
  const { nonce, assets } = stateOf(res);
  const redux = blobAfter(adminHtml, reduxMarker);
  const theme = blobAfter(adminHtml, themeMarker);
  return `<!DOCTYPE html>
<html lang="en" data-theme="${escapeHtml(page.theme)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(page.title)} - Fashionistar</title>
<link rel="icon" type="image/svg+xml" href="${assets.url('mark.svg')}">
<link rel="preload" href="${assets.url('inter.woff2')}" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="${assets.url('app.css')}">
<script nonce="${nonce}">
window.__webpack_nonce__ = ${scriptJson(nonce)};
window.REDUX_STATE = ${scriptJson(leanState(redux, page.currentAdmin))};
window.THEME = ${scriptJson(theme)};
window.THEME_COMPONENTS = {};
window.AdminJS = { Components: {} };
window.FASHIONISTAR = ${scriptJson(inLanguage(page.fashionistar, page.locale))};
</script>
</head>
<body>
<noscript>The back office needs JavaScript. Signing in and your account page work without it.</noscript>
<div id="app"><div class="fs-boot" role="status">Loading</div></div>
${assets.manifest.scripts.map((name) => `<script nonce="${nonce}" src="${assets.url(name)}"></script>`).join('\n')}
<script nonce="${nonce}">createRoot(document.getElementById('app')).render(AdminJS.Application || React.createElement(AdminJS.UserComponents.Application));</script>
</body>
</html>`;
}

/** JSON that is safe inside a script element: no way to close it, no line terminator that old parsers trip over. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(/</g, String.raw`\u003c`)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`);
}

/** A blob is one line, since JSON has no raw line break; the marker's first place is AdminJS's own, before any data. */
function blobAfter(adminHtml: string, marker: string): unknown {
  const start = adminHtml.indexOf(marker);
  const end = adminHtml.indexOf(';\n', start);
  if (start === -1 || end === -1) throw new Error(`AdminJS's page has no ${marker.trim()}: its layout changed`);
  return JSON.parse(adminHtml.slice(start + marker.length, end));
}

type ReduxState = { paths?: unknown; branding?: unknown };

/** What AdminJS's store needs to start. Resources, actions and texts of its own stay on the server: our shell brings its own. */
function leanState(redux: unknown, currentAdmin: object): object {
  const { paths }: ReduxState = typeof redux === 'object' && redux !== null ? redux : {};
  return {
    paths,
    branding: { companyName: 'Fashionistar', withMadeWithLove: false },
    locale: { language: 'en', availableLanguages: ['en'], localeDetection: false, translations: { en: {} } },
    session: currentAdmin,
    resources: [],
    pages: [],
    dashboard: {},
    assets: {},
    versions: {},
    notices: [],
  };
}
