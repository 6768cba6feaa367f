import type { CommandAction } from '../../admin/index.ts';
import { carefulActions } from './careful-actions.ts';
import { everydayActions } from './everyday-actions.ts';
import { requestActions } from './request-actions.ts';

/** What staff may do with a customer, in the order of the action rail. The matrix says who; here is only how it reads. */
export const userActions: readonly CommandAction[] = [...everydayActions, ...carefulActions, ...requestActions];
