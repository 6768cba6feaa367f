import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SubjectAccessRow, subjectAccessRows } from '../../src/audit/index.ts';
import { commands, staffCommands } from '../../src/modules/identity/index.ts';
import { arrange, registerPerson, run } from '../modules/identity/people.ts';
import { staffActor, startTestApp } from '../support/app.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

async function rowsOf(id: string): Promise<SubjectAccessRow[]> {
  const rows: SubjectAccessRow[] = [];
  for await (const row of subjectAccessRows(app.deps, id)) rows.push(row);
  return rows;
}

it('an access request gives every row about the person, oldest first, staff by role and nothing that names them', async () => {
  const { actor } = await registerPerson(app);
  const { id } = actor;
  await run(app, commands.updateAccount, { bio: 'Sews at night', address: '4 Rope Walk' }, { actor });
  const lead = staffActor({ role: 'support', isLead: true }, app.clock.now());
  const reason = { code: 'abuse', text: 'Sold what is not theirs' };
  await run(app, staffCommands.suspendUser, { id }, { actor: lead, envelope: { reason }, request: { ip: '198.51.100.9' } });
  await arrange(app, (prisma) => prisma.user.updateMany({ where: { id }, data: { city: 'Ibadan' } }));
  const rows = await rowsOf(id);
  expect(rows.map((row) => row.at)).toEqual(rows.map((row) => row.at).toSorted());
  const text = JSON.stringify(rows);
  expect(text).not.toContain(lead.id);
  expect(text).not.toContain(lead.displayName);
  expect(text).not.toContain('198.51.100');
  expect(rows).toContainEqual(
    expect.objectContaining({
      kind: 'action',
      what: 'user suspend-user',
      by: 'staff (support_lead)',
      values: { reason: 'abuse: Sold what is not theirs' },
    }),
  );
  expect(rows).toContainEqual(
    expect.objectContaining({
      kind: 'change',
      what: 'identity.user update',
      by: 'staff (support_lead)',
      values: expect.objectContaining({ status: ['active', 'suspended'], status_changed_by: [null, 'staff'] }),
    }),
  );
  const own = rows.find((row) => row.by === 'you' && row.kind === 'change' && row.what === 'identity.user update');
  expect(own?.values).toMatchObject({ bio: [null, 'Sews at night'], address_enc: [null, 'encrypted'] });
  expect(rows.some((row) => row.by === 'somebody not signed in')).toBe(true);
  expect(rows.some((row) => row.by === 'system' && row.values?.['city'])).toBe(true);
});

it('goes on over many pages, and of a stranger there is nothing', async () => {
  const { actor } = await registerPerson(app);
  await arrange(app, async (prisma) => {
    for (let turn = 0; turn < 520; turn += 1) await prisma.user.updateMany({ where: { id: actor.id }, data: { city: `Town ${turn}` } });
  });
  const rows = await rowsOf(actor.id);
  const towns = rows.filter((row) => Array.isArray(row.values?.['city']));
  expect(towns).toHaveLength(520);
  expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
  expect(await rowsOf('01940000-0000-7000-8000-000000000009')).toEqual([]);
});
