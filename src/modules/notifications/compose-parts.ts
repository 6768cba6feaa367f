import type { CommandDeps } from '../../foundation/command/command.ts';
import { notMeTokenOf, type Recipient } from '../identity/index.ts';
import type { DeliveryFacts } from './delivery-facts.ts';
import { storefrontLinks } from './storefront-links.ts';
import type { TemplateId, TemplateVariables } from './templates/variables.ts';

/** What a message is written from: who reads it, and the facts of its delivery. */
export type Compose = { deps: CommandDeps; recipient: Recipient; facts: DeliveryFacts };

/** Null when there is nothing left to say: the flow is over, the session gone, a fact that the words need is not there. */
export type Composer<Id extends TemplateId> = (input: Compose) => Promise<TemplateVariables[Id] | null>;

/** Where the reader says that it was not they (F107). */
export function notMeUrl({ deps, recipient, facts }: Compose): string {
  const links = storefrontLinks(deps.config);
  if (!recipient.userId) return links.support;
  return links.notMe(
    notMeTokenOf(deps, { userId: recipient.userId, sessionId: facts.sessionId ?? null, atMs: Date.parse(facts.occurredAt) }),
  );
}

/** When it happened, in the reader's own zone. */
export function atOf({ recipient, facts }: Compose): string {
  return readableTime(facts.occurredAt, recipient.timezone);
}

/** `22 Nov 2026, 14:05 (Africa/Lagos)`, in the person's own zone. */
export function readableTime(iso: string, timeZone: string): string {
  const zone = isTimeZone(timeZone) ? timeZone : 'UTC';
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: zone });
  return `${format.format(Date.parse(iso))} (${zone})`;
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
