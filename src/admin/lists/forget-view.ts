import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { ownView } from './own-view.ts';

const input = z.strictObject({ id: z.uuid() });

/** Deletes an own view; lists that opened with it open as they are. @throws AppError 404 `not_found` */
export const forgetView = defineCommand<z.infer<typeof input>, { name: string }>({
  name: 'forget-view',
  resource: 'saved_view',
  access: 'saved_view.keep',
  input,
  async run(scope, { id }) {
    const { name } = await ownView(scope, id);
    await scope.tx.savedView.deleteMany({ where: { id } });
    scope.touched(id);
    return { name };
  },
});
