import type React from 'react';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import type { VendorExtra } from './vendor-types.component.tsx';

/** How far the owner came, line by line. */
export function SetupTab({ extra: { setup } }: { extra: VendorExtra }): React.ReactElement {
  if (!setup) return <p className="fs-muted">{t('Nothing is kept here yet.')}</p>;
  return (
    <section className="fs-card">
      <h2>{t('Setup, {percent} %', { percent: setup.percent })}</h2>
      <progress className="fs-vendor-progress" max={100} value={setup.percent} aria-label={t('Setup')} />
      <ul className="fs-plain-list fs-lines">
        {setup.lines.map(({ name, label, at }) => (
          <li key={name}>
            <div>
              <p>{label}</p>
              {at ? (
                <p className="fs-muted fs-small">
                  <Time value={at} />
                </p>
              ) : null}
            </div>
            <StatusPill tone={at ? 'ok' : 'neutral'}>{at ? t('Done') : t('Not yet')}</StatusPill>
          </li>
        ))}
      </ul>
    </section>
  );
}
