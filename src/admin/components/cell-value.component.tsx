import type React from 'react';
import type { Column, RecordJson } from './admin-types.component.tsx';
import { pageState } from './admin-types.component.tsx';
import { MaskedValue } from './masked-value.component.tsx';
import { Link, recordHref } from './router.component.tsx';
import { StatePill } from './status-pill.component.tsx';
import { t } from './text.component.tsx';
import { Time } from './time.component.tsx';

const numbers = new Intl.NumberFormat(pageState.preferences.locale);

/** One value of a record, drawn by its column's type. Everything is text to React: markup in data stays text. */
export function CellValue({ column, record }: { column: Column; record: RecordJson }): React.ReactElement {
  const value = record.params[column.name];
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) {
    return (
      <span className="fs-muted">
        <span aria-hidden="true">-</span>
        <span className="fs-visually-hidden">{t('None')}</span>
      </span>
    );
  }
  const text = textOf(value);
  switch (column.type) {
    case 'enum':
      return <StatePill value={text} states={column.states} />;
    case 'boolean':
      return <>{value === true ? t('Yes') : t('No')}</>;
    case 'integer':
      return <span className="fs-tabular">{typeof value === 'number' ? numbers.format(value) : text}</span>;
    case 'decimal':
      return <span className="fs-tabular">{text}</span>;
    case 'date':
      return <Time value={text} isDay />;
    case 'datetime':
      return <Time value={text} />;
    case 'masked':
      return <MaskedValue value={text} label={column.label} />;
    case 'reference': {
      const target = record.populated[column.name];
      if (!target) return <code>{text.slice(0, 8)}</code>;
      return target.resource ? <Link href={recordHref(target.resource, target.id)}>{target.title}</Link> : <span>{target.title}</span>;
    }
    case 'id':
      return <code title={text}>{text.length > 13 ? `${text.slice(0, 13)}...` : text}</code>;
    default:
      return <>{text}</>;
  }
}

/** A list is told as its items. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function isNumeric(column: Column): boolean {
  return column.type === 'integer' || column.type === 'decimal';
}
