import type { NextFunction, RequestHandler, Response } from 'express';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { inLanguage } from '../../foundation/i18n/screen-texts.ts';
import type { ReadRecord } from '../admin.ts';
import { answerHtml, answerJson } from '../answers.ts';
import { answerFile, FileAnswer } from '../file-answer.ts';
import { pageState } from '../page-state.ts';
import type { Registry } from '../registry.ts';
import { rewritePage } from '../rewrite-page.ts';
import { requireSignedIn, stateOf } from '../state.ts';
import { type GatedRoute, requireRoute, templateOf } from './route-gate.ts';

export type RewriteParts = { registry: Registry; deps: CommandDeps; recordRead(entry: ReadRecord): Promise<void> };

/**
 * Stage 14: what AdminJS's routes send passes through here. Its hidden errors become true status codes (H26), its page
 * becomes ours, and a read of personal data is recorded before a byte of it leaves; without the row there is no answer.
 */
export function rewriteAnswers(parts: RewriteParts): RequestHandler {
  return (_req, res, next) => {
    const send = (body: unknown): Response => {
      finish(parts, res, body).catch((error: unknown) => fail(error, next));
      return res;
    };
    Object.assign(res, { send, json: send });
    next();
  };
}

function fail(error: unknown, next: NextFunction): void {
  next(error);
}

async function finish(parts: RewriteParts, res: Response, body: unknown): Promise<void> {
  const route = requireRoute(res);
  if (route.kind === 'shell') {
    answerHtml(res, 200, shellPage(parts, res, { title: route.title, adminHtml: String(body) }));
    return;
  }
  const answer = stateOf(res).answer ?? body;
  refuseHiddenError(answer);
  await recordRead(parts, res, route);
  if (answer instanceof FileAnswer) await answerFile(res, answer);
  else answerJson(res, 200, inLanguage(answer, stateOf(res).signedIn?.profile.locale ?? 'en'));
}

function shellPage(parts: RewriteParts, res: Response, { title, adminHtml }: { title: string; adminHtml: string }): string {
  const signedIn = requireSignedIn(res);
  const { mode } = stateOf(res);
  return rewritePage(res, adminHtml, {
    title,
    theme: signedIn.profile.theme,
    currentAdmin: signedIn.currentAdmin,
    fashionistar: pageState(parts.registry, signedIn, { now: parts.deps.clock.now(), mode, title }),
    locale: signedIn.profile.locale,
  });
}

/** AdminJS answers its own refusals with 200 and an error notice. Ours are thrown; what is left of its kind is denied. */
function refuseHiddenError(answer: unknown): void {
  if (typeof answer !== 'object' || answer === null || !('notice' in answer)) return;
  const { notice } = answer;
  if (typeof notice === 'object' && notice !== null && 'type' in notice && notice.type === 'error') {
    throw new AppError('forbidden', { extra: { rule: 'adminjs_guard' } });
  }
}

async function recordRead(parts: RewriteParts, res: Response, route: GatedRoute): Promise<void> {
  const { read } = stateOf(res);
  const noun = personalNoun(route);
  if (!read || noun === null) return;
  const action = route.kind === 'read' ? route.read : 'show';
  try {
    await parts.recordRead({
      resource: noun,
      action,
      recordIds: read.recordIds.slice(0, 100),
      recordCount: read.recordCount,
      path: templateOf(route),
      filter: read.filter,
    });
  } catch (cause) {
    throw new AppError('audit_unavailable', { cause });
  }
}

function personalNoun(route: GatedRoute): string | null {
  if (route.kind === 'read') return route.resource.definition.isPersonalData ? route.resource.definition.noun : null;
  return route.kind === 'page' ? route.page.noun : null;
}
