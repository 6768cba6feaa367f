/**
 * What this tab remembers of a person, under keys that begin with `fs:`. Storage that is full, switched off or holds something else keeps
 * nothing, and disturbs nobody.
 */
export const ours = 'fs:';

/** `read` turns what was kept into a value again, or gives null for what is none. */
export function keptInTab<T>(key: string, read: (kept: unknown) => T | null): T | null {
  try {
    const text = sessionStorage.getItem(key);
    return text === null ? null : read(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Null forgets. */
export function keepInTab(key: string, value: unknown): void {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // It is lost with a reload, which nobody would notice otherwise.
  }
}

export function forgetInTab(isGoing: (key: string) => boolean): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (isGoing(key)) sessionStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}
