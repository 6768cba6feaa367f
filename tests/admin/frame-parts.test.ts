import { globSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import express, { type RequestHandler } from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionWords } from '../../src/admin/action-words.ts';
import { loadAssets } from '../../src/admin/assets/manifest.ts';
import { checkRegistry } from '../../src/admin/boot-checks.ts';
import { componentEntries } from '../../src/admin/component-names.ts';
import { staffBehind } from '../../src/admin/current-admin.ts';
import { commandAction, defineDashboard, definePage, loadDmmf, type ResourceDefinition } from '../../src/admin/index.ts';
import { whereOf } from '../../src/admin/query/filter-where.ts';
import { afterWhere } from '../../src/admin/query/keyset.ts';
import { isPossibleId } from '../../src/admin/query/possible-id.ts';
import { listRecords } from '../../src/admin/read-handlers.ts';
import { delegateOf } from '../../src/admin/read-within.ts';
import { buildRegistry, type Registry } from '../../src/admin/registry.ts';
import { rewritePage } from '../../src/admin/rewrite-page.ts';
import { html } from '../../src/admin/sign-in/html.ts';
import { renderPage } from '../../src/admin/sign-in/page.ts';
import { floodLimit } from '../../src/admin/stages/flood-limit.ts';
import { handleErrors } from '../../src/admin/stages/handle-errors.ts';
import { checkOrigin } from '../../src/admin/stages/origin-check.ts';
import { rewriteAnswers } from '../../src/admin/stages/rewrite-answer.ts';
import { requireRoute } from '../../src/admin/stages/route-gate.ts';
import { openRequest } from '../../src/admin/stages/security-headers.ts';
import { requireSignedIn, stateOf } from '../../src/admin/state.ts';
import { commands } from '../../src/modules/identity/index.ts';
import { staffActor, startTestApp, type TestApp } from '../support/app.ts';
import { country, dashboard, failing, user } from './support/composition.ts';
import { assetsWith } from './support/test-assets.ts';

const dmmf = loadDmmf();
let app: TestApp;
let directory: string;
beforeAll(async () => {
  directory = assetsWith([]);
  app = await startTestApp();
});
afterAll(async () => {
  await app?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const staff = () => staffActor({ role: 'admin', isLead: false }, app.clock.now());
const registryOf = (resources: ResourceDefinition[], pages = [failing]): Registry =>
  buildRegistry({ resources, pages, dashboard }, dmmf, app.deps);
const assets = () => loadAssets(directory, []);

/** Some stages between the first and the last one, on a port of their own; gives the answer to one request. */
async function through(stages: RequestHandler[], ask: (origin: string) => Promise<Response>, config = app.deps.config): Promise<Response> {
  const web = express();
  web.use(openRequest(config, assets()), ...stages, handleErrors(app.deps));
  const server: Server = createServer(web);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    return await ask(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('a stage in the wrong place', () => {
  test('stops the request instead of going on without what it needs', async () => {
    const bare = Object.create(null);
    expect(() => stateOf(bare)).toThrow('first stage');
    const failures: string[] = [];
    const note: RequestHandler = async (_req, res) => {
      const parts = { registry: registryOf([country]), deps: app.deps };
      const [first] = parts.registry.resources.values();
      for (const work of [() => requireSignedIn(res), () => requireRoute(res)]) {
        try {
          work();
        } catch (error) {
          failures.push(String(error));
        }
      }
      stateOf(res).signedIn = { staff: staff() } as never;
      if (first) await listRecords(parts, first, res).catch((error: unknown) => failures.push(String(error)));
      res.end();
    };
    await through([note], (origin) => fetch(`${origin}/api/x`));
    expect(failures).toEqual([
      expect.stringContaining('behind the sign-in stage'),
      expect.stringContaining('behind the route gate'),
      expect.stringContaining('behind the query stage'),
    ]);
  });
});

describe('what AdminJS answers', () => {
  const rewriting = (answer: RequestHandler): RequestHandler[] => [
    (_req, res, next) => {
      stateOf(res).route = { kind: 'me' };
      next();
    },
    rewriteAnswers({ registry: registryOf([country]), deps: app.deps, recordRead: async () => undefined }),
    answer,
  ];

  test('H26 with a hidden error becomes 403, with another notice or none it passes', async () => {
    const status = async (body: unknown) =>
      (
        await through(
          rewriting((_req, res) => void res.json(body)),
          (origin) => fetch(`${origin}/api/x`),
        )
      ).status;
    expect(await status({ notice: { type: 'error', message: 'You cannot' } })).toBe(403);
    for (const body of [{ notice: { type: 'success' } }, { notice: 'x' }, { notice: null }, null, 5, { records: [] }])
      expect(await status(body), JSON.stringify(body)).toBe(200);
  });

  test('as a page without its two states is refused, so that an upgrade cannot pass unseen', async () => {
    const page = { title: 'T', currentAdmin: {}, fashionistar: {}, theme: 'light', locale: 'en' };
    const made: string[] = [];
    const rewrite =
      (adminHtml: string): RequestHandler =>
      (_req, res) => {
        try {
          made.push(rewritePage(res, adminHtml, page));
        } catch (error) {
          made.push(String(error));
        }
        res.end();
      };
    for (const adminHtml of ['', 'window.REDUX_STATE = {"paths":1};\n', 'window.REDUX_STATE = null;\nwindow.THEME = {};\n'])
      await through([rewrite(adminHtml)], (origin) => fetch(origin));
    expect(made).toEqual([
      expect.stringContaining('no window.REDUX_STATE ='),
      expect.stringContaining('no window.THEME ='),
      expect.stringContaining('"resources":[]'),
    ]);
  });
});

describe('an answer that fails half way', () => {
  test('is cut off: nobody takes a part for the whole', async () => {
    const half: RequestHandler = (_req, res, next) => {
      res.write('first half');
      next(new Error('planted failure'));
    };
    await expect(through([half], async (origin) => new Response(await (await fetch(origin)).text()))).rejects.toThrow();
  });
});

describe('production', () => {
  const production = () => ({
    ...app.deps.config,
    mode: 'production' as const,
    isProductionBuild: true,
    publicUrl: 'https://admin.example.com',
  });

  test('takes posts from its public address only, not from this machine', async () => {
    const ok: RequestHandler = (_req, res) => void res.end('ok');
    const status = (config: typeof app.deps.config, from: (origin: string) => string) =>
      through([checkOrigin(config), ok], (origin) => fetch(origin, { method: 'POST', headers: { origin: from(origin) } }), config).then(
        (answer) => answer.status,
      );
    expect(await status(production(), () => 'https://admin.example.com')).toBe(200);
    expect(await status(production(), (origin) => origin)).toBe(403);
    expect(await status(app.deps.config, (origin) => origin)).toBe(200);
  });

  test('has no banner, the other modes have', async () => {
    const page: RequestHandler = (_req, res) => void res.end(renderPage(res, { title: 'T', body: html`<p>x</p>` }));
    const banner = async (config: typeof app.deps.config) => {
      let body = '';
      await through(
        [page],
        async (origin) => {
          const answer = await fetch(origin);
          body = await answer.text();
          return answer;
        },
        config,
      );
      return /fs-banner-(\w+)/.exec(body)?.[1] ?? null;
    };
    expect(await banner(production())).toBeNull();
    expect(await banner({ ...app.deps.config, mode: 'lab' })).toBe('warn');
    expect(await banner({ ...app.deps.config, mode: 'demo' })).toBe('info');
  });
});

describe('the flood shield', () => {
  test('remembers fifty thousand addresses at most, then starts anew', async () => {
    const shield = floodLimit({ perWindow: 2, clock: app.clock, keyOf: 'ip' });
    const open = openRequest(app.deps.config, assets());
    const ask = (ip: string | null): string => {
      let outcome = 'passed';
      const res = Object.create(null);
      Object.assign(res, { removeHeader: () => undefined, setHeader: () => undefined });
      open({ ip: ip ?? undefined, headers: {} } as never, res, () => undefined);
      try {
        shield({} as never, res, () => undefined);
      } catch {
        outcome = 'refused';
      }
      return outcome;
    };
    expect([ask('10.0.0.1'), ask('10.0.0.1'), ask('10.0.0.1')]).toEqual(['passed', 'passed', 'refused']);
    expect([ask(null), ask(null), ask(null)]).toEqual(['passed', 'passed', 'passed']);
    for (let n = 0; n < 50_000; n += 1) ask(`key ${n}`);
    expect(ask('10.0.0.1')).toBe('passed');
  });
});

describe('the dashboard', () => {
  const request = (overrides: object = {}) => ({ staff: staff(), deps: app.deps, query: {}, now: app.clock.now(), ...overrides });

  test('asks for a number once in half a minute per person, and keeps two thousand answers at most', async () => {
    let loads = 0;
    const many = defineDashboard(
      Array.from({ length: 2001 }, (_, n) => ({
        id: `card-${n}`,
        title: 'Card',
        permission: 'country.list' as const,
        load: async () => {
          loads += 1;
          return { value: 1234 };
        },
      })),
    );
    const first = request();
    const { cards } = await many.handler(first);
    expect(loads).toBe(2001);
    expect(Array.isArray(cards) && cards[0]).toEqual({ id: 'card-0', title: 'Card', value: '1,234', note: null, href: null, chart: null });
    await many.handler(first);
    // The cache was emptied once on the way, so all but one card had to be asked for again.
    expect(loads).toBeGreaterThan(2001);
    expect(loads).toBeLessThan(2 * 2001);
    const settled = loads;
    const countUp = () => {
      loads += 1;
      return String(loads);
    };
    const few = defineDashboard([{ id: 'one', title: 'One', permission: 'country.list', load: async () => ({ value: countUp() }) }]);
    await few.handler(first);
    await few.handler(first);
    expect(loads).toBe(settled + 1);
    await few.handler({ ...first, now: new Date(first.now.getTime() + 30_000) });
    await few.handler(request());
    expect(loads).toBe(settled + 3);
  });

  test('greets by the time of day in Lagos and the first name', async () => {
    const at = async (time: string) =>
      (
        await defineDashboard([]).handler(
          request({ staff: { ...staff(), displayName: 'Ada Obi Eze' }, now: new Date(`2026-11-22T${time}:00Z`) }),
        )
      ).greeting;
    expect(await Promise.all(['10:59', '11:00', '15:59', '16:00'].map(at))).toEqual([
      'Good morning, Ada',
      'Good afternoon, Ada',
      'Good afternoon, Ada',
      'Good evening, Ada',
    ]);
  });
});

describe('the read-only resource', () => {
  const reader = (definition: ResourceDefinition) => {
    const registered = registryOf([country, user]).resources.get(definition.id);
    if (!registered) throw new Error('There is no such resource');
    return registered.reader;
  };

  test('writes nothing and lists nothing by the ways of AdminJS', async () => {
    const countries = reader(country);
    expect([countries.id(), countries.databaseName()]).toEqual(['Country', 'Fashionistar']);
    for (const write of [countries.create(), countries.update(), countries.delete()])
      await expect(write).rejects.toMatchObject({ code: 'forbidden', details: { extra: { rule: 'read_only_resource' } } });
    for (const read of [countries.find(), countries.count()]) await expect(read).rejects.toMatchObject({ code: 'not_found' });
  });

  test('loads records for a person of the session stage only, and knows its own records only', async () => {
    const countries = reader(country);
    for (const context of [undefined, null, {}, { currentAdmin: null }, { currentAdmin: { id: 'invented' } }])
      await expect(countries.findOne('01a200ac-623e-7708-95a3-0712e68ea52e', context)).rejects.toMatchObject({ code: 'sign_in_required' });
    for (const record of [{}, undefined]) expect(() => countries.rowOf(record)).toThrow('Not a record of this resource');
    expect(staffBehind('admin')).toBeNull();
  });

  test('names a record without a title by its id, and no model that does not exist', () => {
    expect(reader(user).titleOf({ id: 'x', displayName: '' })).toEqual({ id: 'x', title: 'x' });
    expect(() => delegateOf(Object.create(null), 'Nope')).toThrow('no model Nope');
  });

  test('refuses ids that its key could not hold', () => {
    const { idField } = reader(country);
    const number = { ...idField, nativeType: null, type: 'BigInt' };
    expect(['1', 'x', '', '1'.repeat(19)].map((text) => isPossibleId(number, text))).toEqual([true, false, false, false]);
    const text = { ...idField, nativeType: null, type: 'String' };
    expect(['a.b:c_d-1', 'a b', ''].map((id) => isPossibleId(text, id))).toEqual([true, false, false]);
  });
});

describe('the back office refuses to start', () => {
  test('with two pages of one name, one of an odd name, or one that shows people unrecorded', () => {
    expect(() => registryOf([], [failing, failing])).toThrow('Two pages are named failing');
    expect(() => definePage({ ...failing, id: 'Odd Page' })).toThrow('must be kebab-case');
    expect(() => checkRegistry(registryOf([country], [{ ...failing, noun: 'ticket' }]))).toThrow('Page failing shows personal data');
  });

  test('with a command that is not for staff, a relation that does not exist, or an enum without values', () => {
    const options = { label: 'x', effect: 'x', placement: ['record'], group: 'careful', message: () => '' } as const;
    expect(() => commandAction(commands.logIn, options)).toThrow('sign-in is not a staff command (public)');
    expect(() => registryOf([{ ...user, related: { nope: true as never } }])).toThrow('nope is not a relation of User');
    const filters = { displayName: { type: 'enum', label: 'x', operators: ['equals'] } } as const;
    expect(() => registryOf([{ ...user, filters }])).toThrow('filter displayName has no enum values');
  });

  test('with a bundle that lacks a component, and never serves a file that was not built', () => {
    expect(() => loadAssets(directory, ['PageNope', 'PageNot'])).toThrow('lacks PageNope, PageNot: run "npm run build"');
    const built = loadAssets(directory, []);
    expect(built.url('app.css')).toMatch(/^\/admin\/assets\/app\.[0-9a-f]{12}\.css$/);
    for (const name of ['nope.js', 'constructor', '__proto__']) expect(() => built.url(name)).toThrow(`Asset ${name} was not built`);
  });

  test('and names every component of a resource in the bundle once', () => {
    const resource = { ...country, components: { list: '/list.tsx', show: '/show.tsx' } };
    expect(componentEntries({ resources: [resource, user], pages: [failing], dashboard }).map(({ name }) => name)).toEqual([
      'Application',
      'PageDashboard',
      'PageFailing',
      'ListCountry',
      'ShowCountry',
    ]);
  });
});

describe('queries', () => {
  const idField = { name: 'id', kind: 'scalar', type: 'String', isRequired: true, isList: false };

  test('a cursor without a text is refused, and a field of no known type is compared as text', () => {
    expect(() => afterWhere({ after: null, sortBy: 'name', direction: 'asc' }, new Map(), idField)).toThrow();
    const after = Buffer.from('[5,"id1"]').toString('base64url');
    expect(afterWhere({ after, sortBy: 'name', direction: 'desc' }, new Map(), idField)).toEqual({
      OR: [{ name: { lt: '5' } }, { AND: [{ name: { equals: '5' } }, { id: { lt: 'id1' } }] }],
    });
  });

  test('emptiness of a number is being null, and of a text being empty too', () => {
    const filter = { label: 'x', operators: ['isEmpty'], field: 'f', isNullable: true, isBigInt: false, enumValues: [] } as const;
    const asked = { suffix: 'isEmpty', operator: 'isEmpty', text: 'true' } as const;
    expect(whereOf({ ...filter, type: 'integer' }, asked, app.deps)).toEqual({ OR: [{ f: { equals: null } }] });
    expect(whereOf({ ...filter, type: 'text' }, asked, app.deps)).toEqual({ OR: [{ f: { equals: null } }, { f: { equals: '' } }] });
  });

  test('an action nobody wrote words for is told by its name', () => {
    expect(actionWords('juggleGreenBalls', 'ok')).toBe('juggle green balls');
    expect(actionWords('juggleGreenBalls', 'denied')).toBe('tried to juggle green balls');
    expect(actionWords('juggle-balls', 'error')).toBe('could not juggle balls');
  });

  test('tells every command of the product in the past', () => {
    const names = globSync('src/**/*.ts').flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/define\w*Command\w*[<(][^{]*\{\s*name: '([a-z-]+)'/g)].map((match) => match[1] ?? ''),
    );
    expect(names.length).toBeGreaterThan(100);
    expect(
      names.filter(
        (name) => actionWords(name, 'ok').startsWith(`${name.split('-')[0]} `) && !/^(put|set|reset) /.test(actionWords(name, 'ok')),
      ),
    ).toEqual([]);
  });
});
