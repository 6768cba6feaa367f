import type React from 'react';
import { useState } from 'react';
import { stepUp } from './admin-api.component.tsx';
import { pageState } from './admin-types.component.tsx';
import { Field } from './form-field.component.tsx';
import { answerWithPasskey, knowsPasskeys } from './passkey.component.tsx';
import { t } from './text.component.tsx';

type Way = 'password' | 'code' | 'recoveryCode';

/** Asks for a fresh factor inside the dialog of the action, which then goes on with its input. */
export function StepUpForm({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }): React.ReactElement {
  const { hasMfa, hasTotp } = pageState;
  const [value, setValue] = useState('');
  const [way, setWay] = useState<Way>(!hasMfa ? 'password' : hasTotp ? 'code' : 'recoveryCode');
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const prove = async (factor: () => Promise<Readonly<Record<string, string>>>) => {
    setIsBusy(true);
    setError(null);
    const refusal = await factor()
      .then(stepUp)
      .catch((failed: unknown) =>
        failed instanceof Error && failed.constructor === Error ? failed.message : t('The server cannot be reached.'),
      );
    setIsBusy(false);
    if (refusal === null) onDone();
    else setError(refusal);
  };
  return (
    <form
      className="fs-dialog-body"
      onSubmit={(event) => {
        event.preventDefault();
        void prove(async () => ({ [way]: value }));
      }}
    >
      <p>{t('This needs a fresh check that it is you. Your input is kept.')}</p>
      {pageState.hasPasskey && knowsPasskeys() ? (
        <button
          type="button"
          className="fs-button"
          disabled={isBusy}
          onClick={() => void prove(async () => ({ response: await answerWithPasskey() }))}
        >
          {t('Use a passkey')}
        </button>
      ) : null}
      <Answer way={way} value={value} error={error} onChange={setValue} />
      {hasMfa && hasTotp ? (
        <button type="button" className="fs-link-button" onClick={() => setWay(way === 'recoveryCode' ? 'code' : 'recoveryCode')}>
          {way === 'recoveryCode' ? t('Use the authenticator') : t('Use a recovery code')}
        </button>
      ) : null}
      <footer className="fs-dialog-foot">
        <button type="button" className="fs-button" onClick={onCancel}>
          {t('Cancel')}
        </button>
        <button type="submit" className="fs-button fs-button-primary" aria-disabled={isBusy} disabled={isBusy}>
          {t('Confirm')}
        </button>
      </footer>
    </form>
  );
}

function Answer(props: { way: Way; value: string; error: string | null; onChange: (value: string) => void }): React.ReactElement {
  const { way, value, error, onChange } = props;
  if (way !== 'password') {
    const label = way === 'code' ? t('Code from your authenticator app') : t('Recovery code');
    return (
      <Field
        field={{ name: way, label, type: 'text', isRequired: true }}
        value={value}
        error={error}
        onChange={(next) => onChange(String(next))}
      />
    );
  }
  return (
    <div className="fs-field">
      <label htmlFor="fs-step-up-password">{t('Password')}</label>
      <input
        id="fs-step-up-password"
        type="password"
        autoComplete="current-password"
        required
        aria-describedby={error ? 'fs-step-up-error' : undefined}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {error ? (
        <p id="fs-step-up-error" className="fs-field-error" role="alert">
          {error}
        </p>
      ) : null}
    </div>
  );
}
