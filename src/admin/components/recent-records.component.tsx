import { currentAdmin } from './admin-types.component.tsx';

export type RecentRecord = { resource: string; id: string; title: string };

const prefix = 'fs:recent:';
const kept = 8;

/** Of this tab and person only: nothing leaves the browser, and closing the tab or signing out forgets it. */
const key = `${prefix}${currentAdmin.id}`;

/** The records opened last, newest first. */
export function recentRecords(): readonly RecentRecord[] {
  try {
    const parsed: unknown = JSON.parse(sessionStorage.getItem(key) ?? '[]');
    return Array.isArray(parsed) ? parsed.filter(isRecent).slice(0, kept) : [];
  } catch {
    return [];
  }
}

export function rememberRecord(record: RecentRecord): void {
  const others = recentRecords().filter(({ resource, id }) => resource !== record.resource || id !== record.id);
  const { resource, id, title } = record;
  try {
    sessionStorage.setItem(key, JSON.stringify([{ resource, id, title }, ...others].slice(0, kept)));
  } catch {
    // Without storage there is no list of recent records; nothing else needs it.
  }
}

/** Forgets what this tab remembers of anybody; at sign-out, and of others when somebody else signed in here. */
export function forgetRecords(whose: 'everybody' | 'others'): void {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith(prefix) && (whose === 'everybody' || name !== key)) sessionStorage.removeItem(name);
  }
}

function isRecent(value: unknown): value is RecentRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { resource, id, title } = value as Partial<Record<keyof RecentRecord, unknown>>;
  return typeof resource === 'string' && typeof id === 'string' && typeof title === 'string';
}
