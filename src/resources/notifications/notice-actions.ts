import { type CommandAction, commandAction } from '../../admin/index.ts';
import { noticeCommands, noticeKindNames, noticeKinds } from '../../modules/notifications/index.ts';

/** What a person does with their own inbox; each is posted to the page itself. */
export const noticeActions: readonly CommandAction[] = [
  commandAction(noticeCommands.markNoticesRead, {
    name: 'markRead',
    label: 'Mark as read',
    effect: 'They no longer count as unread; nothing is deleted',
    placement: ['resource'],
    group: 'everyday',
    message: (output) => readText(output),
  }),
  commandAction(noticeCommands.setNoticePreference, {
    name: 'setPreference',
    label: 'Save',
    effect: 'Says where you are told of this',
    placement: ['resource'],
    group: 'everyday',
    form: [
      {
        name: 'kind',
        label: 'Kind',
        type: 'select',
        isRequired: true,
        options: noticeKindNames.map((kind) => ({ value: kind, label: noticeKinds[kind].label })),
      },
      { name: 'inApp', label: 'In the inbox', type: 'checkbox' },
      { name: 'email', label: 'By mail', type: 'checkbox' },
    ],
    message: () => 'Saved. It counts from the next notice on.',
  }),
];

function readText(output: unknown): string {
  const marked: unknown = typeof output === 'object' && output !== null && 'marked' in output ? output.marked : 0;
  return marked === 1 ? 'Marked 1 notice as read.' : `Marked ${String(marked)} notices as read.`;
}
