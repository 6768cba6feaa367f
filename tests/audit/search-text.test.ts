import { describe, expect, it } from 'vitest';
import { entryOfAction, entryOfEvent, type IndexedAction } from '../../src/audit/search/search-entry.ts';
import { idIn, needsIndex, termsOf } from '../../src/audit/search/search-filter.ts';
import { canonicalWords, isSecretName, readableStrings } from '../../src/audit/search/searchable-text.ts';

const id = '0199d1f0-1111-7222-8333-444455556666';

const click: IndexedAction = {
  id,
  at: '2026-11-22 03:00:00.5+00',
  actorId: id,
  actorType: 'staff',
  roles: ['admin', 'support'],
  door: 'admin',
  resource: 'user',
  action: 'suspend-user',
  outcome: 'ok',
  errorCode: null,
  recordIds: [id],
  ticketId: null,
  requestId: id,
};

describe('what is written into the search index', () => {
  it('writes names as words', () => {
    expect(canonicalWords('suspend-user')).toBe('suspend user');
    expect(canonicalWords('store_name')).toBe('store name');
    expect(canonicalWords('  Kente \n & Co ')).toBe('kente & co');
  });

  it('masks contacts and account numbers wherever they were typed', () => {
    expect(canonicalWords('called from +234 803 000 1122, wrote ada.obi+x@mail.example.com')).toBe('called from •••, wrote •••');
    expect(canonicalWords('account 0123456789 and 5399-8300-0000-0001')).toBe('account ••• and •••');
    expect(canonicalWords('FASTAR000231 of T-100042')).toBe('fastar000231 of t 100042');
  });

  it('takes words from any depth and leaves ids, times, hashes and tokens', () => {
    const token = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0';
    const value = [
      null,
      { a: 'Kente & Co', b: [id, '2026-01-02T03:04:05Z', 'd41d8cd98f00b204e9800998ecf8427e', token, 7, true], deep: { c: 'Lagos' } },
    ];
    expect(readableStrings(value)).toEqual(['Kente & Co', 'Lagos']);
    expect(readableStrings({ apiToken: 'abc', PASSWORD: 'x y', pin: '1234', shipping: 'by road', note: { secret_key: 'z' } })).toEqual([
      'by road',
    ]);
    expect(readableStrings('ankara-2-piece-set-for-women')).toEqual(['ankara-2-piece-set-for-women']);
    expect(readableStrings({ a: { b: { c: { d: { e: { f: 'too deep' } } } } } })).toEqual([]);
  });

  it('knows a secret by its name', () => {
    const names = ['password_hash', 'secretEnc', 'api-key', 'email_bidx', 'email_enc', 'otp', 'pepper', 'cvv', 'refreshToken'];
    expect(names.filter((name) => !isSecretName(name))).toEqual([]);
    for (const name of ['store_name', 'shipping_address', 'monkey', 'status', 'hashtag_line'])
      expect([name, isSecretName(name)]).toEqual([name, false]);
  });

  it('gives a change the tags of its click, its fields and what it is about', () => {
    const event = {
      id,
      at: '2026-11-22 03:00:00.4+00',
      actorId: id,
      subjectId: id,
      actorType: 'staff',
      op: 2 as const,
      table: 'identity.vendor',
      recordId: 'r1',
      changed: ['store_name', 'password_hash'],
      click,
    };
    const body = { store_name: ['Kente & Co', 'Kente House'], password_hash: ['abc', 'def'], legal_name_enc: [null, 'c0ffee'] };
    const facts = { body, clickBody: { ticket: 'T-7' }, country: 'NG', isSearchable: (_: string, field: string) => field === 'store_name' };
    const entry = entryOfEvent(event, facts);
    expect(entry).toMatchObject({ clickAt: click.at, clickId: click.id, kind: 1, isFromValue: true, subjectId: id });
    expect(entry.text).toBe('changed vendor store name password hash kente & co kente house');
    expect(entry.tags).toEqual(
      expect.arrayContaining([
        'out:ok',
        'act:suspend-user',
        'role:admin',
        'role:support',
        'ticket:T-7',
        'country:NG',
        'about:r1',
        `about:${id}`,
        'field:store_name',
        'field:identity.vendor.store_name',
        'tbl:identity.vendor',
      ]),
    );
    const direct = entryOfEvent({ ...event, click: null }, { ...facts, body: null });
    expect(direct).toMatchObject({ clickAt: event.at, clickId: id, isFromValue: false, action: null });
    expect(direct.tags).toEqual(expect.arrayContaining(['door:direct', 'type:staff']));
    expect(direct.text).toBe('changed vendor store name password hash');
  });

  it('gives a click its words, its records and its request', () => {
    const entry = entryOfAction(
      { ...click, errorCode: 'forbidden', ticketId: id },
      { body: { reason: 'fraud: chargebacks', note: 'field email', ticket: 'T-7' }, country: null },
    );
    expect(entry.text).toBe('suspend user user ok forbidden fraud: chargebacks field email t 7');
    expect(entry.tags).toEqual(expect.arrayContaining([`about:${id}`, `req:${id}`, `ticket:${id}`]));
    expect(entryOfAction({ ...click, requestId: null }, { body: null, country: null }).isFromValue).toBe(false);
  });

  it('does not make a row of a bulk action a row about all the others', () => {
    const many = { ...click, recordIds: ['a', 'b', 'c', 'd'] };
    const event = {
      id,
      at: click.at,
      actorId: null,
      subjectId: null,
      actorType: 'staff',
      op: 1 as const,
      table: 'identity.user',
      recordId: 'a',
      changed: [],
      click: many,
    };
    const entry = entryOfEvent(event, { body: null, clickBody: null, country: null, isSearchable: () => false });
    expect(entry.tags.filter((tag) => tag.startsWith('about:'))).toEqual(['about:a']);
    expect(entry.text).toBe('added user');
  });

  it('is cut at a length that an index row can hold', () => {
    const long = Array.from({ length: 400 }, (_, n) => `word${n}`);
    const event = {
      id,
      at: click.at,
      actorId: null,
      subjectId: null,
      actorType: 'staff',
      op: 2 as const,
      table: 'a.b',
      recordId: 'a',
      changed: long,
      click,
    };
    expect(entryOfEvent(event, { body: null, clickBody: null, country: null, isSearchable: () => false }).text.length).toBe(2_000);
  });
});

describe('what is typed into the search box', () => {
  it('is taken as words and "phrases" of three characters or more, each once', () => {
    expect(termsOf('kente "Store Name" ng KENTE suspend-user')).toEqual(['kente', 'store name', 'suspend user']);
    expect(termsOf('ab "c"')).toEqual([]);
    expect(termsOf(undefined)).toEqual([]);
  });

  it('is an id where it is one', () => {
    expect(idIn(`  ${id.toUpperCase()} `)).toBe(id);
    expect(idIn(`${id} and more`)).toBeNull();
    expect(idIn(undefined)).toBeNull();
  });

  it('asks the index only where the hot tables have no index for it', () => {
    expect(needsIndex({ actorId: id, action: 'x', outcome: 'ok', role: 'admin', text: 'ab' }, { actorIds: [id] })).toBe(false);
    for (const filter of [
      { text: 'abc' },
      { text: id },
      { recordId: id },
      { field: 'a' },
      { country: 'NG' },
      { ticket: 'T-1' },
      { door: 'direct' },
    ])
      expect([filter, needsIndex(filter, undefined)]).toEqual([filter, true]);
    expect(needsIndex({}, { actorIds: [], timelineOf: id })).toBe(true);
  });
});
