import { createHash } from 'node:crypto';
import { escapeHtml } from '../foundation/runtime/escape-html.ts';
import type { DevInboxItem } from '../modules/notifications/index.ts';

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
form { display: flex; gap: .5rem; margin: 1rem 0 2rem; }
input { flex: 1; padding: .5rem; font: inherit; }
button { padding: .5rem 1rem; font: inherit; }
article { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .5rem; padding: 1rem; margin: 1rem 0; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; opacity: .75; font-size: .85rem; }
h2 { font-size: 1.05rem; margin: .5rem 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font: inherit; }
.code { font: 600 1.4rem/1.6 ui-monospace, monospace; letter-spacing: .15em; }
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** No script at all, and only this page's own style. */
export const inboxPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** The dev inbox as a page. Message texts are shown as text, never as markup. */
export function inboxPage(items: readonly DevInboxItem[], to: string | null): string {
  const list = items.length > 0 ? items.map(article).join('\n') : '<p>No message yet. They appear within two seconds.</p>';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>Dev inbox</title>
<style>${style}</style>
</head>
<body>
<h1>Dev inbox</h1>
<p>Mail and SMS that this installation would have sent.</p>
<form method="get" action="/dev/inbox"><input name="to" value="${escapeHtml(to ?? '')}" placeholder="Email address or phone number" aria-label="Recipient"><button>Show</button></form>
${list}
</body>
</html>
`;
}

function article(item: DevInboxItem): string {
  const code = item.code === null ? '' : `<p class="code">${escapeHtml(item.code)}</p>`;
  const link = item.link === null ? '' : `<p><a href="${escapeHtml(item.link)}" rel="noreferrer">${escapeHtml(item.link)}</a></p>`;
  return `<article>
<header><span>${escapeHtml(item.channel)}</span><span>${escapeHtml(item.to)}</span><span>${escapeHtml(item.template)}</span><time>${escapeHtml(item.createdAt)}</time></header>
<h2>${escapeHtml(item.subject ?? 'SMS')}</h2>
${code}${link}<pre>${escapeHtml(item.text)}</pre>
</article>`;
}
