import type { Reason } from '../../../foundation/command/command.ts';

/** What is stored beside a changed status: `other` where no code was asked for. */
export function reasonCode(reason: Reason | null): string {
  return reason?.code ?? 'other';
}

/** The person's own words, at most 500 characters; null without any. */
export function reasonNote(reason: Reason | null): string | null {
  return reason?.text?.trim().slice(0, 500) || null;
}

/** One line that is never empty, for columns that ask for a reason. */
export function reasonText(reason: Reason | null): string {
  return reasonNote(reason) ?? reason?.code ?? 'no reason given';
}
