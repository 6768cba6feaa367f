import { currentAdmin } from './admin-types.component.tsx';
import { forgetInTab, keepInTab, keptInTab, ours } from './tab-memory.component.tsx';

export type RecentRecord = { resource: string; id: string; title: string };

const prefix = `${ours}recent:`;
const kept = 8;

/** Of this tab and person only: nothing leaves the browser, and closing the tab or signing out forgets it. */
const key = `${prefix}${currentAdmin.id}`;

/** The records opened last, newest first. */
export function recentRecords(): readonly RecentRecord[] {
  return keptInTab(key, (found) => (Array.isArray(found) ? found.filter(isRecent).slice(0, kept) : null)) ?? [];
}

export function rememberRecord(record: RecentRecord): void {
  const others = recentRecords().filter(({ resource, id }) => resource !== record.resource || id !== record.id);
  const { resource, id, title } = record;
  keepInTab(key, [{ resource, id, title }, ...others].slice(0, kept));
}

/** Forgets everything that this tab remembers, drafts too, at sign-out; and the records of others when somebody else signed in here. */
export function forgetRecords(whose: 'everybody' | 'others'): void {
  forgetInTab((name) => (whose === 'everybody' ? name.startsWith(ours) : name.startsWith(prefix) && name !== key));
}

function isRecent(value: unknown): value is RecentRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { resource, id, title } = value as Partial<Record<keyof RecentRecord, unknown>>;
  return typeof resource === 'string' && typeof id === 'string' && typeof title === 'string';
}
