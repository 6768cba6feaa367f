import type React from 'react';
import type { Column } from './admin-types.component.tsx';
import { chooseAppearance, densities } from './appearance.component.tsx';
import { Drawer } from './drawer.component.tsx';
import { Icon } from './icon.component.tsx';
import { t } from './text.component.tsx';

/** Which columns a list shows, in which order, and how high its rows are; kept for the person. */
export function ColumnChooser(props: {
  columns: readonly Column[];
  /** Names of the shown ones, in their order. */
  shown: readonly string[];
  /** An empty list brings back the list's own. */
  onChange: (shown: readonly string[]) => void;
}): React.ReactElement {
  const { columns, shown, onChange } = props;
  const hidden = columns.filter((column) => !shown.includes(column.name));
  const ordered = [...shown.flatMap((name) => columns.find((column) => column.name === name) ?? []), ...hidden];
  const toggle = (name: string) => onChange(shown.includes(name) ? shown.filter((other) => other !== name) : [...shown, name]);
  const move = (name: string, by: number) => {
    const from = shown.indexOf(name);
    const next = shown.filter((other) => other !== name);
    next.splice(from + by, 0, name);
    onChange(next);
  };
  return (
    <Drawer label={t('Columns')} icon="settings" className="fs-columns">
      {() => (
        <>
          <ul className="fs-column-list">
            {ordered.map((column) => {
              const at = shown.indexOf(column.name);
              return (
                <li key={column.name}>
                  <label className="fs-check">
                    <input
                      type="checkbox"
                      checked={at !== -1}
                      disabled={at !== -1 && shown.length === 1}
                      onChange={() => toggle(column.name)}
                    />{' '}
                    {column.label}
                  </label>
                  <MoveButton
                    label={t('Move {column} up', { column: column.label })}
                    icon="chevron-up"
                    isOff={at < 1}
                    onMove={() => move(column.name, -1)}
                  />
                  <MoveButton
                    label={t('Move {column} down', { column: column.label })}
                    icon="chevron-down"
                    isOff={at === -1 || at === shown.length - 1}
                    onMove={() => move(column.name, 1)}
                  />
                </li>
              );
            })}
          </ul>
          <button type="button" className="fs-link-button" onClick={() => onChange([])}>
            {t('Back to the usual columns')}
          </button>
          <Density />
        </>
      )}
    </Drawer>
  );
}

function MoveButton(props: { label: string; icon: string; isOff: boolean; onMove: () => void }): React.ReactElement {
  return (
    <button
      type="button"
      className="fs-icon-button"
      aria-label={props.label}
      aria-disabled={props.isOff}
      onClick={() => {
        if (!props.isOff) props.onMove();
      }}
    >
      <Icon name={props.icon} />
    </button>
  );
}

const densityWords = { comfortable: t('Comfortable'), compact: t('Compact') };

function Density(): React.ReactElement {
  const now = document.documentElement.dataset.density;
  return (
    <fieldset className="fs-density">
      <legend>{t('Row height')}</legend>
      {densities.map((density) => (
        <label key={density} className="fs-check">
          <input type="radio" name="fs-density" defaultChecked={density === now} onChange={() => chooseAppearance({ density })} />{' '}
          {densityWords[density]}
        </label>
      ))}
    </fieldset>
  );
}
