import { pageState } from './admin-types.component.tsx';

const { timeZone } = pageState.preferences;
const parts = new Intl.DateTimeFormat('en-CA', {
  timeZone,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** A moment as `YYYY-MM-DDTHH:MM` on the clocks of the person's zone: what a datetime-local input shows. */
export function toLocalInput(at: Date): string {
  const of = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${of.year}-${of.month}-${of.day}T${of.hour}:${of.minute}`;
}

/** The moment that clocks of the person's zone call so; null for what is not a time. Where clocks are put back, the first of both. */
export function fromLocalInput(text: string): Date | null {
  const asUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtc)) return null;
  for (const guess of [asUtc - offsetAt(asUtc - dayMs), asUtc - offsetAt(asUtc + dayMs)].sort((a, b) => a - b)) {
    if (toLocalInput(new Date(guess)) === text.slice(0, 16)) return new Date(guess);
  }
  return new Date(asUtc - offsetAt(asUtc));
}

const dayMs = 86_400_000;

/** How far the zone is ahead of UTC at a moment, in milliseconds. */
function offsetAt(at: number): number {
  const whole = Math.floor(at / 60_000) * 60_000;
  return Date.parse(`${toLocalInput(new Date(whole))}Z`) - whole;
}
