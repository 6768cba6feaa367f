import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { refuseTakenName, viewName } from './keep-view.ts';
import { ownView } from './own-view.ts';

const input = z.strictObject({ id: z.uuid(), name: viewName });

/** @throws AppError 404 `not_found`, 409 `view_name_taken` */
export const renameView = defineCommand<z.infer<typeof input>, { name: string }>({
  name: 'rename-view',
  resource: 'saved_view',
  access: 'saved_view.keep',
  input,
  async run(scope, { id, name }) {
    const view = await ownView(scope, id);
    await refuseTakenName(scope, { ...view, name });
    await scope.tx.savedView.updateMany({ where: { id }, data: { name, version: { increment: 1 } } });
    scope.touched(id);
    return { name };
  },
});
