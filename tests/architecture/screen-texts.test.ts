import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/run-program.ts';
import { catalogueFile, catalogueText, componentSources } from '../../scripts/texts/catalogue.ts';
import { keysOf, looseTextsOf, unfilledOf } from '../../scripts/texts/component-texts.ts';
import { parseSource } from '../../scripts/texts/syntax.ts';
import { inLanguage, screenTexts } from '../../src/foundation/i18n/screen-texts.ts';

const sources = componentSources();
const component = (body: string) => parseSource('made-up.component.tsx', `export function X() { return ${body}; }`);

describe('texts of the screens', () => {
  test('every text of every component goes through t()', () => {
    const loose = sources.flatMap((source) =>
      looseTextsOf(source).map(({ line, text }) => `${relative(projectRoot, source.path)}:${line} ${text}`),
    );
    expect(loose).toEqual([]);
  });

  test('every sentence is in the catalogue, and nothing else: npm run texts', () => {
    expect(readFileSync(catalogueFile, 'utf8')).toBe(catalogueText(sources));
  });

  test('every place in a sentence is given its value', () => {
    expect(sources.flatMap((source) => unfilledOf(source).map((line) => `${relative(projectRoot, source.path)}:${line}`))).toEqual([]);
  });
});

describe('the check itself', () => {
  test.each([
    ['text between tags', '<p>Nothing here</p>'],
    ['a label that is read aloud', '<button aria-label="Close it" />'],
    ['a placeholder', '<input placeholder="Search" />'],
    ['a choice of two', "<b>{isOpen ? 'Open' : 'Shut'}</b>"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source of a component, not a text with a hole.
    ['a sentence made of parts', '<b title={`End session on ${name}`} />'],
    ['words inside a value of another sentence', "<b>{t('Now {state}', { state: isOpen ? 'Open' : 'Shut' })}</b>"],
    ['the label of an option', "<Choice options={[{ value: 'a', label: 'First of all' }]} />"],
  ])('finds %s', (_name, body) => {
    expect(looseTextsOf(component(body)).length).toBeGreaterThan(0);
  });

  test.each([
    ['what goes through t()', "<p title={t('Nothing here')}>{t('Nothing here')}</p>"],
    ['names of classes and kinds', '<p className="Fs-Odd" role="status" id="Top" />'],
    ['keys of the keyboard', "<p onKeyDown={(event) => event.key === 'Escape' && close()} />"],
    ['code that is meant for copying', '<code>npm run audit</code>'],
  ])('leaves %s alone', (_name, body) => {
    expect(looseTextsOf(component(body))).toEqual([]);
  });

  test('a sentence that is no plain string, and a place without a value, are found', () => {
    expect(() => keysOf(component('<p>{t(words)}</p>'))).toThrow('plain string');
    expect(unfilledOf(component("<p>{t('{count} fields', {})}</p>"))).toHaveLength(1);
    expect(unfilledOf(component("<p>{t('{count} fields', { count })}</p>"))).toEqual([]);
  });
});

describe('the stand-in for a long language', () => {
  test('every sentence is at least 40 % longer and keeps its places', () => {
    const texts = Object.entries(screenTexts('en-XA') ?? {});
    expect(texts.length).toBeGreaterThan(300);
    for (const [sentence, long] of texts) {
      expect(long.length).toBeGreaterThanOrEqual(Math.ceil(sentence.length * 1.4));
      expect(long.match(/\{\w+\}/g)).toEqual(sentence.match(/\{\w+\}/g));
    }
  });

  test('English sends no catalogue, and leaves answers as they are', () => {
    const answer = { title: 'Users' };
    expect(screenTexts('en')).toBeNull();
    expect(inLanguage(answer, 'en')).toBe(answer);
  });

  test('labels of the server are longer, values of records are not', () => {
    const at = new Date(0);
    const answer = { columns: [{ name: 'status', label: 'Status' }], record: { params: { status: 'active' }, at }, effects: ['Ends it.'] };
    expect(inLanguage(answer, 'en-XA')).toEqual({
      columns: [{ name: 'status', label: expect.stringMatching(/^‹.*›$/) }],
      record: { params: { status: 'active' }, at },
      effects: [expect.stringMatching(/^‹.*›$/)],
    });
  });
});
