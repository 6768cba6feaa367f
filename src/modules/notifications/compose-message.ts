import {
  contactsOfChange,
  inviteFacts,
  memberIdOf,
  recoveryCodesLeft,
  sendableCode,
  sessionFacts,
  storeNameOf,
  undoTokenOf,
} from '../identity/index.ts';
import { type PrivacyWords, queries as supportQueries, ticketQueries } from '../support/index.ts';
import { atOf, type Compose, type Composer, notMeUrl, readableTime } from './compose-parts.ts';
import { shopComposers } from './compose-shop.ts';
import { factorName, fieldName, providerName, reasonText, roleName } from './plain-words.ts';
import { storefrontLinks } from './storefront-links.ts';
import type { MessageText } from './template.ts';
import { writeMessage } from './templates/catalogue.ts';
import type { TemplateId } from './templates/variables.ts';

/** Words ready to send, with what the dev inbox shows beside them. */
export type ComposedMessage = MessageText & { locale: string; code: string | null; link: string | null; token: string | null };

/** Writes a message from the facts of its delivery; codes and tokens are derived here and live only in the result. */
export async function composeMessage<Id extends TemplateId>(template: Id, input: Compose): Promise<ComposedMessage | null> {
  const variables = await composers[template](input);
  if (!variables) return null;
  const link = linkOf(variables);
  return {
    ...writeMessage(input.recipient.language, template, variables),
    code: 'code' in variables && typeof variables.code === 'string' ? variables.code : null,
    link,
    token: tokenOf(link),
  };
}

/** The link that carries a token, else the first link of the message. By name, for a text may begin with an address too. */
function linkOf(variables: object): string | null {
  const links = Object.entries(variables).flatMap(([name, value]) =>
    /(?:url|link)$/i.test(name) && typeof value === 'string' ? [value] : [],
  );
  return links.find((value) => tokenOf(value) !== null) ?? links[0] ?? null;
}

/** Storefront links carry it in the fragment; the back office's invitation in the query, for its pages work without scripts. */
function tokenOf(link: string | null): string | null {
  return link?.match(/(?:#t|\?token)=([\w.-]+)$/)?.[1] ?? null;
}

/** What a message about a request of the person says; null once the request is gone. */
function privacyOf({ deps, facts }: Compose): Promise<PrivacyWords | null> {
  return facts.privacyId ? supportQueries.privacyWords(deps, facts.privacyId) : Promise.resolve(null);
}

const dayOf = ({ recipient }: Compose, at: Date): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: recipient.timezone }).format(at);

async function codeVariables({ deps, recipient, facts }: Compose) {
  if (!facts.flowId) return null;
  const sendable = await sendableCode(deps, facts.flowId, facts.sendNo ?? 1);
  if (!sendable) return null;
  const seconds = recipient.channel === 'email' ? deps.config.otpEmailTtlSeconds : deps.config.otpSmsTtlSeconds;
  return { code: sendable.code, minutes: Math.round(seconds / 60), linkToken: sendable.linkToken };
}

const codeOnly = async (input: Compose) => {
  const sent = await codeVariables(input);
  return sent && { code: sent.code, minutes: sent.minutes };
};

async function signInVariables(input: Compose) {
  const { deps, facts } = input;
  const session = facts.sessionId ? await sessionFacts(deps, facts.sessionId) : null;
  return { ...(session ?? { device: 'Unknown device', place: 'unknown place' }), at: atOf(input), notMeUrl: notMeUrl(input) };
}

const factorVariables = async (input: Compose) => ({ factor: factorName(input.facts.factor), at: atOf(input), notMeUrl: notMeUrl(input) });

const providerVariables = async (input: Compose) => ({
  provider: providerName(input.facts.provider),
  at: atOf(input),
  notMeUrl: notMeUrl(input),
});

const welcome = async ({ deps, recipient }: Compose) => {
  const links = storefrontLinks(deps.config);
  return { firstName: recipient.firstName, nextStepUrl: recipient.kind === 'vendor' ? links.vendorOnboarding : links.clientHome };
};

const signInLink = async ({ deps }: Compose) => ({ signInUrl: storefrontLinks(deps.config).signIn });

/** The link of a message to the old contact serves for 72 hours (auth-api.md 2.4). */
const undoHours = 72;

async function changedContacts({ deps, recipient: { userId }, facts: { approvalId } }: Compose) {
  return userId && approvalId ? { approvalId, ...(await contactsOfChange(deps, { userId, approvalId, leftBy: 'change' })) } : null;
}

/** Number and address of a ticket: what was written in it is read there, after signing in. */
async function ticketVariables({ deps, facts: { ticketId } }: Compose) {
  const ticket = ticketId ? await ticketQueries.ticketNotice(deps, ticketId) : null;
  return ticketId && ticket ? { number: ticket.number, url: storefrontLinks(deps.config).ticket(ticketId) } : null;
}

const composers: { [Id in TemplateId]: Composer<Id> } = {
  async otp_register(input) {
    const sent = await codeVariables(input);
    if (!sent) return null;
    const { code, minutes } = sent;
    const linkToken = input.recipient.channel === 'email' ? sent.linkToken : null;
    return { code, minutes, link: linkToken === null ? null : storefrontLinks(input.deps.config).verify(linkToken) };
  },
  otp_login: codeOnly,
  otp_reset: codeOnly,
  otp_contact_change: codeOnly,
  otp_reauth: codeOnly,
  otp_link: codeOnly,
  async already_have_account({ deps }) {
    const links = storefrontLinks(deps.config);
    return { signInUrl: links.signIn, resetUrl: links.forgotPassword };
  },
  async reset_link(input) {
    const sent = await codeVariables(input);
    if (!sent?.linkToken) return null;
    const { config } = input.deps;
    const link = storefrontLinks(config).resetPassword(sent.linkToken);
    return { code: sent.code, minutes: sent.minutes, link, linkMinutes: Math.round(config.resetLinkTtlSeconds / 60) };
  },
  reset_use_google: signInLink,
  welcome_client: welcome,
  welcome_vendor: welcome,
  password_changed: async (input) => ({ at: atOf(input), notMeUrl: notMeUrl(input) }),
  new_device: signInVariables,
  async account_locked({ deps, recipient, facts }) {
    return {
      until: readableTime(facts.until ?? facts.occurredAt, recipient.timezone),
      resetUrl: storefrontLinks(deps.config).forgotPassword,
    };
  },
  async account_unlocked({ deps }) {
    const links = storefrontLinks(deps.config);
    return { signInUrl: links.signIn, supportUrl: links.support };
  },
  session_family_revoked: signInVariables,
  async session_evicted(input) {
    const { device, at } = await signInVariables(input);
    return { device, at, sessionsUrl: storefrontLinks(input.deps.config).sessions };
  },
  mfa_enabled: factorVariables,
  mfa_disabled: factorVariables,
  mfa_reset: factorVariables,
  async recovery_code_used(input) {
    const left = input.recipient.userId ? await recoveryCodesLeft(input.deps, input.recipient.userId) : 0;
    return { left, at: atOf(input), notMeUrl: notMeUrl(input) };
  },
  recovery_codes_regenerated: async (input) => ({ at: atOf(input), notMeUrl: notMeUrl(input) }),
  provider_linked: providerVariables,
  provider_unlinked: providerVariables,
  passkey_added: factorVariables,
  passkey_removed: factorVariables,
  async contact_changed_old(input) {
    const change = await changedContacts(input);
    if (!change?.own) return null;
    const undoUrl = storefrontLinks(input.deps.config).undoContact(undoTokenOf(input.deps, change.approvalId));
    return { maskedNew: change.own, undoUrl, hours: undoHours };
  },
  async contact_changed_new(input) {
    const change = await changedContacts(input);
    return change && { maskedOld: change.former };
  },
  contact_change_undone: async (input) => ({ at: atOf(input), supportUrl: storefrontLinks(input.deps.config).support }),
  async account_suspended({ deps, facts }) {
    return { reasonText: reasonText(facts.reasonCode), appealUrl: storefrontLinks(deps.config).support };
  },
  account_reactivated: signInLink,
  async privacy_export_ready({ deps }) {
    return { url: storefrontLinks(deps.config).privacy, hours: Math.round(deps.config.exportTtlSeconds / 3600) };
  },
  async privacy_erase_scheduled({ deps, recipient, facts }) {
    const dueDate = readableTime(facts.until ?? facts.occurredAt, recipient.timezone);
    return { dueDate, cancelUrl: storefrontLinks(deps.config).privacy };
  },
  erase_cancelled: async (input) => ({ at: atOf(input), supportUrl: storefrontLinks(input.deps.config).support }),
  async privacy_completed(input) {
    const memberId = input.recipient.userId ? await memberIdOf(input.deps, input.recipient.userId) : null;
    return memberId === null ? null : { memberId, at: atOf(input) };
  },
  async privacy_refused(input) {
    const asked = await privacyOf(input);
    return asked && { kind: asked.kind, text: asked.refusalText, supportUrl: storefrontLinks(input.deps.config).support };
  },
  async privacy_received(input) {
    const asked = await privacyOf(input);
    return asked && { kind: asked.kind, dueDate: dayOf(input, asked.dueAt), supportUrl: storefrontLinks(input.deps.config).support };
  },
  async privacy_extended(input) {
    const asked = await privacyOf(input);
    if (!asked?.extensionReason) return null;
    const dueDate = dayOf(input, asked.dueAt);
    return { kind: asked.kind, dueDate, text: asked.extensionReason, supportUrl: storefrontLinks(input.deps.config).support };
  },
  async privacy_answered(input) {
    const asked = await privacyOf(input);
    return asked && { kind: asked.kind, text: asked.outcome, supportUrl: storefrontLinks(input.deps.config).support };
  },
  ticket_received: ticketVariables,
  ticket_reply: ticketVariables,
  async ticket_resolved(input) {
    const ticket = await ticketVariables(input);
    return ticket && { ...ticket, isClosed: input.facts.isClosed === true };
  },
  async vendor_submitted({ deps, recipient }) {
    const storeName = recipient.userId ? await storeNameOf(deps, recipient.userId) : null;
    return storeName === null ? null : { storeName, url: storefrontLinks(deps.config).vendorOnboarding };
  },
  ...shopComposers,
  async profile_edited_by_staff({ deps, facts }) {
    if (!facts.fields?.length) return null;
    return { fields: facts.fields.map(fieldName), supportUrl: storefrontLinks(deps.config).support };
  },
  async staff_invite({ deps, facts }) {
    const invite = facts.inviteId ? await inviteFacts(deps, facts.inviteId) : null;
    return invite && { roles: invite.roles.map(roleName), url: storefrontLinks(deps.config).staffInvite(invite.token), hours: 24 };
  },
  async staff_grant_changed(input) {
    const { change, role } = input.facts;
    return change && role ? { change, role: roleName(role), at: atOf(input) } : null;
  },
  async staff_new_device(input) {
    const { device, place, at } = await signInVariables(input);
    return { device, place, at };
  },
  staff_disabled: async (input) => ({ at: atOf(input) }),
  async staff_notice({ deps, facts: { title, path } }) {
    return title && path ? { title, url: `${deps.config.publicUrl}${path}` } : null;
  },
};
