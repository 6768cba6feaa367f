import type React from 'react';
import { useState } from 'react';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { actionOf, type TabProps, targetOf } from './customer-types.component.tsx';

/** The person's passkeys; one of a lost device can be asked to be removed by two people. */
export function Passkeys({ answer, extra, reload }: TabProps): React.ReactElement | null {
  const [removing, setRemoving] = useState<string | null>(null);
  const { passkeys } = extra.profile;
  const remove = actionOf(answer, 'requestPasskeyRemoval');
  if (passkeys.length === 0) return null;
  return (
    <section className="fs-card">
      <h2>{t('Passkeys')}</h2>
      <ul className="fs-plain-list fs-lines">
        {passkeys.map((passkey) => (
          <li key={passkey.id}>
            <div>
              <strong className="fs-wrap">{passkey.name}</strong>
              <p className="fs-muted fs-small">
                {passkey.kept ? t('Kept by {keeper}.', { keeper: passkey.kept }) : null} {t('Added')} <Time value={passkey.createdAt} />
                {', '}
                {passkey.lastUsedAt ? (
                  <>
                    {t('last used')} <Time value={passkey.lastUsedAt} />
                  </>
                ) : (
                  t('never used')
                )}
              </p>
            </div>
            {remove ? (
              <button
                type="button"
                className="fs-button fs-button-small"
                aria-disabled={remove.refusal !== null}
                aria-label={t('Request removal of passkey {name}', { name: passkey.name })}
                onClick={() => (remove.refusal === null ? setRemoving(passkey.id) : undefined)}
              >
                {t('Request removal')}
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      {remove?.refusal ? <p className="fs-muted fs-small">{remove.refusal}</p> : null}
      {removing && remove ? (
        <ReasonForm
          action={{ ...remove, form: [] }}
          target={targetOf(answer, remove, { fixedInput: { passkeyId: removing } })}
          onClose={() => setRemoving(null)}
          onDone={() => {
            setRemoving(null);
            reload();
          }}
        />
      ) : null}
    </section>
  );
}
