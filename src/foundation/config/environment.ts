/** The one place that reads process.env. */
export function environment(): Record<string, string | undefined> {
  return { ...process.env };
}
