import type React from 'react';
import { useState } from 'react';
import { stepUp } from './admin-api.component.tsx';
import { pageState } from './admin-types.component.tsx';
import { Field } from './form-field.component.tsx';

/** Asks for a fresh factor inside the dialog of the action, which then goes on with its input. */
export function StepUpForm({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }): React.ReactElement {
  const [value, setValue] = useState('');
  const [isRecovery, setIsRecovery] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const name = !pageState.hasMfa ? 'password' : isRecovery ? 'recoveryCode' : 'code';
  const labels = { password: 'Password', code: 'Code from your authenticator app', recoveryCode: 'Recovery code' } as const;
  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    setIsBusy(true);
    const refusal = await stepUp({ [name]: value }).catch(() => 'The server cannot be reached.');
    setIsBusy(false);
    if (refusal === null) onDone();
    else setError(refusal);
  };
  return (
    <form className="fs-dialog-body" onSubmit={(event) => void submit(event)}>
      <p>This needs a fresh check that it is you. Your input is kept.</p>
      {name === 'password' ? (
        <div className="fs-field">
          <label htmlFor="fs-step-up-password">{labels.password}</label>
          <input
            id="fs-step-up-password"
            type="password"
            autoComplete="current-password"
            required
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
          {error ? <p className="fs-field-error">{error}</p> : null}
        </div>
      ) : (
        <Field
          field={{ name, label: labels[name], type: 'text', isRequired: true }}
          value={value}
          error={error}
          onChange={(next) => setValue(String(next))}
        />
      )}
      {pageState.hasMfa ? (
        <button type="button" className="fs-link-button" onClick={() => setIsRecovery((before) => !before)}>
          {isRecovery ? 'Use the authenticator' : 'Use a recovery code'}
        </button>
      ) : null}
      <footer className="fs-dialog-foot">
        <button type="button" className="fs-button" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className="fs-button fs-button-primary" aria-disabled={isBusy} disabled={isBusy}>
          Confirm
        </button>
      </footer>
    </form>
  );
}
