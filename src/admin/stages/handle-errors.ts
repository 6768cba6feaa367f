import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { toAppError } from '../../foundation/command/database-errors.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { answerProblem } from '../answers.ts';
import { stateOf } from '../state.ts';

/** Nothing matched. */
export const notFound: RequestHandler = () => {
  throw new AppError('not_found');
};

/** Stage 15: every failure ends here. What is not of the catalogue is logged with its cause and answered without it: 503 for a database that is away, else 500. */
export function handleErrors(deps: CommandDeps): ErrorRequestHandler {
  return (thrown: unknown, req, res, _next) => {
    const error = toAppError(thrown);
    // Read-only mode is somebody's will, no fault.
    if (error.status >= 500 && error.code !== 'read_only') {
      const { requestId, path } = stateOf(res).context;
      deps.log.error({ event: 'admin.failed', err: thrown, requestId, path }, 'admin.failed');
    }
    answerProblem(req, res, error);
  };
}
