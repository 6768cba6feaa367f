import type { CommandDeps } from '../../../foundation/command/command.ts';
import {
  isAlwaysTold,
  isNoticeKind,
  type NoticeChannels,
  type NoticeKind,
  noticeKindNames,
  noticeKinds,
  usualChannels,
} from './notice-kinds.ts';

/** Where each of these people wants to be told of this kind. */
export async function channelsOf(
  deps: Pick<CommandDeps, 'database'>,
  kind: NoticeKind,
  staff: readonly string[],
): Promise<ReadonlyMap<string, NoticeChannels>> {
  const chosen = await deps.database.prisma.noticePreference.findMany({ where: { kind, staffUserId: { in: [...staff] } } });
  const byPerson = new Map(chosen.map(({ staffUserId, inApp, email }) => [staffUserId, { inApp, email }]));
  return new Map(staff.map((id) => [id, byPerson.get(id) ?? usualChannels(kind)]));
}

export type NoticePreferenceItem = NoticeChannels & { kind: NoticeKind; label: string; help: string; isFixed: boolean };

/** Every kind with what one person chose, or how it is by itself. */
export async function noticePreferences(
  deps: Pick<CommandDeps, 'database'>,
  staffUserId: string,
): Promise<readonly NoticePreferenceItem[]> {
  const rows = await deps.database.prisma.noticePreference.findMany({ where: { staffUserId } });
  const chosen = new Map(rows.flatMap((row) => (isNoticeKind(row.kind) ? [[row.kind, row] as const] : [])));
  return noticeKindNames.map((kind) => {
    const { inApp, email } = chosen.get(kind) ?? usualChannels(kind);
    const { label, help } = noticeKinds[kind];
    return { kind, label, help, inApp: inApp || isAlwaysTold(kind), email, isFixed: isAlwaysTold(kind) };
  });
}
