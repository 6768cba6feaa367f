import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandAction, Placement, ResourceDefinition } from '../../src/admin/index.ts';
import { matrix, type PermissionKey } from '../../src/foundation/access/matrix.ts';
import { type Grade, grades, type Role } from '../../src/foundation/access/roles.ts';
import { dashboard, pages, resources } from '../../src/resources/index.ts';
import { openSql, type Sql } from '../support/sql.ts';
import type { AdminClient, Answer } from './support/admin-client.ts';
import { type BackOffice, type Person, startBackOffice } from './support/back-office.ts';

/** One way into the back office and what the matrix calls it. */
type Route = {
  name: string;
  permission: PermissionKey;
  /** Asked for besides: doing it to many at once is a right of its own. */
  also?: PermissionKey;
  /** Nouns of the denied row. */
  resource: string;
  action: string;
  request: (client: AdminClient, targets: Targets) => Promise<Answer>;
};

/** Records of one grade's own: what another grade did to theirs decides nothing here. */
type Targets = Record<string, string>;

const readKinds = ['list', 'search', 'show'] as const;

function routesOf(definition: ResourceDefinition): Route[] {
  const { id, noun, permissions } = definition;
  const base = `/admin/api/resources/${id}`;
  const path = { list: () => `${base}/actions/list`, search: () => `${base}/actions/search/abc`, show: recordPath(id, 'show') };
  const reads = readKinds.map((kind) => ({
    name: `${id} ${kind}`,
    permission: permissions[kind],
    resource: noun,
    action: kind,
    request: (client: AdminClient, targets: Targets) => client.get(path[kind](targets)),
  }));
  return [...reads, ...definition.actions.flatMap((action) => action.placement.map((placement) => commandRoute(id, action, placement)))];
}

function commandRoute(id: string, action: CommandAction, placement: Placement): Route {
  const { name, permission, command, options } = action;
  const offered = options.reasonCodes ?? ['other'];
  // Abuse is what every grade that suspends may suspend for; fraud would call for a second person afterwards.
  const code = offered.find((each) => each === 'abuse') ?? offered[0];
  const reason = { code, text: 'asked for by the test of the matrix' };
  const input = forms[name] ?? {};
  return {
    name: `${id} ${placement} ${name}`,
    permission,
    ...(placement === 'bulk' ? { also: 'bulk_run.start' as const } : {}),
    resource: command.resource,
    action: command.name,
    request: (client, targets) => {
      const body = { idempotencyKey: randomUUID(), reason, input };
      const own = targetOf(targets, `${id}.${name}`, id);
      if (placement === 'record') return client.postJson(`/admin/api/resources/${id}/records/${own}/${name}`, body);
      if (placement === 'bulk') return client.postJson(`/admin/api/resources/${id}/bulk/${name}`, { ...body, recordIds: [own] });
      return client.postJson(`/admin/api/resources/${id}/actions/${name}`, body);
    },
  };
}

/** What the forms of some actions ask for. */
const forms: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  addNote: { body: 'Called about a parcel.' },
  revokeSession: { sessionId: '0199a000-0000-7000-8000-000000000000' },
  grantRole: { role: 'enhancer', isLead: false },
  invite: { email: 'newcomer@example.com', role: 'assistant' },
  editStaff: { jobTitle: 'Night shift' },
  breakGlass: { role: 'enhancer' },
  requestAdminGrant: { role: 'admin' },
  requestMfaReset: { firstCheck: 'name', secondCheck: 'country' },
  requestContactChange: { firstCheck: 'name', secondCheck: 'country', email: 'elsewhere@example.com' },
};

const nowhere = '0199a000-0000-7000-8000-000000000001';

function recordPath(id: string, kind: string): (targets: Targets) => string {
  return (targets) => `/admin/api/resources/${id}/records/${targetOf(targets, id)}/${kind}`;
}

function targetOf(targets: Targets, ...names: string[]): string {
  return names.map((name) => targets[name]).find((target) => target !== undefined) ?? nowhere;
}

const routes: readonly Route[] = [
  ...resources.flatMap(routesOf),
  ...pages.flatMap(({ id, noun, permission }) =>
    permission
      ? [
          {
            name: `page ${id}`,
            permission,
            resource: noun,
            action: 'show',
            request: (client: AdminClient) => client.get(`/admin/api/pages/${id}`),
          },
        ]
      : [],
  ),
];

/** The cell as product.md 5.2 reads it, without asking the code under test. */
function isGranted(permission: PermissionKey, grade: Grade): boolean {
  const { cells, kind } = matrix[permission];
  const cell = cells[grade];
  return cell !== '-' && (cell !== 'R' || kind === 'read');
}

const roleOfGrade: Record<Grade, { role: Role; isLead: boolean }> = {
  assistant: { role: 'assistant', isLead: false },
  support: { role: 'support', isLead: false },
  support_lead: { role: 'support', isLead: true },
  reviewer: { role: 'reviewer', isLead: false },
  reviewer_lead: { role: 'reviewer', isLead: true },
  enhancer: { role: 'enhancer', isLead: false },
  moderator: { role: 'moderator', isLead: false },
  finance: { role: 'finance', isLead: false },
  auditor: { role: 'auditor', isLead: false },
  admin: { role: 'admin', isLead: false },
  super_admin: { role: 'super_admin', isLead: false },
};

let office: BackOffice;
let sql: Sql;

beforeAll(async () => {
  office = await startBackOffice({ resources, pages, dashboard });
  sql = await openSql(office.app.database.adminUrl);
}, 180_000);
afterAll(async () => {
  await sql?.close();
  await office?.stop();
});

test('the real registry has routes for reads, record actions and a page', () => {
  expect(routes.length).toBeGreaterThan(35);
  expect(new Set(routes.map((route) => route.permission)).size).toBeGreaterThan(15);
});

describe.each(grades)('%s over the route', { timeout: 60_000 }, (grade) => {
  let person: Person;
  let client: AdminClient;
  let targets: Targets;

  beforeAll(async () => {
    const { role, isLead } = roleOfGrade[grade];
    person = await office.addStaff(role, { isLead, hasTotp: true });
    targets = await targetsFor(grade, person);
    client = await office.signedIn(person);
    // The first page settles the session; from here on a read changes nothing.
    expect((await client.get('/admin')).status).toBe(200);
  }, 180_000);

  test.each(routes)('$name', async ({ permission, also = permission, request, resource, action }) => {
    // Of one person's refusals 60 a minute have a row of their own.
    office.app.clock.advance(1.1);
    const before = await trace(person.userId);
    const answer = await request(client, targets);
    if (isGranted(permission, grade) && isGranted(also, grade)) {
      expect(answer.status, answer.text).not.toBe(403);
      expect(answer.status, answer.text).toBeLessThan(500);
      // What the record's state refuses is recorded too, by its own code.
      const added = (await trace(person.userId)).denied.slice(before.denied.length);
      expect(added.filter(({ error_code }) => error_code === 'forbidden')).toEqual([]);
      return;
    }
    expect(answer.status, answer.text).toBe(403);
    const after = await trace(person.userId);
    expect(after.events).toBe(before.events);
    expect(after.denied.slice(before.denied.length)).toEqual([{ resource, action, error_code: 'forbidden', actor_id: person.userId }]);
  });
});

type Trace = { events: string; denied: { resource: string; action: string; error_code: string; actor_id: string }[] };

/** Changes of anybody, and refusals of one person: nothing else runs meanwhile. */
async function trace(actorId: string): Promise<Trace> {
  const [count] = await sql.rows<{ events: string }>('SELECT count(*)::text AS events FROM audit.event');
  const denied = await sql.rows<Trace['denied'][number]>(
    `SELECT resource, action, error_code, actor_id FROM audit.action WHERE outcome = 'denied' AND actor_id = $1 ORDER BY id`,
    [actorId],
  );
  return { events: count?.events ?? '', denied };
}

/** A customer, colleagues to act on (led by the person) and countries, for one grade. */
async function targetsFor(grade: Grade, person: Person): Promise<Targets> {
  const { prisma } = office.app.deps.database;
  const colleague = await office.addStaff('assistant', { firstName: 'Target' });
  const holder = await office.addStaff('assistant', { firstName: 'Target' });
  const admin = await office.addStaff('admin', { firstName: 'Target' });
  const customer = await office.addCustomer('Chioma', 'Eze');
  const at = grades.indexOf(grade) * 2;
  const [open, closed] = await prisma.country.findMany({ orderBy: { iso2: 'asc' }, skip: at, take: 2, select: { id: true } });
  await office.app.as({ kind: 'system', name: 'seed' }, async () => {
    for (const { userId } of [colleague, holder]) {
      await prisma.staffProfile.update({ where: { userId }, data: { managerUserId: person.userId } });
    }
    await prisma.country.update({ where: { id: open?.id ?? nowhere }, data: { isActive: true } });
    await prisma.country.update({ where: { id: closed?.id ?? nowhere }, data: { isActive: false } });
  });
  const grantOf = (userId: string) => prisma.staffRoleGrant.findFirstOrThrow({ where: { userId }, select: { id: true } });
  const [held, heldByAdmin] = [await grantOf(holder.userId), await grantOf(admin.userId)];
  const client = await prisma.client.findFirst({ where: { userId: customer }, select: { id: true } });
  return {
    User: customer,
    Client: client?.id ?? nowhere,
    Staff: colleague.userId,
    StaffGrant: held.id,
    'StaffGrant.revokeAdminRole': heldByAdmin.id,
    Country: open?.id ?? nowhere,
    'Country.openCountry': closed?.id ?? nowhere,
  };
}
