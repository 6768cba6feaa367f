import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { errorsDocument } from '../../../scripts/print-errors.ts';
import { permissionsDocument } from '../../../scripts/print-permissions.ts';

const read = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');

it('docs/permissions.md is what `node scripts/print-permissions.ts` prints now', () => {
  expect(read('permissions.md')).toBe(permissionsDocument());
});

it('docs/errors.md is what `node scripts/print-errors.ts` prints now', () => {
  expect(read('errors.md')).toBe(errorsDocument());
});
