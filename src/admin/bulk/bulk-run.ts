import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { isSentence, translate } from '../../foundation/i18n/translate.ts';
import type { CommandAction } from '../command-action.ts';
import type { RegisteredResource } from '../registry.ts';
import { registryOf } from '../registry-of.ts';
import { errorText } from '../texts.ts';

/** Rows of one run at most (product.md F92); an action may take fewer. */
export const maxRows = 200;

/** Up to here a call answers with its results; more rows are the worker's. */
export const inlineRows = 20;

/** How long the one who ran it may take a run back. */
export const undoSeconds = 900;

/** How long after the asking a run may still begin rows under the factor that was given for it. */
export const proofSeconds = 3600;

export type RowOutcome = 'waiting' | 'changed' | 'unchanged' | 'refused';

/** A row as the browser is told of it. */
export type RowResult = { id: string; outcome: RowOutcome; reason?: string; code?: string; actionId?: string };

export type BulkTarget = { resource: RegisteredResource; action: CommandAction };

/** The action of a stored run; null once the product has no such action. */
export function findTarget(deps: CommandDeps, run: { resource: string; command: string }): BulkTarget | null {
  const resource = registryOf(deps).resources.get(run.resource);
  const action = resource?.actions.get(run.command);
  return resource && action?.placement.includes('bulk') ? { resource, action } : null;
}

/** Why a row was refused, in a sentence: the matrix's own, or that of the error. */
export function reasonOf(error: AppError): string {
  const { sentence } = error.details.extra ?? {};
  return typeof sentence === 'string' && isSentence(sentence) ? translate('en', sentence) : errorText(error.code, error.details.params);
}

/**
 * What ends one row, as opposed to what the next attempt may not meet: a refusal, or a fault of the action itself, whose transaction
 * is gone. It must not keep the other rows waiting.
 */
export function isRowRefusal(error: unknown): error is AppError {
  return error instanceof AppError && error.status !== 429 && (error.status < 500 || error.code === 'internal_error');
}
