import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemCodes } from '../../client/index.ts';
import { clientTypes } from '../../scripts/client-types.ts';
import { projectRoot } from '../../scripts/run-program.ts';
import { typeText } from '../../scripts/schema-text.ts';
import { apiRoutes } from '../../src/api/routes/index.ts';
import { catalogue } from '../../src/foundation/errors/catalogue.ts';

const folder = join(projectRoot, 'client');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

describe('the types of the client', () => {
  it('are those of the routes and the catalogue as they are now (npm run client-types)', () => {
    expect(read('api-types.ts')).toBe(clientTypes());
    expect(problemCodes).toEqual(Object.keys(catalogue));
  });

  it('name every operation under /api/v1', () => {
    const text = read('api-types.ts');
    for (const { method, path } of apiRoutes.filter((route) => route.path.startsWith('/api/v1/') && !route.isDevelopmentOnly)) {
      expect(text).toContain(`  '${method} ${path.slice('/api/v1'.length)}': {`);
    }
  });

  it('come without the server: the folder imports nothing but itself', () => {
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.ts'))) {
      const targets = [...read(name).matchAll(/\bfrom '([^']+)'/g)].map(([, target = '']) => target);
      for (const target of targets) expect(target, name).toMatch(/^\.\/[a-z-]+\.ts$/);
      expect(read(name)).not.toMatch(/\brequire\(|\bimport\(|process\.env/);
    }
  });
});

describe('a schema as a type', () => {
  it.each([
    [{ $ref: '#/components/schemas/Account' }, 'Account'],
    [{ const: 'Bearer' }, "'Bearer'"],
    [{ enum: ['a', 1, null] }, "'a' | 1 | null"],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ type: 'integer' }, 'number'],
    [{ type: 'array', items: { type: 'string' } }, 'readonly (string)[]'],
    [{ type: 'array' }, 'readonly (unknown)[]'],
    [{ anyOf: [{ type: 'boolean' }, { type: 'boolean' }] }, 'boolean'],
    [{ allOf: [{ $ref: '#/components/schemas/A' }], properties: { b: { type: 'string' } }, required: ['b'] }, '(A) & ({ "b": string })'],
    [{ type: 'object', properties: { a: { type: 'string' } } }, '{ "a"?: string | undefined }'],
    [{ type: 'object', additionalProperties: { type: 'number' } }, 'Record<string, number>'],
    [{ type: 'object', additionalProperties: false }, 'Record<string, never>'],
    [{ type: 'object' }, 'Record<string, unknown>'],
    [{}, 'unknown'],
  ])('%j', (schema, expected) => {
    expect(typeText(schema)).toBe(expected);
  });

  it('is refused where there is none', () => {
    expect(() => typeText({ type: 'function' })).toThrow('No TypeScript type');
  });
});
