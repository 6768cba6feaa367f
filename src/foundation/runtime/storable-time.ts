const [first, last] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-30T23:59:59.999Z')];

/**
 * Whether a moment (milliseconds since 1970) is one that PostgreSQL and ISO 8601 with four digits of the year both know, also with a day
 * added; false for NaN.
 */
export function isStorableTime(milliseconds: number): boolean {
  return milliseconds >= first && milliseconds <= last;
}
