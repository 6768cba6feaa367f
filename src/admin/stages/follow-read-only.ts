import type { RequestHandler } from 'express';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { keptInReadOnly } from '../../foundation/command/read-only.ts';
import { currentContext, type RequestContext } from '../../foundation/runtime/request-context.ts';
import { currentSettings } from '../../foundation/settings/live-settings.ts';
import type { CommandAction } from '../command-action.ts';
import { stateOf } from '../state.ts';

/** What the browser is told with every answer while nothing may be changed. */
export type ReadOnlyJson = { since: string; reason: string };

type Noted = ReadOnlyJson & { sentence: string };

const noted = new WeakMap<RequestContext, Noted>();

/** The header of every answer in read-only mode, so that an open page follows at its next request; its absence opens it again. */
export const readOnlyHeader = 'X-Read-Only';

/**
 * Between the stages 8 and 9: looks once for a request whether anything may be changed, for the banner, for the buttons and for
 * whoever asks during the request. Commands ask again by themselves.
 */
export function followReadOnly(deps: Pick<CommandDeps, 'database'>): RequestHandler {
  return async (_req, res, next) => {
    const { readOnly } = await currentSettings(deps);
    if (readOnly) {
      const { context, signedIn } = stateOf(res);
      const json = { since: readOnly.since.toISOString(), reason: readOnly.reason };
      noted.set(context, { ...json, sentence: `Read-only mode since ${clockTime(readOnly.since, signedIn?.profile.timeZone ?? 'UTC')}` });
      res.setHeader(readOnlyHeader, encodeURIComponent(JSON.stringify(json)));
    }
    next();
  };
}

/** Since when this request's screens are read-only, or null. */
export function readOnlyNow(): ReadOnlyJson | null {
  const found = notedNow();
  return found ? { since: found.since, reason: found.reason } : null;
}

/** Why a button does nothing now: `Read-only mode since 14:05`; null where it works, as the switch itself does. */
export function readOnlySentence(action: CommandAction): string | null {
  return keptInReadOnly.has(action.command.name) ? null : (notedNow()?.sentence ?? null);
}

function notedNow(): Noted | null {
  const context = currentContext();
  return context ? (noted.get(context) ?? null) : null;
}

function clockTime(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }).format(at);
}
