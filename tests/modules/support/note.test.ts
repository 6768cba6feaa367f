import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { commands, queries } from '../../../src/modules/support/index.ts';
import { staffActor, startTestApp } from '../../support/app.ts';
import { refusalCode, registerPerson, run } from '../identity/people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const support = () => staffActor({ role: 'support', isLead: false }, app.clock.now());
const add = (id: string, body: string, actor: StaffActor, more: object = {}) =>
  run(app, commands.addNote, { id, body, ...more }, { actor });

describe('notes', () => {
  it('are kept encrypted, read in clear, and leave id and length in the audit, never the text', async () => {
    const { actor: customer } = await registerPerson(app);
    const author = support();
    const mentioned = '01a200ac-623e-7708-95a3-0712e68ea52e';
    const { noteId } = await add(customer.id, '  Called back about the parcel.  ', author, { mentions: [mentioned] });
    const [note] = await queries.listNotes(app.deps, { subjectType: 'user', subjectId: customer.id });
    expect(note).toMatchObject({
      id: noteId,
      authorId: author.id,
      body: 'Called back about the parcel.',
      mentions: [mentioned],
      version: 1,
    });
    const stored = await app.deps.database.prisma.note.findUniqueOrThrow({ where: { id: noteId } });
    expect(Buffer.from(stored.bodyEnc).toString('latin1')).not.toContain('parcel');
    expect(await app.deps.database.prisma.outboxEvent.count({ where: { aggregateId: noteId, name: 'support.note.mentioned' } })).toBe(1);
    const { rows } = await app.deps.database.pool.query('SELECT id FROM audit.action WHERE $1 = ANY (record_ids)', [noteId]);
    expect(rows).toHaveLength(1);
    const values = await app.deps.database.pool.query('SELECT body FROM audit.read_values($1::uuid[])', [[rows[0].id]]);
    expect(values.rows[0].body).toContain('note of 29 characters');
    expect(values.rows[0].body).not.toContain('parcel');
  });

  it('can be about a store, and about nobody unknown', async () => {
    const { actor: vendor } = await registerPerson(app, 'vendor');
    const { id } = await app.deps.database.prisma.vendor.findUniqueOrThrow({ where: { userId: vendor.id } });
    await add(id, 'Asked for a second photo', support(), { subjectType: 'vendor' });
    expect(await queries.listNotes(app.deps, { subjectType: 'vendor', subjectId: id })).toHaveLength(1);
    expect(await refusalCode(add('01a200ac-623e-7708-95a3-0712e68ea52e', 'x', support()))).toBe('not_found');
    expect(await refusalCode(add(id, 'x', support()))).toBe('not_found');
  });

  it('are corrected by their author for 15 minutes, on the version seen', async () => {
    const { actor: customer } = await registerPerson(app);
    const author = support();
    const { noteId } = await add(customer.id, 'First words', author);
    const edit = (body: string, actor: StaffActor, expectedVersion?: number) =>
      run(app, commands.editNote, { id: noteId, body }, { actor, envelope: expectedVersion === undefined ? {} : { expectedVersion } });
    expect(await edit('Better words', author, 1)).toEqual({ version: 2 });
    expect(await refusalCode(edit('Older words', author, 1))).toBe('version_conflict');
    expect(await refusalCode(edit('Words of another', support()))).toBe('forbidden');
    app.clock.advance(900);
    expect(await refusalCode(edit('Late words', author))).toBe('note_fixed');
    const [note] = await queries.listNotes(app.deps, { subjectType: 'user', subjectId: customer.id });
    expect(note).toMatchObject({ body: 'Better words', editableUntil: null, version: 2 });
    expect(await refusalCode(run(app, commands.editNote, { id: customer.id, body: 'x' }, { actor: author }))).toBe('not_found');
  });

  it('need words, not too many, and a role that writes', async () => {
    const { actor: customer } = await registerPerson(app);
    expect(await refusalCode(add(customer.id, '  ', support()))).toBe('required');
    expect(await refusalCode(add(customer.id, 'n'.repeat(4001), support()))).toBe('too_long');
    expect(await refusalCode(add(customer.id, 'A note', staffActor({ role: 'auditor', isLead: false }, app.clock.now())))).toBe(
      'forbidden',
    );
  });
});
