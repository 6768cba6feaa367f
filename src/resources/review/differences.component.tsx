import { t } from '../../admin/components/text.component.tsx';
import type { DiffJson } from '../../admin/history/history-json.ts';
import type { ValueJson } from '../../admin/history/value-json.ts';
import type { CaseJson, Section } from './review-types.ts';

/** What reads differently in two states of one case, field by field. */
export function differences(before: CaseJson, after: CaseJson): readonly DiffJson[] {
  const [old, fresh] = [valuesOf(before), valuesOf(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((label) => {
    const [was, is] = [old.get(label) ?? null, fresh.get(label) ?? null];
    return was === is ? [] : [entryOf(label, was, is)];
  });
}

function entryOf(label: string, was: string | null, is: string | null): DiffJson {
  return { table: '', recordId: '', eventId: '', field: label, label, before: asValue(was), after: asValue(is) };
}

const asValue = (text: string | null): ValueJson => (text === null || text === '' ? { kind: 'empty' } : { kind: 'text', text });

function valuesOf({ title, status, sections }: CaseJson): ReadonlyMap<string, string | null> {
  return new Map([[t('Title'), title] as const, [t('Status'), status] as const, ...sections.flatMap(sectionValues)]);
}

function sectionValues(section: Section): readonly (readonly [string, string | null])[] {
  switch (section.kind) {
    case 'facts':
    case 'compare':
      return section.facts.map(({ label, value }) => [label, value] as const);
    case 'images':
      return [[section.title, section.images.map(({ id, alt }) => alt ?? id).join(', ')]];
    case 'documents':
      return section.documents.map(({ label, number, file }) => [label, [number, file].filter(Boolean).join(', ')] as const);
    case 'links':
      return [[section.title, section.lines.map(({ label, note }) => `${label} ${note}`).join('\n')]];
    case 'price':
      return [[section.title, String(section.price)]];
    case 'preview':
      return [[section.title, `${section.heading}\n${section.text}`]];
    case 'signals':
      return [[section.title, section.signals.map(({ text }) => text).join('\n')]];
    case 'fields':
      return section.fields.map(({ label, diff }) => [label, diff.after.kind === 'text' ? diff.after.text : diff.after.kind] as const);
    default:
      return section satisfies never;
  }
}
