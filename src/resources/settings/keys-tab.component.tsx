import type React from 'react';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import type { KeyLine, KeyList } from './settings-types.component.tsx';

/** Keys by their names and ages; a key itself never leaves the place where it is kept. */
export function KeysTab({ keys }: { keys: readonly KeyList[] }): React.ReactElement {
  return (
    <>
      <p className="fs-muted">
        {t('Keys are kept outside the database and rotated by operators, on the command line: each step leaves an audit row.')}
      </p>
      {keys.map(({ name, use, rotateBy, keys: lines }) => (
        <section key={name} className="fs-card fs-ops-keys" aria-label={name}>
          <h2>{name}</h2>
          <p className="fs-muted">{use}</p>
          {lines.length === 0 ? <p>{t('None is registered yet: they are when the first web process starts.')}</p> : null}
          <ul className="fs-plain-list">
            {lines.map((line) => (
              <li key={line.kid}>
                <code className="fs-wrap">{line.kid}</code> <KeyState line={line} />
              </li>
            ))}
          </ul>
          {rotateBy ? (
            <p className="fs-small">
              {t('Rotate by command:')} <code>{rotateBy}</code>
            </p>
          ) : (
            <p className="fs-small fs-muted">{t('Changed only with a new epoch of the history: see the runbook epoch-restart.')}</p>
          )}
        </section>
      ))}
    </>
  );
}

function KeyState({ line }: { line: KeyLine }): React.ReactElement {
  const since = line.retiredAt ?? line.activatedAt ?? line.publishedAt;
  return (
    <>
      {line.isCurrent ? (
        <StatusPill tone="ok">{t('Current')}</StatusPill>
      ) : line.retiredAt ? (
        <StatusPill tone="neutral">{t('Retired')}</StatusPill>
      ) : (
        <StatusPill tone="info">{t('Known')}</StatusPill>
      )}{' '}
      {since ? (
        <span className="fs-muted fs-small">
          {t('since')} <Time value={since} />
        </span>
      ) : (
        <span className="fs-muted fs-small">{t('age not recorded')}</span>
      )}
    </>
  );
}
