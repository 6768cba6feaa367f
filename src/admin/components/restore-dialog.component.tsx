import type React from 'react';
import { useState } from 'react';
import type { RestoreJson } from '../history/history-answers.ts';
import type { StateJson } from '../history/version-json.ts';
import { Dialog } from './dialog.component.tsx';
import { ReasonForm } from './reason-form.component.tsx';
import { t } from './text.component.tsx';
import { ValueView, valueText } from './value-view.component.tsx';

type Props = { restore: RestoreJson; then: StateJson['fields']; onClose: () => void; onDone: () => void };

/**
 * Restoring in two steps: which fields, with the value of then beside the value of now; then the reason, with the effects as the
 * command tells them. A change in between is shown with both values before anything is written.
 */
export function RestoreDialog({ restore, then, onClose, onDone }: Props): React.ReactElement {
  const offered = then.filter(({ field }) => restore.fields.includes(field));
  const differing = offered.filter((field) => restore.isWhole || isDifferent(field, restore.now));
  const [chosen, setChosen] = useState<readonly string[]>(restore.isWhole ? restore.fields : []);
  const [isAsking, setIsAsking] = useState(false);
  const toggle = (field: string) =>
    setChosen((before) => (before.includes(field) ? before.filter((each) => each !== field) : [...before, field]));
  if (isAsking) {
    return (
      <ReasonForm
        action={restore.action}
        target={{
          path: '/pages/history',
          base: '/pages/history',
          pageAction: restore.action.name,
          record: { id: restore.recordId, title: '', params: textsOf(restore.now), populated: {} },
          version: restore.expectedVersion,
          fixedInput: { id: restore.recordId, eventId: restore.eventId, fields: chosen },
          change: textsOf(offered.filter(({ field }) => chosen.includes(field))),
        }}
        onClose={onClose}
        onDone={onDone}
      />
    );
  }
  return (
    <Dialog title={restore.isWhole ? t('Bring back the deleted record') : t('Restore fields')} onClose={onClose}>
      <div className="fs-dialog-body">
        <p>
          {restore.isWhole
            ? t('It comes back as it was before it was deleted. Nothing of the history is changed.')
            : t('Chosen values are written as a new version. Nothing of the history is changed.')}
        </p>
        {differing.length === 0 ? <p className="fs-muted">{t('Everything that can be restored is the same now.')}</p> : null}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls sideways must be reached by the keyboard. */}
        <div className="fs-scroll" tabIndex={0} role="region" aria-label={t('Values of then and now')}>
          <table className="fs-table-plain">
            <thead>
              <tr>
                <th scope="col">{t('Field')}</th>
                <th scope="col">{t('Then')}</th>
                <th scope="col">{t('Now')}</th>
              </tr>
            </thead>
            <tbody>
              {differing.map(({ field, label, value }) => (
                <tr key={field}>
                  <th scope="row">
                    {restore.isWhole ? (
                      label
                    ) : (
                      <label className="fs-check">
                        <input type="checkbox" checked={chosen.includes(field)} onChange={() => toggle(field)} /> {label}
                      </label>
                    )}
                  </th>
                  <td>
                    <ValueView value={value} />
                  </td>
                  <td>
                    <ValueView value={nowOf(field, restore.now)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <footer className="fs-dialog-foot">
          <button type="button" className="fs-button" onClick={onClose}>
            {t('Cancel')}
          </button>
          <button
            type="button"
            className="fs-button fs-button-primary"
            aria-disabled={chosen.length === 0}
            onClick={() => (chosen.length === 0 ? undefined : setIsAsking(true))}
          >
            {t('Continue')}
          </button>
        </footer>
      </div>
    </Dialog>
  );
}

function nowOf(field: string, now: StateJson['fields']): StateJson['fields'][number]['value'] {
  return now.find((each) => each.field === field)?.value ?? { kind: 'empty' };
}

/** Two ciphertexts may hold the same: only the server can tell, and it changes nothing where nothing differs. */
function isDifferent({ field, value }: StateJson['fields'][number], now: StateJson['fields']): boolean {
  const current = nowOf(field, now);
  return value.kind === 'encrypted' || current.kind === 'encrypted' || valueText(value) !== valueText(current);
}

function textsOf(fields: StateJson['fields']): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fields.map(({ field, value }) => [field, valueText(value)]));
}
