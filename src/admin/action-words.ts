const past: Readonly<Record<string, string>> = {
  add: 'added',
  begin: 'began',
  challenge: 'was asked for a second factor in',
  confirm: 'confirmed',
  create: 'created',
  disable: 'disabled',
  edit: 'edited',
  enrol: 'enrolled',
  grant: 'granted',
  invite: 'invited',
  list: 'listed',
  log: 'logged',
  reactivate: 'reactivated',
  reauthenticate: 'signed in again',
  refresh: 'refreshed',
  register: 'registered',
  remove: 'removed',
  resend: 'sent again',
  reveal: 'revealed',
  revoke: 'ended',
  save: 'saved',
  search: 'searched',
  send: 'sent',
  set: 'set',
  show: 'opened',
  sign: 'signed',
  start: 'started',
  suspend: 'suspended',
  unlock: 'unlocked',
  update: 'updated',
  verify: 'verified',
};

/** What people say of an action, where the words of its name are not enough. */
const phrases: Readonly<Record<string, string>> = {
  'unlock-user': 'unlocked this account',
  'suspend-user': 'suspended this account',
  'reactivate-user': 'reactivated this account',
  'edit-user': 'corrected this profile',
  'edit-vendor': 'corrected this store',
  'restore-user': 'restored earlier values of this profile',
  'restore-vendor': 'restored earlier values of this store',
  'restore-vendor-settings': 'restored earlier settings of this store',
  'restore-client': 'restored earlier values of this client',
  'restore-client-address': 'restored this delivery address',
  'download-proof': 'took a proof',
  'request-verification': 'asked for a verification',
  'revoke-user-sessions': 'ended all sessions',
  'resend-code': 'sent a new code',
  'send-reset-link': 'sent a link to set a new password',
  'reveal-contact': 'revealed the contact',
  'add-note': 'added a note',
  'grant-role': 'granted a role',
  'revoke-role': 'revoked a role',
  'disable-staff': 'disabled this staff account',
  'register-verified': 'set up this account',
  'create-staff-account': 'set up this account',
  'enrol-totp-for': 'set up an authenticator for this account',
  'log-in': 'signed in',
  'sign-in-staff': 'signed in to the back office',
  'verify-staff-factor': 'gave their second factor',
  'log-out': 'signed out',
  'update-account': 'changed their profile',
  'request-password-reset': 'asked for a new password',
  'verify-reset-code': 'gave the code for a new password',
  'reset-password': 'chose a new password',
  'change-password': 'changed the password',
  'set-first-password': 'set a first password',
  'report-not-me': 'reported that it was not them',
  'revoke-token': 'ended a session by its token',
  'raise-sign-in-alarm': 'noticed an attack on passwords',
  list: 'looked through',
  show: 'opened',
  search: 'searched',
};

/** Commands by which somebody proves who they are: nobody is signed in when they begin. */
const entrances: ReadonlySet<string> = new Set([
  'sign-in',
  'log-in',
  'sign-in-staff',
  'verify-staff-factor',
  'verify-mfa',
  'verify-login-code',
  'verify-registration',
  'reset-password',
]);

/** Whether the person an anonymous action was about is the one who did it: it succeeded, so they were who they said. */
export function isEntrance(row: { actorType: string; action: string | null; outcome: string | null }): boolean {
  return row.actorType === 'anonymous' && row.outcome === 'ok' && row.action !== null && entrances.has(row.action);
}

/** `unlock-user` -> "unlocked this account"; a refused attempt says "tried to unlock user", a failed one "could not ...". */
export function actionWords(action: string, outcome: string | null): string {
  const words = action.replaceAll(/[-_]/g, ' ').replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  if (outcome === 'denied') return `tried to ${words}`;
  if (outcome === 'error') return `could not ${words}`;
  const phrase = phrases[action];
  if (phrase) return phrase;
  const [verb = '', ...rest] = words.split(' ');
  return [past[verb] ?? verb, ...rest].join(' ');
}

const coded = /^[a-z]+(?:_[a-z]+)*(?=:|$)/;

/** `customer_request: called us` -> "Customer request: called us"; a reason without a code stays as it was written. */
export function reasonWords(reason: string | null): string | null {
  return (
    reason?.replace(coded, (code) => {
      const words = code.replaceAll('_', ' ');
      return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
    }) ?? null
  );
}
