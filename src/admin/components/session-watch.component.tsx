import type React from 'react';
import { useEffect, useRef, useState } from 'react';
import { getJson, postForm, setSessionHooks } from './admin-api.component.tsx';
import { Dialog } from './dialog.component.tsx';

const idleMs = 30 * 60_000;
const warnMs = 2 * 60_000;

type Waiting = { resolve: () => void };

/**
 * Warns two minutes before the session ends for want of activity, and lets people sign in again in a dialog when it has:
 * the page below keeps what was typed, and the refused request goes on by itself.
 */
export function SessionWatch(): React.ReactElement | null {
  const [endsAt, setEndsAt] = useState(() => Date.now() + idleMs);
  const [now, setNow] = useState(() => Date.now());
  const [isSignedOut, setIsSignedOut] = useState(false);
  const waiting = useRef<Waiting[]>([]);
  useEffect(() => {
    setSessionHooks({
      onAnswer: () => setEndsAt(Date.now() + idleMs),
      signInAgain: () =>
        new Promise<void>((resolve) => {
          waiting.current.push({ resolve });
          setIsSignedOut(true);
        }),
    });
    const timer = setInterval(() => setNow(Date.now()), 5000);
    return () => clearInterval(timer);
  }, []);
  if (isSignedOut) {
    return (
      <SignInAgain
        onDone={() => {
          setIsSignedOut(false);
          for (const { resolve } of waiting.current.splice(0)) resolve();
        }}
      />
    );
  }
  const left = endsAt - now;
  if (left > warnMs) return null;
  return (
    <div className="fs-banner fs-banner-warn" role="alert">
      {left > 0
        ? `You will be signed out in ${Math.max(1, Math.ceil(left / 60_000))} min for want of activity.`
        : 'You may have been signed out. What you typed is kept.'}{' '}
      <button type="button" className="fs-link-button" onClick={() => void getJson('/me')}>
        Stay signed in
      </button>
    </div>
  );
}

function SignInAgain({ onDone }: { onDone: () => void }): React.ReactElement {
  const [step, setStep] = useState<'password' | 'factor'>('password');
  const [email, setEmail] = useState('');
  const [secret, setSecret] = useState('');
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    setError(null);
    const answer =
      step === 'password'
        ? await postForm('/admin/login', { email, password: secret })
        : await postForm('/admin/login/mfa', { code: secret });
    if (!answer.isAccepted) {
      setError(answer.status === 429 ? 'Too many attempts. Please wait.' : 'The email, password or code is not right.');
      return;
    }
    setSecret('');
    const me = await fetch('/admin/api/me', { credentials: 'same-origin' });
    if (me.ok) onDone();
    else setStep('factor');
  };
  return (
    <Dialog title="Please sign in again" onClose={() => undefined} canClose={false}>
      <form className="fs-dialog-body" onSubmit={(event) => void submit(event)}>
        <p>Your session has ended. What you typed on the page is kept.</p>
        {error ? (
          <p className="fs-form-error" role="alert">
            {error}
          </p>
        ) : null}
        {step === 'password' ? (
          <div className="fs-field">
            <label htmlFor="fs-again-email">Email</label>
            <input
              id="fs-again-email"
              type="email"
              autoComplete="username"
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          </div>
        ) : null}
        <div className="fs-field">
          <label htmlFor="fs-again-secret">{step === 'password' ? 'Password' : 'Code from your authenticator app'}</label>
          <input
            id="fs-again-secret"
            key={step}
            type={step === 'password' ? 'password' : 'text'}
            autoComplete={step === 'password' ? 'current-password' : 'one-time-code'}
            required
            value={secret}
            onChange={(event) => setSecret(event.target.value)}
          />
        </div>
        <footer className="fs-dialog-foot">
          <button type="submit" className="fs-button fs-button-primary">
            {step === 'password' ? 'Sign in' : 'Continue'}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
