import type { Filter, RecordJson, Resource } from './admin-types.component.tsx';
import type { FilterKind, FilterWay } from './filters.component.tsx';
import { sentenceCase } from './status-pill.component.tsx';
import { t } from './text.component.tsx';

const datePresets = [
  { label: t('Last 24 hours'), hours: 24 },
  { label: t('Last 7 days'), hours: 168 },
  { label: t('Last 30 days'), hours: 720 },
  { label: t('Last 12 months'), hours: 8760 },
];

const yesNo = [
  { value: 'true', label: t('Yes') },
  { value: 'false', label: t('No') },
];

const wayWords: Readonly<Record<string, string>> = {
  equals: t('is'),
  in: t('is one of'),
  contains: t('contains'),
  starts: t('starts with'),
  between: t('between'),
  isEmpty: t('is empty'),
};

/** The filters of a resource as rows of the filter bar: fields, and how each may be compared. */
export function listFilterKinds(resource: Resource): readonly FilterKind[] {
  return resource.filters.map((filter) => ({
    id: filter.field,
    label: filter.label,
    ways: filter.operators.map((operator) => wayOf(filter, operator)),
  }));
}

function wayOf(filter: Filter, operator: string): FilterWay {
  const base = `filters.${filter.field}`;
  const label = wayWords[operator] ?? sentenceCase(operator);
  const shared = { id: operator, label };
  if (operator === 'between') {
    const isTime = filter.type === 'date' || filter.type === 'datetime';
    const params = [`${base}~~from`, `${base}~~to`] as const;
    return isTime
      ? { ...shared, params, control: 'date', ...(filter.type === 'datetime' ? { presets: datePresets } : {}) }
      : { ...shared, params, control: 'number' };
  }
  const params = [operator === 'equals' ? base : `${base}~~${operator}`] as const;
  if (operator === 'isEmpty') return { ...shared, params, control: 'choice', options: yesNo };
  if (filter.type === 'boolean') return { ...shared, params, control: 'choice', options: yesNo };
  if (filter.type === 'enum') {
    const options = filter.values.map((value) => ({ value, label: filter.states?.[value]?.label ?? sentenceCase(value) }));
    return { ...shared, params, control: operator === 'in' ? 'choices' : 'choice', options };
  }
  const help =
    operator === 'in' ? { help: t('Several, with commas between') } : operator === 'contains' ? { help: t('At least 3 letters') } : {};
  return { ...shared, params, control: 'text', ...help };
}

/** Titles of the records that the shown ones point to, so that a filter by one of them can say its name. */
export function referencedTitles(records: readonly RecordJson[]): ReadonlyMap<string, string> {
  return new Map(records.flatMap((record) => Object.values(record.populated).map(({ id, title }) => [id, title] as const)));
}
