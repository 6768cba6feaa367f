import { join } from 'node:path';
import { z } from 'zod';
import { definePage, type PageRequest } from '../../admin/index.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { isNoticeKind, noticeKindNames, noticeKinds, noticeQueries } from '../../modules/notifications/index.ts';
import { noticeActions } from './notice-actions.ts';

const asked = z.strictObject({
  state: z.enum(['unread', 'all']).default('all'),
  kind: z.string().refine(isNoticeKind).optional(),
  before: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
  /** The settings tab has the choices instead of the notices. */
  tab: z.enum(['settings']).optional(),
});

/** A person's own inbox, and where they want to be told of what. */
export const notificationsPage = definePage({
  id: 'notifications',
  noun: 'notification',
  title: 'Notifications',
  icon: 'bell',
  navigationGroup: null,
  permission: 'notification.read',
  handler: loadNotices,
  component: join(import.meta.dirname, 'notifications.component.tsx'),
  recordsRead: null,
  waiting: ({ staff, deps }) => noticeQueries.unreadNotices(deps, staff.id),
  actions: noticeActions,
});

async function loadNotices({ staff, deps, query }: PageRequest): Promise<Readonly<Record<string, unknown>>> {
  const parsed = asked.safeParse(query);
  if (!parsed.success) return fail('bad_request');
  const { state, kind, before, limit, tab } = parsed.data;
  const unread = await noticeQueries.unreadNotices(deps, staff.id);
  const kinds = noticeKindNames.map((name) => ({ kind: name, label: noticeKinds[name].label }));
  if (tab === 'settings') return { tab, unread, kinds, preferences: await noticeQueries.noticePreferences(deps, staff.id) };
  const page = await noticeQueries.listNotices(deps, {
    staffUserId: staff.id,
    isUnread: state === 'unread',
    kind: kind && isNoticeKind(kind) ? kind : null,
    before: before ?? null,
    limit,
  });
  return { tab: 'inbox', state, kind: kind ?? null, unread, kinds, ...page };
}
