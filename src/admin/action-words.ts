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
  'switch-read-only': 'switched read-only mode',
  'change-feature-flag': 'switched a part of the product',
  'change-quota': 'changed a quota',
  'add-quota': 'added quota for the day',
  'retry-job': 'put a job back on its queue',
  'retry-jobs': 'put jobs back on their queue',
  'cancel-job': 'dropped a job',
  'create-webhook': 'added a webhook endpoint',
  'change-webhook': 'changed a webhook endpoint',
  'pause-webhook': 'paused a webhook endpoint',
  'pause-failing-webhook': 'gave up a webhook endpoint',
  'resume-webhook': 'resumed a webhook endpoint',
  'rotate-webhook-secret': 'replaced the secret of a webhook endpoint',
  'remove-webhook': 'removed a webhook endpoint',
  'send-webhook-again': 'sent a webhook again',
  'test-webhook': 'tested a webhook endpoint',
  'set-country-order': 'ordered a country',
  'unlock-user': 'unlocked this account',
  'suspend-user': 'suspended this account',
  'reactivate-user': 'reactivated this account',
  'edit-user': 'corrected this profile',
  'edit-vendor': 'corrected this store',
  'edit-client': 'switched order news on or off',
  'edit-client-address': 'corrected a delivery address',
  'edit-note': 'corrected a note',
  'check-caller': 'checked the caller',
  'verify-user-identifier': 'verified the contact by hand',
  'reopen-account': 'opened this account again',
  'resend-registration-code': 'sent the code of an unfinished registration again',
  'resend-user-code': 'sent a new code',
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
  'approve-request': 'approved this request',
  'deny-request': 'denied this request',
  'cancel-request': 'took this request back',
  'expire-approvals': 'ended requests whose time was over',
  'request-mfa-reset': 'asked for the second factors to be reset',
  'request-contact-change': 'asked for another contact',
  'request-admin-grant': 'asked for an admin role',
  'request-passkey-removal': 'asked for a passkey to be removed',
  'ask-erasure-approval': 'asked for an erasure to be approved',
  'reset-mfa': 'reset the second factors',
  'grant-admin': 'gave an admin role',
  'start-contact-proof': 'sent a code to the new contact',
  'intake-privacy-request': 'took in a privacy request',
  'verify-privacy-request': 'verified who the person is',
  'approve-privacy-request': 'approved a privacy request',
  'carry-out-privacy-request': 'carried out a privacy request',
  'refuse-privacy-request': 'refused a privacy request',
  'extend-due-date': 'extended the due date',
  'complete-rectification': 'completed a rectification',
  'restrict-processing': 'restricted processing',
  'lift-restriction': 'lifted the restriction of processing',
  'add-note': 'added a note',
  'grant-role': 'granted a role',
  'revoke-role': 'revoked a role',
  'disable-staff': 'disabled this staff account',
  'reopen-staff': 'opened this staff account again',
  'edit-staff': 'changed the job or lead',
  'invite-staff': 'invited somebody to the staff',
  'resend-invite': 'sent an invitation again',
  'cancel-invite': 'withdrew an invitation',
  'accept-invite': 'joined the staff',
  'break-glass': 'gave emergency access',
  'tend-grants': 'closed or reminded of grants',
  'tend-access-reviews': 'tended the access review',
  'review-grant': 'reviewed a role',
  'sign-off-access-review': 'signed off the access review',
  'export-access-review': 'exported the access review',
  'add-staff-passkey': 'added a passkey',
  'begin-staff-passkey': 'began to add a passkey',
  'challenge-staff-passkey': 'was asked for a passkey',
  'remove-staff-factor': 'removed a second factor',
  'renew-recovery-codes': 'made new recovery codes',
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
