import type React from 'react';
import { useState } from 'react';
import { postForm } from './admin-api.component.tsx';
import { currentAdmin, pageState } from './admin-types.component.tsx';
import { Dialog } from './dialog.component.tsx';
import { answerWithPasskey, knowsPasskeys } from './passkey.component.tsx';
import { t } from './text.component.tsx';

type Step = 'password' | 'factor';

/** Sign-in in place: the page below keeps what was typed. Somebody else than before gets a page of their own. */
export function SignInAgain({ onDone }: { onDone: () => void }): React.ReactElement {
  const [step, setStep] = useState<Step>('password');
  const [email, setEmail] = useState('');
  const [secret, setSecret] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const send = async (path: string, fields: () => Promise<Readonly<Record<string, string>>>) => {
    setIsBusy(true);
    setError(null);
    setError(await tryOnce(path, fields, { onFactor: () => setStep('factor'), onDone }));
    setSecret('');
    setIsBusy(false);
  };
  const isPassword = step === 'password';
  return (
    <Dialog title={t('Please sign in again')} onClose={() => undefined} canClose={false}>
      <form
        className="fs-dialog-body"
        onSubmit={(event) => {
          event.preventDefault();
          if (isPassword) void send('/admin/login', async () => ({ email, password: secret }));
          else void send('/admin/login/mfa', async () => ({ code: secret }));
        }}
      >
        <p>{t('Your session has ended. What you typed on the page is kept.')}</p>
        {error ? (
          <p className="fs-form-error" role="alert">
            {error}
          </p>
        ) : null}
        {isPassword ? <Labelled id="fs-again-email" label={t('Email')} type="email" value={email} onChange={setEmail} /> : null}
        {!isPassword && knowsPasskeys() && pageState.hasPasskey ? (
          <button
            type="button"
            className="fs-button"
            disabled={isBusy}
            onClick={() => void send('/admin/login/mfa', async () => ({ response: await answerWithPasskey() }))}
          >
            {t('Use a passkey')}
          </button>
        ) : null}
        <Labelled
          key={step}
          id="fs-again-secret"
          label={isPassword ? t('Password') : t('Code from your authenticator app')}
          type={isPassword ? 'password' : 'text'}
          value={secret}
          onChange={setSecret}
        />
        <footer className="fs-dialog-foot">
          <button type="submit" className="fs-button fs-button-primary" disabled={isBusy}>
            {isPassword ? t('Sign in') : t('Continue')}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

type Next = { onFactor: () => void; onDone: () => void };

/** Null when the step was taken; otherwise what to say. */
async function tryOnce(path: string, fields: () => Promise<Readonly<Record<string, string>>>, next: Next): Promise<string | null> {
  try {
    const answer = await postForm(path, await fields());
    if (answer.status === 429) return t('Too many attempts. Please wait.');
    if (!answer.isAccepted) return t('The email, password or code is not right.');
    const me = await fetch('/admin/api/me', { credentials: 'same-origin' });
    if (!me.ok) next.onFactor();
    else if (((await me.json()) as { id?: unknown }).id === currentAdmin.id) next.onDone();
    else window.location.reload();
    return null;
  } catch (failed) {
    return failed instanceof Error && failed.constructor === Error ? failed.message : t('The server cannot be reached.');
  }
}

const autoComplete = { email: 'username', password: 'current-password', text: 'one-time-code' } as const;

function Labelled(props: {
  id: string;
  label: string;
  type: keyof typeof autoComplete;
  value: string;
  onChange: (value: string) => void;
}): React.ReactElement {
  return (
    <div className="fs-field">
      <label htmlFor={props.id}>{props.label}</label>
      <input
        id={props.id}
        type={props.type}
        autoComplete={autoComplete[props.type]}
        required
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      />
    </div>
  );
}
