import type React from 'react';
import { useEffect, useState } from 'react';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { exactTime } from '../../admin/components/time.component.tsx';
import { type SlaClock, slaTones } from './ticket-types.component.tsx';

const radius = 17;
const around = 2 * Math.PI * radius;

/** Time left as a ring and in words; what is paused says since when, what is over by how much. */
export function SlaRing({ sla, now }: { sla: SlaClock; now: string }): React.ReactElement {
  const at = useServerNow(now, sla.state !== 'paused' && sla.state !== 'done');
  const due = new Date(sla.dueAt);
  const leftMs = due.getTime() - (sla.pausedAt ? new Date(sla.pausedAt).getTime() : at);
  const tone = slaTones[sla.state];
  return (
    <div className={`fs-sla fs-sla-${tone}`}>
      <svg viewBox="0 0 40 40" width="40" height="40" aria-hidden="true" focusable="false">
        <circle className="fs-sla-track" cx="20" cy="20" r={radius} />
        <circle
          className="fs-sla-used"
          cx="20"
          cy="20"
          r={radius}
          strokeDasharray={`${Math.min(1, sla.used) * around} ${around}`}
          transform="rotate(-90 20 20)"
        />
      </svg>
      <div>
        <p className="fs-sla-words">
          <StatusPill tone={tone}>{stateWords(sla.state)}</StatusPill>
        </p>
        <p className="fs-small">
          <time dateTime={sla.dueAt} title={exactTime(due)}>
            {leftWords(sla, leftMs)}
          </time>
        </p>
      </div>
    </div>
  );
}

function stateWords(state: SlaClock['state']): string {
  switch (state) {
    case 'breached':
      return t('Breached');
    case 'at_risk':
      return t('At risk');
    case 'on_track':
      return t('On track');
    case 'paused':
      return t('Paused');
    case 'done':
      return t('Done');
    default:
      return state satisfies never;
  }
}

function leftWords({ state, kind }: SlaClock, leftMs: number): string {
  const time = span(Math.abs(leftMs));
  if (state === 'done') return leftMs >= 0 ? t('In time') : t('Late by {time}', { time });
  if (leftMs < 0) return kind === 'resolution' ? t('Resolution late by {time}', { time }) : t('First response late by {time}', { time });
  return kind === 'resolution' ? t('{time} left to resolve', { time }) : t('{time} left for the first response', { time });
}

/** The two largest units: "2 d 3 h", "1 h 5 min", "12 min". */
export function span(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  if (days > 0) return hours > 0 ? t('{days} d {hours} h', { days, hours }) : t('{days} d', { days });
  if (hours > 0) return rest > 0 ? t('{hours} h {minutes} min', { hours, minutes: rest }) : t('{hours} h', { hours });
  return t('{minutes} min', { minutes });
}

/** The server's time, moving on: a computer whose clock is wrong shows the right ring all the same. */
export function useServerNow(now: string, isRunning: boolean): number {
  const [at, setAt] = useState(() => new Date(now).getTime());
  useEffect(() => {
    const start = new Date(now).getTime();
    const opened = performance.now();
    setAt(start);
    if (!isRunning) return undefined;
    const timer = setInterval(() => setAt(start + performance.now() - opened), 15_000);
    return () => clearInterval(timer);
  }, [now, isRunning]);
  return at;
}
