import type React from 'react';
import { useState } from 'react';
import type { CompareAnswer, TimelineAnswer } from '../history/history-answers.ts';
import type { HistoryJson } from '../history/history-json.ts';
import type { ComparisonJson, VersionJson } from '../history/version-json.ts';
import { Change, Piece, sidePieces } from './diff-view.component.tsx';
import { ErrorState } from './empty-state.component.tsx';
import type { HistoryAddress } from './history-address.component.tsx';
import { RestoreDialog } from './restore-dialog.component.tsx';
import { t } from './text.component.tsx';
import { exactTime } from './time.component.tsx';
import { usePages } from './use-pages.component.tsx';
import { useRemote } from './use-remote.component.tsx';
import { ValueView } from './value-view.component.tsx';

type Props = { record: string; address: HistoryAddress; onChanged?: () => void };
type Version = { eventId: string; text: string };

/** Any two versions of a record, side by side or inline. */
export function HistoryCompare({ record, address, onChanged }: Props): React.ReactElement {
  const pages = usePages<TimelineAnswer, HistoryJson>(
    `/pages/history?record=${encodeURIComponent(record)}&kind=change`,
    ({ entries, next }) => ({ items: entries, next }),
  );
  const versions = pages.items.flatMap(versionsOf);
  const left = address.read('left') ?? versions[1]?.eventId ?? versions[0]?.eventId ?? null;
  const right = address.read('right') ?? 'now';
  return (
    <>
      <div className="fs-history-filters">
        <Choice label={t('Earlier version')} value={left} versions={versions} onChange={(id) => address.go({ left: id, right })} />
        <Choice
          label={t('Later version')}
          value={right}
          versions={[{ eventId: 'now', text: t('Now') }, ...versions]}
          onChange={(id) => address.go({ left, right: id })}
        />
        {pages.next ? (
          <button type="button" className="fs-button" onClick={pages.more}>
            {t('Older versions')}
          </button>
        ) : null}
      </div>
      {left ? <Compared record={record} left={left} right={right} {...(onChanged ? { onChanged } : {})} /> : null}
      {!left && !pages.isLoading ? <p className="fs-muted">{t('There is only one version.')}</p> : null}
    </>
  );
}

/** One version for each record row that the click changed; of several in one click the last is the state it left. */
function versionsOf(entry: HistoryJson): readonly Version[] {
  const ids = [...new Set(entry.rows.map((row) => row.rowId))].filter((id) => id !== entry.actionId);
  return ids.map((eventId) => ({ eventId, text: `${exactTime(new Date(entry.at))}: ${entry.actor} ${entry.what}` }));
}

function Choice(props: {
  label: string;
  value: string | null;
  versions: readonly Version[];
  onChange: (eventId: string) => void;
}): React.ReactElement {
  const id = `fs-compare-${props.label.charAt(0)}`;
  const isKnown = props.versions.some(({ eventId }) => eventId === props.value);
  return (
    <div className="fs-field">
      <label htmlFor={id}>{props.label}</label>
      <select id={id} value={props.value ?? ''} onChange={(event) => props.onChange(event.target.value)}>
        {props.value && !isKnown ? <option value={props.value}>{t('The version you came from')}</option> : null}
        {props.versions.map(({ eventId, text }) => (
          <option key={eventId} value={eventId}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

function Compared(props: { record: string; left: string; right: string; onChanged?: () => void }): React.ReactElement {
  const { record, left, right, onChanged } = props;
  const remote = useRemote<CompareAnswer>(`/pages/history?view=compare&record=${encodeURIComponent(record)}&left=${left}&right=${right}`);
  const [isInline, setIsInline] = useState(false);
  const [isRestoring, setIsRestoring] = useState(false);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={remote.reload} />;
  if (!remote.data) return <div className="fs-skeleton" />;
  const { comparison, restore } = remote.data;
  const changed = comparison.fields.filter((field) => field.isChanged);
  const same = comparison.fields.filter((field) => !field.isChanged);
  return (
    <section className="fs-card">
      <div className="fs-history-filters">
        <p role="status">
          {changed.length === 0
            ? t('Both versions are the same.')
            : t('{count} of {all} fields differ.', { count: changed.length, all: comparison.fields.length })}
        </p>
        <label className="fs-check">
          <input type="checkbox" checked={isInline} onChange={(event) => setIsInline(event.target.checked)} /> {t('Inline')}
        </label>
        {restore ? (
          <button type="button" className="fs-button" onClick={() => setIsRestoring(true)}>
            {restore.isWhole ? t('Bring it back') : t('Restore fields of the earlier one')}
          </button>
        ) : null}
      </div>
      <ComparisonTable comparison={comparison} fields={changed} isInline={isInline} />
      {same.length > 0 ? (
        <details>
          <summary>{t('{count} fields are the same', { count: same.length })}</summary>
          <dl className="fs-facts">
            {same.map((field) => (
              <div key={field.field}>
                <dt>{field.label}</dt>
                <dd>
                  <ValueView value={field.left} />
                </dd>
              </div>
            ))}
          </dl>
        </details>
      ) : null}
      {isRestoring && restore ? (
        <RestoreDialog
          restore={restore}
          then={comparison.fields.map(({ field, label, left: value }) => ({ field, label, value }))}
          onClose={() => setIsRestoring(false)}
          onDone={() => {
            setIsRestoring(false);
            remote.reload();
            onChanged?.();
          }}
        />
      ) : null}
    </section>
  );
}

function ComparisonTable(props: {
  comparison: ComparisonJson;
  fields: ComparisonJson['fields'];
  isInline: boolean;
}): React.ReactElement | null {
  const { comparison, fields, isInline } = props;
  if (fields.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls sideways must be reached by the keyboard.
    <div className="fs-scroll" tabIndex={0} role="region" aria-label={t('Fields that differ')}>
      <table className="fs-table-plain fs-compare">
        <thead>
          <tr>
            <th scope="col">{t('Field')}</th>
            {isInline ? (
              <th scope="col">{t('Change')}</th>
            ) : (
              <>
                <th scope="col">{headingOf(comparison.left)}</th>
                <th scope="col">{headingOf(comparison.right)}</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field.field}>
              <th scope="row">{field.label}</th>
              {isInline ? (
                <td>
                  <Change before={field.left} after={field.right} />
                </td>
              ) : (
                <>
                  <td>
                    <Side field={field} side="removed" />
                  </td>
                  <td>
                    <Side field={field} side="added" />
                  </td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function headingOf({ version, condition }: { version: VersionJson | null; condition: string }): string {
  if (!version) return t('Nothing yet');
  return `${exactTime(new Date(version.at))}, ${version.actor}${condition === 'deleted' ? ' (deleted)' : ''}`;
}

function Side({ field, side }: { field: ComparisonJson['fields'][number]; side: 'removed' | 'added' }): React.ReactElement {
  const [value, other] = side === 'removed' ? [field.left, field.right] : [field.right, field.left];
  if (value.kind !== 'text') return <ValueView value={value} />;
  return (
    <span className="fs-wrap">
      {sidePieces(value, other, side).map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move.
        <Piece key={index} part={part} />
      ))}
    </span>
  );
}
