/** Why a message did not arrive, as support says it to the caller. Codes of providers that are not here read as they are, in words. */
const reasons: Readonly<Record<string, string>> = {
  smtp_550: 'The mailbox does not exist or takes no mail.',
  smtp_551: 'The mailbox does not exist or takes no mail.',
  smtp_552: 'The mailbox is full.',
  smtp_553: 'The mail server refused the address: it may be misspelt.',
  smtp_554: 'The mail server refused the message, as it does with suspected spam.',
  smtp_421: 'The mail server was busy; it is tried again.',
  smtp_450: 'The mailbox was not reachable for now; it is tried again.',
  smtp_451: 'The mail server had a fault; it is tried again.',
  smtp_452: 'The mail server had no room; it is tried again.',
  etimedout: 'The mail server did not answer in time; it is tried again.',
  econnection: 'The mail server could not be reached; it is tried again.',
  esocket: 'The mail server could not be reached; it is tried again.',
  eauth: 'The mail server refused our account: an operator has to look at it.',
  sms_not_configured: 'No SMS provider serves this number: an operator has to look at it.',
  sms_failed: 'The SMS provider failed; it is tried again.',
  sms_timeout: 'The SMS provider did not answer in time; it is tried again.',
  sms_unreachable: 'The SMS provider could not be reached; it is tried again.',
  sms_http_400: 'The SMS provider refused the number: no phone may have it.',
  sms_http_404: 'The SMS provider knows no such number.',
  sms_http_422: 'The SMS provider refused the number: no phone may have it.',
  sms_http_429: 'The SMS provider was busy; it is tried again.',
  sms_country_budget: 'Held back: the day has used up the messages to this country.',
  sms_prefix_rate: 'Held back: too many messages to this range of numbers within minutes.',
  sms_prefix_paused: 'Held back: codes to this range of numbers are hardly ever used, which looks like fraud.',
  worker_lost: 'The sending process ended before it could say whether it went out.',
  recipient_gone: 'The person or the contact was gone by then.',
  outdated: 'It was no longer wanted when it was to go out: a newer code, or the code was used.',
  facts_unreadable: 'It could not be written: an operator has to look at it.',
  reserved_address: 'The address is one for examples; nothing is sent there.',
};

/** A sentence for an error code; null without one. */
export function undeliveredWords(errorCode: unknown): string | null {
  if (typeof errorCode !== 'string' || errorCode === '') return null;
  const known = Object.hasOwn(reasons, errorCode) ? reasons[errorCode] : undefined;
  const words = errorCode.replaceAll('_', ' ');
  return known ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** What the messages are called on the phone. */
const names: Readonly<Record<string, string>> = {
  otp_register: 'Code to finish the registration',
  otp_login: 'Code to sign in',
  otp_reset: 'Code for a new password',
  otp_contact_change: 'Code for a new contact',
  otp_reauth: 'Code to confirm who it is',
  otp_link: 'Code to link Google',
  already_have_account: 'You have an account already',
  reset_link: 'Link for a new password',
  reset_use_google: 'Sign in with Google instead',
  account_locked: 'Sign-in is held up',
  account_unlocked: 'Sign-in is open again',
  new_device: 'Sign-in on a new device',
  mfa_reset: 'Second factors were removed',
};

/** Templates whose message carries a code or link: those can be sent again from the log. */
export function carriesCode(template: unknown): boolean {
  return typeof template === 'string' && (template.startsWith('otp_') || template === 'reset_link');
}

/** `otp_login` -> "Code to sign in", `mfa_enabled` -> "Mfa enabled". */
export function templateName(template: unknown): string {
  const id = String(template ?? '');
  const known = Object.hasOwn(names, id) ? names[id] : undefined;
  const words = id.replaceAll(/[-_.]/g, ' ');
  return known ?? words.charAt(0).toUpperCase() + words.slice(1);
}
