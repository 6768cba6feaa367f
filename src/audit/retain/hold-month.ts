import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { validationError } from '../../foundation/errors/app-error.ts';
import { writeHold } from './holds.ts';

const input = z.strictObject({ month: z.string().trim() });
const monthPattern = /^20\d\d-(0[1-9]|1[0-2])$/;

/**
 * Holds a month of the history, `YYYY-MM`: it is neither archived nor dropped, and nobody it holds rows about is erased.
 * @throws AppError 403 `forbidden`, 422 `invalid_value`
 */
export const holdMonth = defineCommand<z.infer<typeof input>, { holdId: string }>({
  name: 'hold-month',
  resource: 'legal_hold',
  access: 'user.set_legal_hold',
  input,
  isIdempotent: true,
  async preview(_scope, { month }) {
    return [`Keeps the whole of ${month}.`, 'Refuses to erase anybody it holds rows about.'];
  },
  async run(scope, { month }) {
    const isPast = monthPattern.test(month) && month <= scope.now.toISOString().slice(0, 7);
    if (!isPast) throw validationError([{ path: 'month', code: 'invalid_value' }]);
    const holdId = await writeHold(scope, { month });
    scope.touched(holdId);
    return { holdId };
  },
});
