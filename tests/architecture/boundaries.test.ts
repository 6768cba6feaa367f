import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkSources, type Violation } from '../../scripts/boundaries/check-sources.ts';
import { readSources } from '../../scripts/boundaries/read-source.ts';
import { projectRoot } from '../../scripts/run-program.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Writes the files into an empty tree and checks it. */
function check(files: Record<string, string>): Violation[] {
  const root = mkdtempSync(join(tmpdir(), 'boundaries-'));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return checkSources(readSources(root));
}

const messages = (files: Record<string, string>) => check(files).map((violation) => violation.message);

describe('the architecture check', () => {
  it('finds nothing wrong in this project, and has read it', () => {
    const files = readSources(projectRoot);
    expect(files.length).toBeGreaterThan(100);
    expect(checkSources(files)).toEqual([]);
  });

  it('refuses to pass when it has read no module', () => {
    expect(() => check({})).toThrow('read 0 modules');
  });

  it('refuses a file that does not parse', () => {
    expect(() => check({ 'src/app.ts': 'const = ;' })).toThrow('does not parse');
  });

  const planted: [rule: string, path: string, code: string, message: RegExp][] = [
    ['admin imports api', 'src/admin/a.ts', "import { x } from '../api/b.ts';", /admin may not import api/],
    ['admin imports a resource', 'src/admin/a.ts', "import { x } from '../resources/index.ts';", /admin may not import resources/],
    ['admin imports the Prisma client', 'src/admin/a.ts', "import { PrismaClient } from '@prisma/client';", /Prisma client is for/],
    ['api imports admin', 'src/api/a.ts', "import { x } from '../admin/index.ts';", /api may not import admin/],
    ['api passes by the front door of a module', 'src/api/a.ts', "import { x } from '../modules/identity/log-in.ts';", /by its index\.ts/],
    ['api passes by the front door of audit', 'src/api/a.ts', "import { x } from '../audit/sealer.ts';", /by its index\.ts/],
    ['one resource imports another', 'src/resources/users/a.ts', "import { x } from '../vendors/b.ts';", /strangers/],
    ['a resource imports api', 'src/resources/users/a.ts', "import { x } from '../../api/b.ts';", /may not import api/],
    ['audit imports a module', 'src/audit/a.ts', "import { x } from '../modules/identity/index.ts';", /audit may not import modules/],
    ['a module imports admin', 'src/modules/identity/a.ts', "import { x } from '../../admin/index.ts';", /module may not import admin/],
    ['a lower module imports a higher one', 'src/modules/identity/a.ts', "import { x } from '../support/index.ts';", /emit an event/],
    ['a module passes by a front door', 'src/modules/support/a.ts', "import { x } from '../identity/user.ts';", /by its index\.ts/],
    ['an unknown module', 'src/modules/support/a.ts', "import { x } from '../payments/index.ts';", /order of modules/],
    [
      'foundation imports a module',
      'src/foundation/access/a.ts',
      "import { x } from '../../modules/identity/index.ts';",
      /foundation may not import/,
    ],
    ['pg-boss outside jobs', 'src/modules/identity/a.ts', "import { PgBoss } from 'pg-boss';", /only foundation\/jobs/],
    [
      'the Prisma client in foundation/access',
      'src/foundation/access/a.ts',
      "import type { User } from '@prisma/client';",
      /Prisma client is for/,
    ],
    [
      'the driver adapter outside runtime',
      'src/modules/identity/a.ts',
      "import { PrismaPg } from '@prisma/adapter-pg';",
      /opens database connections/,
    ],
    ['app passes by a front door', 'src/app.ts', "import { x } from './modules/identity/user.ts';", /by its index\.ts/],
    ['a room imports app.ts', 'src/api/a.ts', "import { x } from '../app.ts';", /nothing imports app/],
    ['src imports tests', 'src/api/a.ts', "import { x } from '../../tests/support/b.ts';", /may not import tests/],
    ['a re-export counts', 'src/admin/a.ts', "export { x } from '../api/b.ts';", /admin may not import api/],
    ['export * counts', 'src/admin/a.ts', "export * from '../api/b.ts';", /admin may not import api/],
    ['import() counts', 'src/admin/a.ts', "const x = await import('../api/b.ts');", /admin may not import api/],
    ['require counts', 'src/admin/a.ts', "const x = require('../api/b.ts');", /admin may not import api/],
    ['a type import counts', 'src/admin/a.ts', "import type { X } from '../api/b.ts';", /admin may not import api/],
    ['import() of a variable', 'src/admin/a.ts', 'const name = "x"; await import(name);', /cannot be checked/],
    ['a component with a server module', 'src/admin/x.component.tsx', "import { x } from './state.ts';", /from components only/],
    [
      'a component with a value of a server file, beside a type of it',
      'src/admin/x.component.tsx',
      "import { type A, b } from './history/a.ts';",
      /from components only/,
    ],
    [
      'a component with a type of another room',
      'src/resources/users/x.component.tsx',
      "import type { A } from '../../audit/index.ts';",
      /own folder or of admin/,
    ],
    [
      'a component with a type of another resource',
      'src/resources/users/x.component.tsx',
      "import type { A } from '../audit/a.ts';",
      /own folder or of admin/,
    ],
    [
      'a module passes by the front door of audit',
      'src/modules/identity/a.ts',
      "import { x } from '../../audit/history/b.ts';",
      /by its index\.ts/,
    ],
    ['a component with a server package', 'src/admin/x.component.tsx', "import pg from 'pg';", /not a browser package/],
    ['the server runs a component', 'src/admin/a.ts', "import { x } from './x.component.tsx';", /registered by path/],
    ['the environment is read elsewhere', 'src/api/a.ts', 'export const x = process.env.PORT;', /reads the environment/],
    ['the environment by another spelling', 'src/api/a.ts', "export const x = process['env'].PORT;", /reads the environment/],
    ['new Date()', 'src/api/a.ts', 'export const x = new Date();', /clock that is handed in/],
    ['Date.now()', 'src/modules/identity/a.ts', 'export const x = Date.now();', /clock that is handed in/],
    ["AdminJS's own router", 'src/admin/a.ts', 'AdminJSExpress.buildAuthenticatedRouter(admin);', /own sign-in/],
    ['a folder named utils', 'src/admin/utils/a.ts', 'export {};', /says nothing/],
    ['a file named helper', 'src/admin/date-helper.ts', 'export {};', /says nothing/],
    ['a new folder in foundation', 'src/foundation/payments/a.ts', 'export {};', /closed list/],
    ['a loose file in foundation', 'src/foundation/a.ts', 'export {};', /no place/],
    ['a room that nobody planned', 'src/payments/a.ts', 'export {};', /no place/],
  ];

  it.each(planted)('refuses: %s', (_rule, path, code, message) => {
    expect(messages({ [path]: code })).toContainEqual(expect.stringMatching(message));
  });

  it('finds an import cycle in foundation', () => {
    const found = messages({
      'src/foundation/access/a.ts': "import { b } from '../crypto/b.ts';",
      'src/foundation/crypto/b.ts': "import { c } from './c.ts';",
      'src/foundation/crypto/c.ts': "import { a } from '../access/a.ts';",
    });
    expect(found).toEqual([
      'import cycle src/foundation/access/a.ts -> src/foundation/crypto/b.ts -> src/foundation/crypto/c.ts -> src/foundation/access/a.ts',
    ]);
  });

  it('counts import() as part of a cycle in foundation, and elsewhere as the way out of one', () => {
    const lazily = (room: string) => ({
      [`src/${room}/a.ts`]: "import { b } from './b.ts';",
      [`src/${room}/b.ts`]: "export const later = () => import('./a.ts');",
    });
    expect(messages(lazily('foundation/jobs'))).toHaveLength(1);
    expect(messages(lazily('api/routes'))).toEqual([]);
  });

  it('lets pass what the table allows', () => {
    const found = messages({
      'src/app.ts':
        "import { m } from './modules/identity/index.ts'; import { s } from './api/server.ts'; import { r } from '../prisma/runner/roles.ts';",
      'src/resources/users/a.ts': "import { x } from '../../admin/b.ts'; import { y } from '../../modules/identity/index.ts';",
      'src/resources/index.ts': "import { x } from './users/a.ts';",
      'src/modules/support/a.ts':
        "import { x } from '../identity/index.ts'; import { y } from '../../audit/index.ts'; import type { User } from '@prisma/client';",
      'src/resources/users/x.component.tsx': "import type { A } from './a.ts'; import type { B } from '../../admin/history/b.ts';",
      'src/foundation/runtime/clock.ts': 'export const now = () => new Date();',
      'src/foundation/config/environment.ts': 'export const env = process.env;',
      'src/api/a.ts': "import { x } from '../foundation/errors/b.ts'; export const at = new Date(0);",
      'src/admin/x.component.tsx':
        "import React from 'react'; import { y } from './y.component.tsx'; import type { State } from './state.ts';",
    });
    expect(found).toEqual([]);
  });
});
