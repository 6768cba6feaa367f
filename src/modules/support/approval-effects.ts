import type { ApprovalRequest } from '@prisma/client';
import type { CommandDeps, CommandScope } from '../../foundation/command/command.ts';
import { isPersonHeld, passkeyOf, type SubjectFacts, subjectFacts } from '../identity/index.ts';
import { changedSinceAsked } from './approval-evidence.ts';
import { bankEffects } from './bank-effects.ts';
import { grantPayload } from './grant-payload.ts';

/** A transaction, or the database itself for a screen. */
export type Looking = { deps: Pick<CommandDeps, 'keyring'>; tx: CommandScope['tx']; now: Date };

type Person = { account: Parameters<typeof changedSinceAsked>[1]['account'] };

/** What carrying a request out does, in words, as things are now; the first line is a warning where it would fail. */
export async function approvalEffects(looking: Looking, request: ApprovalRequest, person: Person): Promise<string[]> {
  const changed = await changedSinceAsked(looking, person, request);
  const facts = await subjectFacts(looking, person.account);
  const words = await effectsOf(looking, request, { ...person, facts });
  return changed.length > 0 ? [changedWords(changed), ...words] : words;
}

/** "Changed since it was asked: second factors. ..." */
export function changedWords(changed: readonly (keyof typeof partWords)[]): string {
  return `Changed since it was asked: ${changed.map((part) => partWords[part]).join(', ')}. It will not be carried out: deny it and ask again.`;
}

const partWords = {
  contact: 'the contact',
  person: 'the name',
  status: 'the state of the account',
  factors: 'the second factors',
  grants: 'the roles',
} as const;

async function effectsOf(
  looking: Looking,
  request: ApprovalRequest,
  { account, facts }: Person & { facts: SubjectFacts },
): Promise<string[]> {
  switch (request.kind) {
    case 'mfa_reset':
      return [
        factorsWords(account),
        sessionsWords(facts),
        ...(account.kind === 'staff' ? [] : ['Holds payouts for 24 hours.']),
        toldWords(facts),
      ];
    case 'contact_change':
      return [
        `Sends a code to the new contact ${request.payloadSummary ?? ''}. Nothing changes before it is given back, within 24 hours.`,
        `Then the new contact replaces ${facts.contactMasked ?? 'the old one'} and all sessions end.`,
        'The old contact is told and can take the change back for 72 hours.',
      ];
    case 'erasure':
      return erasureWords(looking, request);
    case 'staff_grant':
      return grantWords(looking, request, facts);
    case 'passkey_removal':
      return passkeyWords(looking, request, facts);
    case 'bank_change':
      return [...(await bankEffects(looking, request)), toldWords(facts)];
    default:
      return request.kind satisfies never;
  }
}

function factorsWords({ hasTotp, passkeys, recoveryCodesLeft }: Person['account']): string {
  const parts = [
    hasTotp ? 'the authenticator' : null,
    passkeys > 0 ? counted(passkeys, 'passkey') : null,
    recoveryCodesLeft > 0 ? counted(recoveryCodesLeft, 'recovery code') : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'There is no second factor to remove any more.' : `Removes ${listed(parts)}.`;
}

async function erasureWords({ tx, now }: Looking, request: ApprovalRequest): Promise<string[]> {
  const privacy = await tx.privacyRequest.findFirst({ where: { approvalId: request.id }, select: { cancelUntil: true } });
  const until = privacy?.cancelUntil;
  const isHeld = await isPersonHeld(tx, request.subjectUserId);
  return [
    'Destroys name, contacts, addresses, files and sign-in methods, and the key that reads them. Nobody can bring them back.',
    until && until > now
      ? `Not before ${until.toISOString().slice(0, 10)}: until then the person can call it off.`
      : 'The days in which the person could call it off are over: it is carried out within minutes.',
    ...(isHeld ? ['A legal hold stands: nothing is erased until it is released.'] : []),
  ];
}

async function grantWords(looking: Looking, request: ApprovalRequest, facts: SubjectFacts): Promise<string[]> {
  const grant = await grantPayload.open(looking.deps, looking.tx, request);
  const until = grant?.expiresAt ? ` until ${grant.expiresAt.toISOString().slice(0, 10)}` : '';
  return [
    grant ? `Gives ${facts.name} the role ${grant.role.replace('_', ' ')}${until}.` : 'What was asked for cannot be read any more.',
    'Takes effect at their next click. Sends an email.',
  ];
}

async function passkeyWords({ tx }: Looking, request: ApprovalRequest, facts: SubjectFacts): Promise<string[]> {
  const passkey = await passkeyOf({ tx }, { userId: request.subjectUserId, passkeyId: request.subjectId });
  return [
    passkey ? `Removes the passkey "${passkey.name}" of ${passkey.createdAt.toISOString().slice(0, 10)}.` : 'The passkey is gone already.',
    'Ends the trust of all devices. Without another factor the recovery codes are void.',
    toldWords(facts),
  ];
}

function sessionsWords({ liveSessions }: SubjectFacts): string {
  return liveSessions === 0 ? 'Ends the trust of all devices.' : `Ends ${counted(liveSessions, 'session')} and the trust of all devices.`;
}

function toldWords({ contactMasked, isByEmail }: SubjectFacts): string {
  return `Sends an ${isByEmail ? 'email' : 'SMS'} to ${contactMasked ?? 'the contact on file'}.`;
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}
