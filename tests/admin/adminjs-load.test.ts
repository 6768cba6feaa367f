import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const program = `
  import { registerHooks } from 'node:module';
  const packages = new Set();
  registerHooks({
    load(url, context, next) {
      packages.add(/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1]);
      return next(url, context);
    },
  });
  const { AdminJS, BaseRecord, ComponentLoader, PrismaResource, buildRouter } = await import('./src/admin/adminjs.ts');
  const parts = [AdminJS, BaseRecord, ComponentLoader, PrismaResource, buildRouter].map((part) => typeof part);
  console.log(JSON.stringify({ parts, packages: [...packages] }));
  process.exit();
`;

test('the server gets AdminJS whole, without its bundler and its browser side', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: new URL('../..', import.meta.url),
  });
  const { parts, packages }: { parts: string[]; packages: string[] } = JSON.parse(stdout);
  expect(parts).toEqual(Array(5).fill('function'));
  expect(packages).toEqual(expect.arrayContaining(['adminjs', '@adminjs/express', '@adminjs/prisma', '@adminjs/design-system']));
  for (const unwanted of ['rollup', '@babel/core', 'react', 'react-dom', 'styled-components', '@tiptap/core', 'date-fns', 'axios'])
    expect(packages, unwanted).not.toContain(unwanted);
});
