import type React from 'react';
import { useEffect, useRef, useState } from 'react';
import { Icon } from '../../admin/components/icon.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { exactTime } from '../../admin/components/time.component.tsx';
import type { CaseWriter } from './use-case-writer.component.tsx';

const warnMs = 5 * 60_000;
/** A lease is of thirty minutes: asking more often than this would only fill the history. */
const renewEveryMs = 3 * 60_000;
const tickMs = 5_000;
const activities = ['keydown', 'pointerdown', 'wheel', 'input'] as const;

export type Lease = {
  leftMs: number;
  untilText: string;
  isOver: boolean;
  renew: () => void;
};

/**
 * How long the case is still theirs, by the server's clock, and its renewal: anything a person does on the page keeps it, at most every
 * three minutes. `onOver` is called once when it has run out.
 */
export function useLease(held: { until: string; now: string; writer: CaseWriter }, onOver: () => void): Lease {
  const { until, now, writer } = held;
  const { write, isIdleFor, writtenAt } = writer;
  const [firstEnd, setFirstEnd] = useState(() => localTime(until, now));
  const [at, setAt] = useState(() => Date.now());
  const over = useRef(onOver);
  over.current = onOver;
  useEffect(() => {
    setFirstEnd(localTime(until, now));
  }, [until, now]);
  const renew = () => {
    write('touch', { input: {} })
      .then(() => setAt(Date.now()))
      // The clock goes on to its end, which says what happened.
      .catch(() => undefined);
  };
  const latest = useRef(renew);
  latest.current = renew;
  const written = writtenAt();
  const end = written === null ? firstEnd : Math.max(firstEnd, written + leaseMs);
  const isOver = at >= end;
  useEffect(() => {
    const timer = setInterval(() => setAt(Date.now()), tickMs);
    const onActivity = () => {
      if (isIdleFor(renewEveryMs)) latest.current();
    };
    for (const kind of activities) document.addEventListener(kind, onActivity, { passive: true });
    return () => {
      clearInterval(timer);
      for (const kind of activities) document.removeEventListener(kind, onActivity);
    };
  }, [isIdleFor]);
  useEffect(() => {
    if (isOver) over.current();
  }, [isOver]);
  return { leftMs: Math.max(0, end - at), untilText: exactTime(new Date(end)), isOver, renew };
}

const leaseMs = 30 * 60_000;

/** A moment of the server on the clock of this computer, which may be wrong. */
function localTime(until: string, now: string): number {
  return Date.now() + new Date(until).getTime() - new Date(now).getTime();
}

/** The countdown; from five minutes on it asks to be looked at. */
export function LeaseClock({ lease }: { lease: Lease }): React.ReactElement {
  const { leftMs, untilText, isOver, renew } = lease;
  const minutes = Math.ceil(leftMs / 60_000);
  if (isOver) {
    return (
      <p role="alert" className="fs-review-lease fs-review-lease-over">
        <Icon name="clock" />
        <span>{t('Your claim has run out and the case waits in the queue again. What you typed is kept in this tab.')}</span>
      </p>
    );
  }
  const isClose = leftMs <= warnMs;
  return (
    <p role={isClose ? 'alert' : undefined} className={`fs-review-lease${isClose ? ' fs-review-lease-close' : ''}`} title={untilText}>
      <Icon name="clock" />
      <span className="fs-tabular">
        {minutes === 1 ? t('Yours for 1 more minute') : t('Yours for {minutes} more minutes', { minutes })}
      </span>
      {isClose ? (
        <button type="button" className="fs-link-button" onClick={renew}>
          {t('Keep it 30 minutes')}
        </button>
      ) : null}
    </p>
  );
}
