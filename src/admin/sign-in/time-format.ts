/** A time in the person's own zone, which is shown; `never` without one. */
export type TimeFormat = (at: Date | null) => string;

/** For pages that are written on the server. */
export function timeFormat(locale: string, timeZone: string): TimeFormat {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  return (at) => (at ? `${format.format(at)} (${timeZone})` : 'never');
}
