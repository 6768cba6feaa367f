import type { CommandDeps } from '../../../foundation/command/command.ts';
import { noticeHref } from './notice-href.ts';
import type { NoticeKind } from './notice-kinds.ts';

type Deps = Pick<CommandDeps, 'database'>;

/** The bell says "99+" beyond it. */
const countedAtMost = 100;

/** How many notices a person has not read; 100 means 100 or more. */
export async function unreadNotices({ database }: Deps, staffUserId: string): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>({
    name: 'notices-unread',
    text: `SELECT count(*)::int AS count FROM (
             SELECT FROM notifications.staff_notice WHERE staff_user_id = $1 AND read_at IS NULL LIMIT ${countedAtMost}) AS unread`,
    values: [staffUserId],
  });
  return rows[0]?.count ?? 0;
}

export type NoticeItem = { id: string; kind: string; title: string; href: string; createdAt: Date; readAt: Date | null };
export type NoticePage = { notices: readonly NoticeItem[]; next: string | null };

/** A person's own notices, newest first. `before` is the id of the last one seen: ids follow time. */
export async function listNotices(
  { database }: Deps,
  asked: { staffUserId: string; isUnread: boolean; kind: NoticeKind | null; before: string | null; limit: number },
): Promise<NoticePage> {
  const { staffUserId, isUnread, kind, before } = asked;
  const limit = Math.min(Math.max(1, asked.limit), 100);
  const rows = await database.prisma.staffNotice.findMany({
    where: { staffUserId, ...(isUnread ? { readAt: null } : {}), ...(kind ? { kind } : {}), ...(before ? { id: { lt: before } } : {}) },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  const shown = rows.slice(0, limit);
  return {
    notices: shown.map(({ id, title, resource, recordId, createdAt, readAt, ...row }) => ({
      id,
      kind: row.kind,
      title,
      href: noticeHref({ resource, recordId }),
      createdAt,
      readAt,
    })),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  };
}
