import type { Request, Response } from 'express';
import { AppError } from '../../foundation/errors/app-error.ts';
import { answerJson } from '../answers.ts';
import { formBody, readBody } from '../stages/read-body.ts';
import { stateOf } from '../state.ts';
import { mayChangeFactors, type SignInParts } from './flow.ts';

/**
 * POST /admin/passkey/options: what the browser needs to answer with a passkey (`purpose=get`: second step or step-up) or to make one
 * (`purpose=create`: first enrolment, or with a fresh factor). Each answer holds a challenge of its own.
 */
export async function sendPasskeyOptions(parts: SignInParts, req: Request, res: Response): Promise<void> {
  const { purpose } = await readBody(req, res, formBody);
  const { session, signedIn } = stateOf(res);
  if (!session) throw new AppError('sign_in_required');
  if (purpose === 'get' && session.stage !== 'enrol') {
    const options = await parts.identity.challengePasskey(session.userId);
    if (!options) throw new AppError('method_not_available');
    answerJson(res, 200, options);
    return;
  }
  const mayMake = session.stage === 'enrol' || (signedIn !== null && mayChangeFactors(parts, res));
  if (purpose !== 'create') throw new AppError('bad_request');
  if (!mayMake) throw new AppError('step_up_required');
  answerJson(res, 200, await parts.identity.beginPasskeyEnrolment(session.userId));
}
