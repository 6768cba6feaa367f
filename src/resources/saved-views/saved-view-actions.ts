import { type CommandAction, commandAction } from '../../admin/index.ts';
import { arrangeList } from '../../admin/lists/arrange-list.ts';
import { forgetView } from '../../admin/lists/forget-view.ts';
import { keepView } from '../../admin/lists/keep-view.ts';
import { orderViews } from '../../admin/lists/order-views.ts';
import { renameView } from '../../admin/lists/rename-view.ts';
import { shareView } from '../../admin/lists/share-view.ts';

const onPage = { placement: ['resource'], group: 'everyday' } as const;

/** What a person may do with views; the list and the page of views ask for them by name. */
export const savedViewActions: readonly CommandAction[] = [
  commandAction(keepView, {
    ...onPage,
    label: 'Save view',
    effect: 'Keeps filters, order, columns and row height under a name',
    message: () => 'View saved.',
    shown: (output) => ({ output }),
  }),
  commandAction(renameView, {
    ...onPage,
    label: 'Rename view',
    effect: 'Gives the view another name',
    message: () => 'View renamed.',
  }),
  commandAction(shareView, {
    ...onPage,
    label: 'Share view',
    effect: 'Shows the view to everybody of your role',
    message: (output) =>
      isShared(output) ? 'Shared with your role. Everybody sees it with their own rights.' : 'Only you see the view now.',
  }),
  commandAction(forgetView, {
    ...onPage,
    label: 'Delete view',
    effect: 'Deletes the view; the records stay',
    message: () => 'View deleted.',
  }),
  commandAction(orderViews, {
    ...onPage,
    label: 'Order views',
    effect: 'Changes the order of your views',
    message: () => 'Order saved.',
  }),
  commandAction(arrangeList, {
    ...onPage,
    label: 'Arrange list',
    effect: 'Keeps which columns you see, and the view the list opens with',
    message: () => 'Kept for you.',
  }),
];

function isShared(output: unknown): boolean {
  return typeof output === 'object' && output !== null && 'role' in output && output.role !== null;
}
