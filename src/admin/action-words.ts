import { phrases } from './action-phrases.ts';

const past: Readonly<Record<string, string>> = {
  accept: 'accepted',
  add: 'added',
  advance: 'took further',
  alert: 'reminded of',
  answer: 'answered',
  approve: 'approved',
  archive: 'archived',
  assign: 'assigned',
  begin: 'began',
  cancel: 'cancelled',
  carry: 'carried',
  challenge: 'was asked for a second factor in',
  change: 'changed',
  check: 'checked',
  claim: 'claimed',
  clear: 'cleared',
  close: 'closed',
  complete: 'completed',
  confirm: 'confirmed',
  create: 'created',
  decide: 'decided',
  delete: 'deleted',
  disable: 'disabled',
  discard: 'discarded',
  download: 'downloaded',
  draft: 'drafted',
  edit: 'edited',
  enrol: 'enrolled',
  escalate: 'escalated',
  execute: 'carried out',
  expire: 'ended',
  export: 'exported',
  fail: 'gave up',
  finish: 'finished',
  follow: 'followed',
  forget: 'forgot',
  grant: 'granted',
  hold: 'held',
  invite: 'invited',
  issue: 'issued',
  lapse: 'took back',
  link: 'linked',
  list: 'listed',
  log: 'logged',
  mark: 'marked',
  merge: 'merged',
  note: 'noted',
  open: 'opened',
  pick: 'picked',
  place: 'placed',
  prepare: 'prepared',
  put: 'put',
  raise: 'raised',
  reactivate: 'reactivated',
  reassign: 'gave to somebody else the',
  reauthenticate: 'signed in again',
  record: 'recorded',
  redeem: 'used',
  refresh: 'refreshed',
  register: 'registered',
  reject: 'rejected',
  release: 'gave back',
  remove: 'removed',
  rename: 'renamed',
  renew: 'renewed',
  reopen: 'opened again',
  repeat: 'repeated',
  replace: 'replaced',
  reply: 'replied',
  report: 'reported',
  request: 'asked for',
  resend: 'sent again',
  reset: 'reset',
  resolve: 'resolved',
  restore: 'restored',
  resume: 'resumed',
  retire: 'retired',
  retry: 'retried',
  reveal: 'revealed',
  revoke: 'ended',
  rewrap: 'sealed anew',
  rotate: 'replaced',
  sample: 'sampled',
  save: 'saved',
  search: 'searched',
  send: 'sent',
  set: 'set',
  show: 'opened',
  sign: 'signed',
  spend: 'used',
  start: 'started',
  store: 'stored',
  submit: 'handed in',
  suggest: 'suggested',
  suspend: 'suspended',
  sweep: 'swept',
  tag: 'tagged',
  take: 'took',
  tend: 'tended',
  test: 'tested',
  triage: 'sorted',
  undo: 'undid',
  unlink: 'unlinked',
  unlock: 'unlocked',
  update: 'updated',
  upload: 'uploaded',
  verify: 'verified',
  view: 'looked at',
  watch: 'watched',
  withdraw: 'took back',
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
