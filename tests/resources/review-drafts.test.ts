import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CaseJson, ChecklistEntry } from '../../src/resources/review/review-types.ts';
import type { CaseWriter } from '../../src/resources/review/use-case-writer.component.tsx';
import { draw, inBrowser, viewerId } from '../support/browser-page.ts';

/** Storage as a browser has it: what is kept are its own properties. */
class FakeStorage {
  [key: string]: unknown;
  getItem(key: string): string | null {
    return Object.hasOwn(this, key) ? String(this[key]) : null;
  }
  setItem(key: string, text: string): void {
    this[key] = text;
  }
  removeItem(key: string): void {
    delete this[key];
  }
}

async function load() {
  return inBrowser({}, async () => ({
    ...(await import('../../src/admin/components/recent-records.component.tsx')),
    ...(await import('../../src/admin/components/admin-api.component.tsx')),
    ...(await import('../../src/resources/review/decision-draft.component.tsx')),
    ...(await import('../../src/resources/review/use-checklist.component.tsx')),
    ...(await import('../../src/resources/review/use-decide.component.tsx')),
    ...(await import('../../src/resources/review/use-draft.component.tsx')),
  }));
}

let ui: Awaited<ReturnType<typeof load>>;
let storage: FakeStorage;
beforeAll(async () => {
  ui = await load();
});
beforeEach(() => {
  storage = new FakeStorage();
  vi.stubGlobal('sessionStorage', storage);
});
afterEach(() => vi.unstubAllGlobals());

/** What a hook answers to the first drawing after a reload. */
function once<T>(hook: () => T): T {
  const seen: T[] = [];
  draw(() => {
    seen.push(hook());
    return null;
  }, {});
  const [last] = seen.slice(-1);
  if (last === undefined) throw new Error('Nothing was drawn');
  return last;
}

const anyText = (kept: unknown) => (typeof kept === 'string' ? kept : null);
const textOf = (caseId: string, name = 'form:reject') => once(() => ui.useDraft(caseId, name, anyText))[0];
const write = (caseId: string, text: string | null, name = 'form:reject') => once(() => ui.useDraft(caseId, name, anyText))[1](text);

describe('a draft of the review desk', () => {
  it('comes back after a reload, under its own case and form only', () => {
    write('one', 'Copies of a brand');
    expect([textOf('one'), textOf('two'), textOf('one', 'form:escalate')]).toEqual(['Copies of a brand', null, null]);
    expect(Object.keys(storage)).toEqual([`fs:review:${viewerId}:one:form:reject`]);
    write('one', null);
    expect(Object.keys(storage)).toEqual([]);
  });

  it('is forgotten with its case, not with another one, nor with one whose id begins alike', () => {
    for (const id of ['one', 'one2', 'two']) write(id, id);
    ui.forgetDrafts('one');
    expect([textOf('one'), textOf('one2'), textOf('two')]).toEqual([null, 'one2', 'two']);
  });

  it('of somebody else goes when the screen opens, and all of them at sign-out', () => {
    storage.setItem('fs:review:somebody:one:form:reject', '"theirs"');
    storage.setItem('other', 'not ours');
    write('one', 'mine');
    ui.forgetOthersDrafts();
    expect(Object.keys(storage)).toEqual(['other', `fs:review:${viewerId}:one:form:reject`]);
    ui.forgetRecords('others');
    expect(textOf('one')).toBe('mine');
    ui.forgetRecords('everybody');
    expect(Object.keys(storage)).toEqual(['other']);
  });

  it('is none where what was kept cannot be read', () => {
    const key = `fs:review:${viewerId}:one:form:reject`;
    for (const broken of ['{"text":', '', '[]', 'null', '{"text":1,"code":"","notes":[]}', '{"text":"","code":"","notes":{}}']) {
      storage.setItem(key, broken);
      expect(once(() => ui.useDecisionDraft(shown, 'reject', [])).draft).toEqual({ text: '', code: '', notes: [] });
    }
  });

  it('disturbs nobody where the storage is full or switched off', () => {
    vi.spyOn(storage, 'setItem').mockImplementation(() => {
      throw new DOMException('Full', 'QuotaExceededError');
    });
    expect(() => write('one', 'lost')).not.toThrow();
    expect(textOf('one')).toBeNull();
    Object.defineProperty(globalThis, 'sessionStorage', {
      configurable: true,
      get: () => {
        throw new DOMException('Denied', 'SecurityError');
      },
    });
    expect(() => write('one', 'lost')).not.toThrow();
    expect(textOf('one')).toBeNull();
    for (const forget of [() => ui.forgetDrafts('one'), ui.forgetOthersDrafts, () => ui.forgetRecords('everybody')])
      expect(forget).not.toThrow();
    expect(() => ui.rememberRecord({ resource: 'Vendor', id: 'one', title: 'Adire' })).not.toThrow();
    expect(ui.recentRecords()).toEqual([]);
  });
});

const line = (item: string, answer: ChecklistEntry['answer'] = null, note = ''): ChecklistEntry => ({
  ...{ item, answer, note, label: item, mayBeNa: false, preparedBy: null },
});
const shown = {
  ...{ id: 'one', version: 3, subjectVersion: 1, mode: 'decide', fields: [{ value: 'logo', label: 'Logo', said: 'Logo' }] },
  checklist: [line('name', 'pass'), line('logo')],
} as unknown as CaseJson;
const writing = (answer: () => Promise<object>): CaseWriter => ({ write: answer, isIdleFor: () => true, writtenAt: () => null });

describe('what was typed about a decision', () => {
  it('begins with the notes of failed items that the vendor can be told about, until something was written', () => {
    const failed = [line('logo', 'fail', ' It is blurred '), line('contact', 'fail', 'Old'), line('name', 'pass', 'Fine')];
    const first = once(() => ui.useDecisionDraft(shown, 'requestChanges', failed));
    expect(first.draft.notes).toEqual([{ field: 'logo', note: 'It is blurred' }]);
    first.change({ notes: [{ field: 'logo', note: '' }], text: 'Nearly' });
    const again = once(() => ui.useDecisionDraft(shown, 'requestChanges', failed)).draft;
    expect(again).toEqual({ text: 'Nearly', code: '', notes: [{ field: 'logo', note: '' }] });
    expect(once(() => ui.useDecisionDraft(shown, 'reject', failed)).draft).toEqual({ text: '', code: '', notes: [] });
  });

  it('lays answers that the server does not have over those it has, on whatever version of the case', () => {
    storage.setItem(`fs:review:${viewerId}:one:checklist`, JSON.stringify({ logo: { answer: 'fail', note: 'Blurred' } }));
    const entries = (version: number) =>
      once(() =>
        ui.useChecklist(
          { ...shown, version },
          writing(async () => ({})),
        ),
      );
    expect(entries(3).entries).toMatchObject([
      { item: 'name', answer: 'pass' },
      { item: 'logo', answer: 'fail', note: 'Blurred' },
    ]);
    expect([entries(3).saving, entries(4).entries[1]?.answer]).toEqual([{ kind: 'waiting' }, 'fail']);
    storage.setItem(`fs:review:${viewerId}:one:checklist`, JSON.stringify({ logo: { answer: 'perhaps', note: 'Blurred' } }));
    expect([entries(3).saving, entries(3).entries[1]?.answer]).toEqual([{ kind: 'saved' }, null]);
  });

  it('is forgotten once the decision was accepted, and kept where it was refused', async () => {
    const list = { entries: [], saving: { kind: 'saved' }, change: () => undefined, flush: async () => true } as const;
    const decided: string[] = [];
    const send = (answer: () => Promise<object>) => {
      const props = { shown, name: 'reject', list, accepted: null, writer: writing(answer), onClose: () => undefined } as const;
      const more = { onDecided: (name: string) => void decided.push(name), onReload: () => undefined };
      return once(() => ui.useDecide({ ...props, ...more }, { text: 'Copies of a brand', code: 'prohibited', notes: [] })).send();
    };
    write('one', 'Copies of a brand');
    write('two', 'Another one');
    await send(() => Promise.reject(new ui.Problem(409, { code: 'version_conflict' })));
    expect([textOf('one'), decided]).toEqual(['Copies of a brand', []]);
    await send(() => Promise.resolve({}));
    expect([textOf('one'), textOf('two'), decided]).toEqual([null, 'Another one', ['reject']]);
  });
});
