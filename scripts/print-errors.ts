import { writeFileSync } from 'node:fs';
import { catalogue, catalogueEntry, isErrorCode } from '../src/foundation/errors/catalogue.ts';
import { en } from '../src/foundation/i18n/locales/en.ts';

const target = new URL('../docs/errors.md', import.meta.url);

/** docs/errors.md, made from the catalogue and the English texts; the same code always gives the same text. */
export function errorsDocument(): string {
  const codes = Object.keys(catalogue).filter(isErrorCode).sort();
  const rows = codes.map((code) => {
    const { status, doorStatus, alternativeStatus, title } = catalogueEntry(code);
    const also = [doorStatus && `${doorStatus.api} in the API`, alternativeStatus && `${alternativeStatus} for a link or reset`].filter(
      Boolean,
    );
    const shownStatus = also.length > 0 ? `${status} (${also.join(', ')})` : String(status);
    return `| \`${code}\` | ${shownStatus} | ${title} | ${en.errors[code].title} | ${en.errors[code].detail} |`;
  });
  return [
    '# Error codes',
    '',
    'Printed from src/foundation/errors and src/foundation/i18n by `node scripts/print-errors.ts`; do not edit. A test fails when it is stale.',
    'Every problem document is `application/problem+json` (RFC 9457) with `type` = `urn:fashionistar:problem:<code>`. Codes are permanent.',
    'Parts of a text in square brackets are shown when their value is known.',
    '',
    '| Code | Status | For developers | Title | Detail |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

if (import.meta.main) writeFileSync(target, errorsDocument());
