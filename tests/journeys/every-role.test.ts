import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoStaff } from '../../prisma/seed/people.ts';
import { gradeOf } from '../../src/foundation/access/roles.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { totpCode, totpStepAt } from '../../src/foundation/crypto/totp.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { fillCountries } from '../../src/modules/reference/index.ts';
import { pages, resources } from '../../src/resources/index.ts';
import { AdminClient } from '../admin/support/admin-client.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const password = 'correct horse battery staple 9';

const listOf = ({ id }: { id: string }) => ({ page: `/admin/resources/${id}`, data: `/admin/api/resources/${id}/actions/list` });

/** Every entry that any role has, as the page a person opens and the data behind it. What only other pages lead to has none. */
const everyEntry = [
  ...resources.filter(({ navigationGroup }) => navigationGroup !== null).map(listOf),
  ...pages
    .filter(({ navigationGroup }) => navigationGroup !== null)
    .map(({ id }) => ({ page: `/admin/pages/${id}`, data: `/admin/api/pages/${id}` })),
];

/** Lists that the page of something else leads to, such as the payout accounts of a store. */
const besideEntries = resources.filter(({ navigationGroup }) => navigationGroup === null).map(listOf);

/** The first of the demo people of each grade. */
const people = [...new Map(demoStaff.toReversed().map((person) => [gradeOf(person), person])).entries()].reverse();

let app: TestApp;
let origin = '';

beforeAll(async () => {
  app = await startTestApp({ NODE_ENV: 'production', APP_LAB: '1' });
  await app.as({ kind: 'system', name: 'seed' }, () => fillCountries(app.deps));
  const { port } = await app.startWeb();
  origin = `http://127.0.0.1:${port}`;
}, 180_000);
afterAll(() => app?.stop());

test('there is a demo person of every grade', () => {
  expect(people.map(([grade]) => grade).sort()).toEqual(
    [
      'admin',
      'assistant',
      'auditor',
      'enhancer',
      'finance',
      'moderator',
      'reviewer',
      'reviewer_lead',
      'super_admin',
      'support',
      'support_lead',
    ].sort(),
  );
});

describe.each(people)('%s', { timeout: 120_000 }, (_grade, { email, firstName, lastName, role, isLead }) => {
  let client: AdminClient;
  let own: ReadonlySet<string>;

  beforeAll(async () => {
    client = await signIn({ email, firstName, lastName, grants: [{ role, isLead }] });
    own = new Set(await navigation(client));
  }, 120_000);

  test('opens every entry of the navigation', async () => {
    expect(own.has('/admin')).toBe(true);
    expect((await client.get('/admin/api/dashboard')).status).toBe(200);
    expect((await client.get('/admin/api/me')).status).toBe(200);
    for (const entry of everyEntry.filter(({ page }) => own.has(page))) {
      const opened = await client.get(entry.page);
      expect(opened.status, entry.page).toBe(200);
      expect(opened.headers.get('content-type')).toContain('text/html');
      const data = await client.get(entry.data);
      expect(data.status, `${entry.data}: ${data.text.slice(0, 300)}`).toBe(200);
    }
  });

  test('is refused, page and data, what the navigation does not offer', async () => {
    for (const entry of everyEntry.filter(({ page }) => !own.has(page))) {
      expect((await client.get(entry.page)).status, entry.page).toBe(403);
      expect((await client.get(entry.data)).status, entry.data).toBe(403);
    }
  });

  test('opens or is refused a list that has no entry, page and data alike', async () => {
    expect(besideEntries).not.toEqual([]);
    for (const { page, data } of besideEntries) {
      const { status } = await client.get(page);
      expect([200, 403]).toContain(status);
      expect((await client.get(data)).status, data).toBe(status);
    }
  });

  test('its navigation names nothing that does not exist', () => {
    const known = new Set(['/admin', ...everyEntry.map(({ page }) => page)]);
    expect([...own].filter((href) => !known.has(href))).toEqual([]);
  });
});

type NewStaff = Omit<Parameters<typeof systemCommands.createStaffAccount.run>[1], 'password' | 'reason'>;

/** Password, then the authenticator that production asks of everyone. */
async function signIn(person: NewStaff): Promise<AdminClient> {
  const secret = await app.as({ kind: 'system', name: 'seed' }, async () => {
    const made = await runCommand(app.deps, systemCommands.createStaffAccount, { input: { ...person, password } });
    const enrolled = await runCommand(app.deps, systemCommands.enrolTotpFor, { input: { userId: made.output.userId } });
    return enrolled.output.secret;
  });
  const client = new AdminClient(origin);
  await client.postForm('/admin/login', { email: person.email, password });
  app.clock.advance(30);
  const answer = await client.postForm('/admin/login/mfa', { code: totpCode(secret, totpStepAt(app.clock.now())) });
  expect(answer.status).toBe(303);
  return client;
}

/** The addresses in the side bar, from the state that the page is served with. */
async function navigation(client: AdminClient): Promise<string[]> {
  const { status, text } = await client.get('/admin');
  expect(status).toBe(200);
  const groups = /"navigation":(\[.*?\]),"dashboard"/s.exec(text)?.[1];
  if (!groups) throw new Error('The page carries no navigation');
  return [...groups.matchAll(/"href":"([^"]+)"/g)].map(([, href = '']) => href);
}
