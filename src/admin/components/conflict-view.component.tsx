import type React from 'react';
import { textOf } from './diff-view.component.tsx';
import { sentenceCase } from './status-pill.component.tsx';
import { t } from './text.component.tsx';
import type { Conflict } from './use-command.component.tsx';

type Values = Readonly<Record<string, unknown>>;

/** A record that changed under an open form: then, now and the own change, side by side; the input is kept either way. */
export function ConflictView(props: {
  conflict: Conflict;
  opened: Values;
  change: Values;
  /** What people call a field. */
  labels: Readonly<Record<string, string>>;
  onApply: () => void;
  onDiscard: () => void;
}): React.ReactElement {
  const { conflict, opened, change, labels } = props;
  const { current } = conflict;
  const names = [...new Set([...Object.keys(current), ...Object.keys(change)])].filter(
    (name) => (name in current && name in opened && textOf(current[name]) !== textOf(opened[name])) || name in change,
  );
  return (
    <div className="fs-dialog-body">
      <p>{t('Someone changed this record after you opened it. Nothing of yours was saved yet.')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard. */}
      <section className="fs-scroll" tabIndex={0} aria-label={t('What changed')}>
        <table className="fs-table-plain">
          <thead>
            <tr>
              <th scope="col">{t('Field')}</th>
              <th scope="col">{t('When you opened it')}</th>
              <th scope="col">{t('Now')}</th>
              <th scope="col">{t('Your change')}</th>
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row">{labels[name] ?? sentenceCase(name)}</th>
                <td>{shown(opened, name)}</td>
                <td>{shown(current, name)}</td>
                <td>{name in change ? shown(change, name) : <span className="fs-muted">{t('not changed')}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <footer className="fs-dialog-foot">
        <button type="button" className="fs-button" onClick={props.onDiscard}>
          {t('Discard')}
        </button>
        <button type="button" className="fs-button fs-button-primary" onClick={props.onApply}>
          {t('Apply mine to the new version')}
        </button>
      </footer>
    </div>
  );
}

function shown(values: Values, name: string): React.ReactElement | string {
  const value = values[name];
  if (value === undefined || value === null || value === '') return <span className="fs-muted">{t('empty')}</span>;
  return textOf(value);
}
