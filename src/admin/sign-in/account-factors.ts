import type { Request, Response } from 'express';
import { AppError } from '../../foundation/errors/app-error.ts';
import { answerHtml } from '../answers.ts';
import { formBody, readBody } from '../stages/read-body.ts';
import { requireSignedIn } from '../state.ts';
import { errorText } from '../texts.ts';
import { showAccount } from './account.ts';
import { mayChangeFactors, type SignInParts, textField } from './flow.ts';
import { recoveryCodesPage } from './recovery-codes-page.ts';

type Change = (userId: string, fields: Readonly<Record<string, unknown>>) => Promise<void>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Another name for a passkey; 1 to 60 characters. */
export function renamePasskey(parts: SignInParts, req: Request, res: Response): Promise<void> {
  return change(parts, { req, res }, (userId, fields) =>
    parts.identity.renamePasskey(userId, factorIdIn(fields), textField(fields, 'name', 60).trim()),
  );
}

/** Takes a factor away; the last one stays on production builds, and the page says so. */
export function removeFactor(parts: SignInParts, req: Request, res: Response): Promise<void> {
  return change(parts, { req, res }, (userId, fields) => parts.identity.removeFactor(userId, factorIdIn(fields)));
}

/** Ten new recovery codes on a page of their own, this one time. */
export async function renewCodes(parts: SignInParts, req: Request, res: Response): Promise<void> {
  let codes: readonly string[] | null = null;
  const isDone = await attempt(parts, { req, res }, async (userId) => {
    codes = (await parts.identity.renewRecoveryCodes(userId)).recoveryCodes;
  });
  if (isDone && codes) answerHtml(res, 200, recoveryCodesPage(res, codes, '/admin/account'));
}

async function change(parts: SignInParts, call: { req: Request; res: Response }, work: Change): Promise<void> {
  if (await attempt(parts, call, work)) call.res.redirect(303, '/admin/account');
}

/** False when something else was answered: a step-up, or the page with what is wrong. */
async function attempt(parts: SignInParts, { req, res }: { req: Request; res: Response }, work: Change): Promise<boolean> {
  const fields = await readBody(req, res, formBody);
  if (!mayChangeFactors(parts, res)) {
    res.redirect(303, '/admin/step-up?next=/admin/account');
    return false;
  }
  try {
    await work(requireSignedIn(res).staff.id, fields);
    return true;
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    await showAccount(parts, req, res, { status: error.status, text: errorText(error.code, error.details.params) });
    return false;
  }
}

function factorIdIn(fields: Readonly<Record<string, unknown>>): string {
  const id = textField(fields, 'id', 36);
  if (!uuid.test(id)) throw new AppError('not_found');
  return id;
}
