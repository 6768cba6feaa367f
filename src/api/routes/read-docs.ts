import { fail } from '../../foundation/errors/app-error.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { docsAsset } from '../docs-asset.ts';

/** Everything from this host; inline styles only, because the reader sets some on its elements. */
const docsPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fashionistar auth API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="reader"></div>
<noscript>This page needs JavaScript. The document itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

/** GET /docs: a reader for openapi.json, served from here alone. */
export const readDocs = defineEndpoint({
  summary: 'Read the API documentation',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'HTML', contentType: 'text/html' } },
  handle: () => ({
    status: 200,
    body: page,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': docsPolicy, 'Cache-Control': 'public, max-age=300' },
  }),
});

/** GET /docs/{file}: the reader's own files, by a closed list of names. */
export const readDocsFile = defineEndpoint({
  summary: 'Files of the documentation reader',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'Script, style or icon', contentType: 'text/plain' } },
  async handle(call) {
    const acceptsGzip = call.req.acceptsEncodings('gzip') !== false;
    const asset = (await docsAsset(String(call.params.file), acceptsGzip)) ?? fail('not_found');
    const encoding: Record<string, string> = asset.isGzip ? { 'Content-Encoding': 'gzip' } : {};
    return {
      status: 200,
      body: asset.content,
      headers: {
        'Content-Type': asset.type,
        'Cache-Control': 'public, max-age=3600',
        Vary: 'Origin, Accept-Language, Accept-Encoding',
        ...encoding,
      },
    };
  },
});
