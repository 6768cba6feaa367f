import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { answerProblem } from '../answers.ts';
import { stateOf } from '../state.ts';

/** Nothing matched. */
export const notFound: RequestHandler = () => {
  throw new AppError('not_found');
};

/** Stage 15: every failure ends here. What is not of the catalogue is logged with its cause and answered as 500 without it. */
export function handleErrors(deps: CommandDeps): ErrorRequestHandler {
  return (thrown: unknown, req, res, _next) => {
    const error = asAppError(thrown);
    if (error.status >= 500) {
      const { requestId, path } = stateOf(res).context;
      deps.log.error({ event: 'admin.failed', err: thrown, requestId, path }, 'admin.failed');
    }
    answerProblem(req, res, error);
  };
}

function asAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError('internal_error', { cause: thrown });
}
