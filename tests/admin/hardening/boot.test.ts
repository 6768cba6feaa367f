import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadAssets } from '../../../src/admin/assets/manifest.ts';
import { checkGuards, checkRegistry } from '../../../src/admin/boot-checks.ts';
import { commandAction, defineResource, loadDmmf, type ResourceDefinition } from '../../../src/admin/index.ts';
import { buildRegistry, type Registry } from '../../../src/admin/registry.ts';
import { setCountryActive } from '../../../src/modules/reference/index.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { country, dashboard, user } from '../support/composition.ts';

const dmmf = loadDmmf();

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app?.stop());

async function registryOf(...resources: ResourceDefinition[]): Promise<Registry> {
  return buildRegistry({ resources, pages: [], dashboard }, dmmf, app.deps);
}

const action = (isVisible: (row: object) => boolean) =>
  commandAction(setCountryActive, {
    name: 'odd',
    label: 'Odd',
    effect: 'Odd',
    placement: ['record'],
    group: 'careful',
    isVisible,
    message: () => '',
  });

describe('the back office refuses to start', () => {
  test('H9 with an asynchronous guard, which AdminJS would take for a yes', async () => {
    const asyncGuard = async () => true;
    const odd = { ...country, actions: [action(asyncGuard as unknown as () => boolean)] };
    const registry = await registryOf(odd);
    expect(() => checkRegistry(registry)).toThrow('Action Country.odd: isVisible is asynchronous');
  });

  test('H9 with a guard that answers with something like true', async () => {
    const registry = await registryOf({ ...country, actions: [action(() => 1 as unknown as boolean)] });
    expect(() => checkRegistry(registry)).toThrow('Country.odd: isVisible must return true or false');
    const open = { actionType: 'record', isAccessible: () => true, isVisible: () => false };
    expect(() => checkGuards('Country', { odd: open })).toThrow('Country.odd: isAccessible must deny an unknown person');
  });

  test('without a matrix entry, or with personal data that nobody records', async () => {
    const unknown = { ...country, permissions: { ...country.permissions, list: 'country.fly' as 'country.list' } };
    const registry = await registryOf(unknown);
    expect(() => checkRegistry(registry)).toThrow('the permission matrix has no entry country.fly');
    const silent = await registryOf({ ...user, isPersonalData: false });
    expect(() => checkRegistry(silent)).toThrow('Resource User shows personal data without recording reads');
  });

  test('with a column, filter or sort that the model does not have, or a stored secret as a column', async () => {
    const columns = { ...user.columns, emailEnc: { type: 'text', label: 'Email' } } as const;
    await expect(registryOf({ ...user, columns })).rejects.toThrow('emailEnc is an encrypted or hashed field and cannot be a column');
    await expect(registryOf({ ...user, columns: { ...user.columns, nope: { type: 'text', label: 'Nope' } } })).rejects.toThrow(
      'nope is not a stored field of User',
    );
    await expect(registryOf({ ...user, filters: { nope: { type: 'text', label: 'x', operators: ['equals'] } } })).rejects.toThrow(
      'filter nope has no stored field',
    );
    await expect(registryOf({ ...user, sorts: { ...user.sorts, lastLoginAt: { index: 'x' } } })).rejects.toThrow(
      'sort lastLoginAt may be null',
    );
    await expect(registryOf({ ...user, model: 'Nope' })).rejects.toThrow('no model Nope');
    await expect(registryOf(country, country)).rejects.toThrow('Two resources are named Country');
    await expect(
      registryOf({ ...country, columns: { ...country.columns, id: { type: 'reference', reference: 'Nope', label: 'x' } } }),
    ).rejects.toThrow('refers to Nope');
    await expect(
      registryOf({
        ...country,
        actions: [
          commandAction(setCountryActive, {
            name: 'edit',
            label: 'x',
            effect: 'x',
            placement: ['record'],
            group: 'careful',
            message: () => '',
          }),
        ],
      }),
    ).rejects.toThrow('action name edit is taken');
  });

  test('without its built files, naming the command that makes them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fashionistar-boot-'));
    try {
      expect(() => loadAssets(folder, [])).toThrow('run "npm run build"');
      writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ files: {}, components: [] }));
      expect(() => loadAssets(folder, [])).toThrow(/lacks global\.bundle\.js: run "npm run build"/);
      expect(() => loadDmmf(join(folder, 'dmmf.json'))).toThrow('run "npm run generate"');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('definitions are checked where they are written', () => {
  test('ids, the id column, the default sort and the number of key columns', () => {
    expect(() => defineResource({ ...country, id: 'country' })).toThrow('must be PascalCase');
    const { id: _id, ...columns } = country.columns;
    expect(() => defineResource({ ...country, columns })).toThrow('has no column "id"');
    expect(() => defineResource({ ...country, defaultSort: { field: 'capital', direction: 'asc' } })).toThrow('sorts by capital');
    const keys = Object.fromEntries(
      ['id', 'name', 'iso2', 'region'].map((name) => [name, { type: 'text', label: name, isKey: true }] as const),
    );
    expect(() => defineResource({ ...country, columns: keys })).toThrow('more than three key columns');
  });
});
