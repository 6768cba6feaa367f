import type { CardAnswer, PageRequest } from '../../admin/index.ts';

export type Day = { day: string; count: number };

/** The days as a line, with a sentence that says the same. */
export function trend(days: readonly Day[], label: string, summary: string): NonNullable<CardAnswer['chart']> {
  return {
    kind: 'line',
    summary,
    series: [{ label, tone: 'brand' }],
    points: days.map(({ day, count }) => ({ label: day, values: [count] })),
  };
}

export function sum(days: readonly Day[]): number {
  return days.reduce((total, { count }) => total + count, 0);
}

/** "0 s", "45 s", "3 min", "2 h" */
export function secondsText(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}

/** A count that stopped at a ceiling says so: "1,000+". */
export function upTo(ceiling: number, count: number): number | string {
  return count > ceiling ? `${new Intl.NumberFormat('en').format(ceiling)}+` : count;
}

/** One answer for all cards of one opening of the dashboard that are made of it. */
export function once<T>(load: (request: PageRequest) => Promise<T>): (request: PageRequest) => Promise<T> {
  const known = new WeakMap<PageRequest, Promise<T>>();
  return (request) => {
    const answer = known.get(request) ?? load(request);
    known.set(request, answer);
    return answer;
  };
}
