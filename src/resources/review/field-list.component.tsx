import type React from 'react';
import { Change } from '../../admin/components/diff-view.component.tsx';
import { Icon } from '../../admin/components/icon.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { Section } from './review-types.ts';
import type { AcceptedFields } from './use-accepted.component.tsx';

/** A proposed change field by field: the live value beside the proposed one and whether it is taken over. */
export function FieldList(props: { section: Extract<Section, { kind: 'fields' }>; accepted: AcceptedFields }): React.ReactElement {
  const { section, accepted } = props;
  return (
    <ul className="fs-review-fields">
      {section.fields.map(({ field, label, diff, isStale }) => {
        const isChosen = accepted?.chosen.has(field) ?? true;
        return (
          <li key={field} className={isChosen ? undefined : 'fs-review-field-out'}>
            <header>
              <h4>{label}</h4>
              {accepted?.canChoose ? (
                <label className="fs-check">
                  <input
                    type="checkbox"
                    aria-label={t('Take over: {field}', { field: label })}
                    checked={isChosen}
                    onChange={() => accepted.toggle(field)}
                  />{' '}
                  {t('Take over')}
                </label>
              ) : null}
            </header>
            <p>
              <Change before={diff.before} after={diff.after} />
            </p>
            {isChosen ? null : <p className="fs-small fs-muted">{t('Left out: the live value stays.')}</p>}
            {isStale ? (
              <p className="fs-small fs-review-check-bad">
                <Icon name="warn" /> {t('The live value changed after this was proposed.')}
              </p>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}
