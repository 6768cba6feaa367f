import type React from 'react';
import { useEffect, useRef, useState } from 'react';
import { getJson, setSessionHooks } from './admin-api.component.tsx';
import { SignInAgain } from './sign-in-again.component.tsx';
import { t } from './text.component.tsx';

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
        ? t('You will be signed out in {minutes} min for want of activity.', { minutes: Math.max(1, Math.ceil(left / 60_000)) })
        : t('You may have been signed out. What you typed is kept.')}{' '}
      <button type="button" className="fs-link-button" onClick={() => void getJson('/me')}>
        {t('Stay signed in')}
      </button>
    </div>
  );
}
