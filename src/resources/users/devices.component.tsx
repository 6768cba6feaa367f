import type React from 'react';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { isLater, type Profile } from './customer-types.component.tsx';

/** Devices that signed in before: they have tries of their own, and some are not asked for the second factor. */
export function Devices({ devices, now }: { devices: Profile['devices']; now: string }): React.ReactElement | null {
  if (devices.length === 0) return null;
  return (
    <section className="fs-card">
      <h2>{t('Own devices')}</h2>
      <p className="fs-muted fs-small">{t('What strangers try on other devices does not hold these up.')}</p>
      <ul className="fs-plain-list fs-lines">
        {devices.map((device) => (
          <li key={device.id}>
            <div>
              <strong>{device.label}</strong>
              <p className="fs-muted fs-small">
                {device.place === 'unknown' ? t('Unknown place') : device.place}, {t('last seen')} <Time value={device.lastSeenAt} />
              </p>
            </div>
            {isLater(device.trustedUntil, now) && device.trustedUntil ? (
              <StatusPill tone="info">
                <span>
                  {t('No second factor asked until')} <Time value={device.trustedUntil} />
                </span>
              </StatusPill>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
