import { existsSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDmmf } from '../../src/admin/index.ts';
import { projectModel } from '../../src/admin/project-model.ts';
import { isPermissionKey } from '../../src/foundation/access/matrix.ts';
import { navigationRows } from '../../src/foundation/access/navigation.ts';
import { dashboard, pages, resources } from '../../src/resources/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const dmmf = loadDmmf();
/** Served by migration index_names. */
const trigrams = ['Product.title', 'Ticket.title', 'User.displayName', 'Vendor.storeName'];
const secretName = /(?:Enc|Bidx|Hash)"|wrapped|secret|passwordHash|fingerprint/;

describe.each(resources.map((resource) => [resource.id, resource] as const))('resource %s', (_id, resource) => {
  it('names only fields that its model has, and no bytes among its columns', () => {
    expect(() => projectModel(resource, dmmf)).not.toThrow();
  });

  it('reads no stored secret, not even for titles, subjects or related rows', () => {
    const { select } = projectModel(resource, dmmf);
    expect(secretName.test(JSON.stringify(select))).toBe(false);
  });

  it('has a matrix entry behind every list, record, search and action', () => {
    const keys = [...Object.values(resource.permissions), ...resource.actions.map((action) => action.permission)];
    expect(keys.filter((key) => !isPermissionKey(key))).toEqual([]);
  });

  it('says in a sentence what each action does, without exclamation marks', () => {
    for (const action of resource.actions) {
      expect(action.label).toMatch(/^[A-Z][^!]*[^.!]$/);
      expect(action.effect).toMatch(/^[A-Z][^!]*[^.!]$/);
      expect(action.message({}, null)).toMatch(/^[^!]+\.$/);
    }
  });

  it('has components that exist', () => {
    for (const path of Object.values(resource.components)) expect(existsSync(path)).toBe(true);
  });

  it('offers no `contains` outside the fields with a trigram index', () => {
    const fields = Object.entries(resource.filters).filter(([, filter]) => filter.operators.includes('contains'));
    expect(fields.map(([field]) => `${resource.model}.${field}`).filter((field) => !trigrams.includes(field))).toEqual([]);
  });
});

describe('the database behind the lists', () => {
  let database: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.adminUrl });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('has every index that a sort is said to be served by, beginning with the sorted column', async () => {
    const { rows } = await client.query<{ indexname: string; indexdef: string }>(
      `SELECT indexname, indexdef FROM pg_indexes WHERE schemaname NOT IN ('pg_catalog', 'pgboss')`,
    );
    const definitions = new Map(rows.map((row) => [row.indexname, row.indexdef]));
    const missing = resources.flatMap((resource) =>
      Object.entries(resource.sorts)
        .filter(
          ([field, sort]) =>
            !definitions.get(sort.index)?.includes(`(${field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`),
        )
        .map(([field, sort]) => `${resource.id}.${field}: ${sort.index}`),
    );
    expect(missing).toEqual([]);
  });

  it('has the trigram index behind the search for names', async () => {
    const { rows } = await client.query(
      `SELECT 1 FROM pg_indexes WHERE schemaname IN ('catalog', 'identity', 'support') AND indexdef ~ 'USING gin \\((display_name|store_name|title) '`,
    );
    expect(rows).toHaveLength(trigrams.length);
  });
});

describe('pages and navigation', () => {
  it('each page has its component and, where it shows people, records what was read', () => {
    for (const page of [dashboard, ...pages]) expect(existsSync(page.component)).toBe(true);
    expect(pages.every((page) => page.noun !== 'audit' || page.recordsRead !== null)).toBe(true);
  });

  it('every entry of the side bar has the group of the navigation table', () => {
    const groups = {
      User: 'users',
      Client: 'clients',
      Staff: 'staff',
      Vendor: 'vendors',
      LoginEvent: 'login_events',
      Session: 'sessions',
      Country: 'countries',
      ApprovalRequest: 'approvals',
      PrivacyRequest: 'privacy_requests',
    } as const;
    for (const [id, section] of Object.entries(groups)) {
      expect(resources.find((resource) => resource.id === id)?.navigationGroup).toBe(navigationRows[section].group);
    }
  });
});
