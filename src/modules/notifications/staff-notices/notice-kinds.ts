/** What the inbox of staff tells about (product.md section 9), with how each kind reads in the settings. */
export const noticeKinds = {
  assigned: { label: 'Assigned to me', help: 'A ticket or case became yours, left you, or was escalated to you', email: false },
  customer_replied: { label: 'Customer replied', help: 'There is an answer on a ticket of yours', email: false },
  mention: { label: 'Mentioned', help: 'A colleague named you in a note', email: false },
  sla_at_risk: { label: 'Answer is due soon', help: 'A ticket or case of yours has used 80 % of its time', email: false },
  sla_breached: { label: 'Answer is late', help: 'A ticket or case of yours, or of your team, is over its time', email: true },
  claim_lapsing: { label: 'Claim ends soon', help: 'A case that you hold goes back to the queue within five minutes', email: false },
  approval_waiting: { label: 'Waits for my decision', help: 'Somebody asked for something that you may approve', email: false },
  approval_result: {
    label: 'My request was decided',
    help: 'What you asked for, suggested or worked on was approved, denied, carried out or expired',
    email: false,
  },
  quota_80: {
    label: 'Daily limit nearly used',
    help: 'Four fifths of what you may open or reveal today; leads hear of their team',
    email: false,
  },
  grant_expiring: { label: 'Role ends soon', help: 'One of your roles ends in the next days', email: true },
  job_finished: { label: 'Job finished', help: 'An export or a bulk run of yours is over', email: false },
  anomaly_opened: { label: 'Unusual activity', help: 'A case about unusual activity was opened', email: true },
  access_review_due: { label: 'Access review due', help: 'Roles wait for your confirmation', email: true },
  dead_letter: { label: 'Job gave up', help: 'A background job failed for good and waits for a person', email: true },
  verify_failed: {
    label: 'History check failed',
    help: 'Verification or the hourly check found something, or sealing is late',
    email: true,
    isFixed: true,
  },
} as const satisfies Record<string, { label: string; help: string; email: boolean; isFixed?: true }>;

export type NoticeKind = keyof typeof noticeKinds;

export function isNoticeKind(text: string): text is NoticeKind {
  return Object.hasOwn(noticeKinds, text);
}

export const noticeKindNames: readonly NoticeKind[] = Object.keys(noticeKinds).filter(isNoticeKind);

export type NoticeChannels = { inApp: boolean; email: boolean };

/** Where a kind is told to somebody who chose nothing. */
export function usualChannels(kind: NoticeKind): NoticeChannels {
  return { inApp: true, email: noticeKinds[kind].email };
}

/** Whether the inbox tells it whatever was chosen. */
export function isAlwaysTold(kind: NoticeKind): boolean {
  return 'isFixed' in noticeKinds[kind];
}
