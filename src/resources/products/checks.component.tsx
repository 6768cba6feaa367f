import type React from 'react';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { Check } from './product-types.component.tsx';
import { checkWords } from './revision-words.component.tsx';

/** What the automatic checks found, in their order. */
export function Checks({ checks }: { checks: readonly Check[] }): React.ReactElement | null {
  if (checks.length === 0) return null;
  return (
    <section className="fs-card" aria-label={t('Checks')} role="status">
      <h2>{t('Checks')}</h2>
      <ul className="fs-plain-list fs-lines">
        {checks.map(({ rule, ok, note }) => (
          <li key={rule}>
            <div>
              {checkWords(rule)}
              {note === '' ? null : <p className="fs-small fs-muted">{note}</p>}
            </div>
            <StatusPill tone={ok ? 'ok' : 'warn'}>{ok ? t('Fine') : t('Look closely')}</StatusPill>
          </li>
        ))}
      </ul>
    </section>
  );
}
