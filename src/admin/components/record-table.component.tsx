import type React from 'react';
import type { Column, ListAnswer, RecordJson, Resource } from './admin-types.component.tsx';
import { CellValue, isNumeric } from './cell-value.component.tsx';
import { Icon } from './icon.component.tsx';
import { Link, recordHref } from './router.component.tsx';
import { t } from './text.component.tsx';

/** Selected records by id, with their titles: they stay selected from page to page. */
export type Selection = ReadonlyMap<string, string>;

type Props = {
  resource: Resource;
  columns: readonly Column[];
  /** Names of the up to three columns that narrow screens keep. */
  keys: ReadonlySet<string>;
  records: readonly RecordJson[];
  meta: ListAnswer['meta'];
  selected: Selection;
  scroller: React.RefObject<HTMLElement>;
  onSelect: (selected: Selection) => void;
  onSort: (field: string) => void;
};

/** Rows under a head that stays; each row opens as a link does. Below 768 px the rows are cards. */
export function RecordTable(props: Props): React.ReactElement {
  const { resource, columns, records, selected, onSelect } = props;
  const canSelect = resource.bulkActions.length > 0;
  const areAllSelected = records.every((record) => selected.has(record.id));
  const toggleAll = () => {
    const next = new Map(selected);
    for (const record of records) {
      if (areAllSelected) next.delete(record.id);
      else next.set(record.id, record.title);
    }
    onSelect(next);
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1).
    <section ref={props.scroller} className="fs-table-scroller" tabIndex={0} aria-label={t('{list}, table', { list: resource.title })}>
      <table className="fs-table">
        <thead>
          <tr>
            {canSelect ? (
              <th className="fs-select-cell">
                <input type="checkbox" aria-label={t('Select all on this page')} checked={areAllSelected} onChange={toggleAll} />
              </th>
            ) : null}
            {columns.map((column) => (
              <HeadCell
                key={column.name}
                column={column}
                className={cellClass(column, props.keys)}
                meta={props.meta}
                onSort={props.onSort}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <RecordRow key={record.id} {...props} record={record} canSelect={canSelect} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function RecordRow(props: Props & { record: RecordJson; canSelect: boolean }): React.ReactElement {
  const { resource, columns, keys, record, selected, onSelect, canSelect } = props;
  const toggle = () => {
    const next = new Map(selected);
    if (!next.delete(record.id)) next.set(record.id, record.title);
    onSelect(next);
  };
  return (
    <tr>
      {canSelect ? (
        <td className="fs-select-cell">
          <input
            type="checkbox"
            aria-label={t('Select {record}', { record: record.title })}
            checked={selected.has(record.id)}
            onChange={toggle}
          />
        </td>
      ) : null}
      {columns.map((column, index) => (
        <td key={column.name} data-label={column.label} className={cellClass(column, keys)}>
          {index === 0 && resource.canShow && !record.isClosed ? (
            <Link href={recordHref(resource.id, record.id)} className="fs-row-link">
              {hasOwnText(column, record) ? <CellValue column={column} record={record} /> : record.title}
            </Link>
          ) : (
            <CellValue column={column} record={record} />
          )}
        </td>
      ))}
    </tr>
  );
}

/** Whether the first cell can be the text of the row's link: no link of its own, no button, not empty. */
function hasOwnText(column: Column, record: RecordJson): boolean {
  const value = record.params[column.name];
  return column.type !== 'reference' && column.type !== 'masked' && value !== null && value !== undefined && value !== '';
}

function cellClass(column: Column, keys: ReadonlySet<string>): string {
  return [isNumeric(column) ? 'fs-number' : '', keys.has(column.name) ? 'fs-key-cell' : ''].filter(Boolean).join(' ');
}

function HeadCell(props: {
  column: Column;
  className: string;
  meta: ListAnswer['meta'];
  onSort: (field: string) => void;
}): React.ReactElement {
  const { column, className, meta } = props;
  const isCurrent = meta.sortBy === column.name;
  if (!column.isSortable) {
    return (
      <th scope="col" className={className}>
        {column.label}
      </th>
    );
  }
  const direction = meta.direction === 'asc' ? 'ascending' : 'descending';
  return (
    <th scope="col" className={className} aria-sort={isCurrent ? direction : 'none'}>
      <button type="button" className="fs-sort" onClick={() => props.onSort(column.name)}>
        {column.label}
        {isCurrent ? <Icon name={meta.direction === 'asc' ? 'chevron-up' : 'chevron-down'} /> : null}
      </button>
    </th>
  );
}
