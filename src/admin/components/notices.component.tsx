import { newKey, postJson } from './admin-api.component.tsx';

export type Notice = { id: string; kind: string; title: string; href: string; createdAt: string; readAt: string | null };
export type NoticeList = {
  notices: readonly Notice[];
  next: string | null;
  unread: number;
  kinds: readonly { kind: string; label: string }[];
};

export const noticesPath = '/pages/notifications';

const changed = 'fs:notices';

/** Marks own notices as read and has the bell count again. */
export async function markRead(which: { ids: readonly string[] } | { upTo: string }): Promise<void> {
  await postJson(noticesPath, { action: 'markRead', input: which, idempotencyKey: newKey() });
  window.dispatchEvent(new Event(changed));
}

export function onNoticesChanged(work: () => void): () => void {
  window.addEventListener(changed, work);
  return () => window.removeEventListener(changed, work);
}
