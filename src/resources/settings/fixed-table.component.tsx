import type React from 'react';
import { t } from '../../admin/components/text.component.tsx';
import type { FixedLine } from './settings-types.component.tsx';

/** What is shown here and changed elsewhere, with where. */
export function FixedTable({ caption, note, lines }: { caption: string; note: string; lines: readonly FixedLine[] }): React.ReactElement {
  return (
    <section aria-label={caption}>
      <h2>{caption}</h2>
      <p className="fs-muted">{note}</p>
      <table className="fs-ops-table">
        <thead>
          <tr>
            <th scope="col">{t('What')}</th>
            <th scope="col">{t('Value')}</th>
            <th scope="col">{t('Where it is set')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ what, value, from }) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td data-label={t('Value')} className="fs-wrap">
                {value}
              </td>
              <td data-label={t('Where it is set')} className="fs-muted">
                {from === null ? t('In the release') : <code>{from}</code>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
