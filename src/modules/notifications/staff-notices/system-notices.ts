import { z } from 'zod';
import { leadsOf, oversight, stillThere, whoIs, whoMay } from './audience.ts';
import { type NoticeRule, noticeRule, optionalId, type PlannedNotice } from './notice-rule.ts';

const daySeconds = 86_400;

const verifyFailed = noticeRule(
  z.object({ faults: z.number() }),
  async ({ payload: { faults } }, deps): Promise<readonly PlannedNotice[]> => [
    {
      kind: 'verify_failed',
      title: faults === 1 ? 'Verification of the history found 1 fault' : `Verification of the history found ${faults} faults`,
      resource: 'pages',
      recordId: 'audit-state',
      to: await oversight(deps),
    },
  ],
);

const sealLagging = noticeRule(
  z.object({ minutes: z.number().int() }),
  async ({ payload: { minutes } }, deps): Promise<readonly PlannedNotice[]> => [
    {
      kind: 'verify_failed',
      title: `New rows of the history are not being sealed: the oldest waits for ${minutes === 1 ? 'a minute' : `${minutes} minutes`}`,
      resource: 'pages',
      recordId: 'audit-state',
      to: await oversight(deps),
    },
  ],
);

/** Hourly until it is in order, told once a day. Dead letters are a kind of their own: their page is that of the queues. */
const doctorFailed = noticeRule(
  z.object({ kinds: z.array(z.string()) }),
  async ({ payload: { kinds } }, deps): Promise<readonly PlannedNotice[]> => {
    const planned: PlannedNotice[] = [];
    if (kinds.includes('dead_letters')) planned.push(await deadLetters('Background jobs failed for good and wait for a person', deps));
    const others = kinds.filter((kind) => kind !== 'dead_letters');
    if (others.length > 0) {
      const title = `The hourly check of the history found ${others.length === 1 ? 'a problem' : `${others.length} kinds of problems`}`;
      const place = { resource: 'pages', recordId: 'audit-state' } as const;
      planned.push({ kind: 'verify_failed', title, ...place, to: await oversight(deps), quietSeconds: daySeconds });
    }
    return planned;
  },
);

async function deadLetters(title: string, deps: Parameters<typeof oversight>[0]): Promise<PlannedNotice> {
  const to = await whoMay(deps, { permission: 'queue.retry' });
  return { kind: 'dead_letter', title, resource: 'pages', recordId: 'queues', to, quietSeconds: 3_600 };
}

const jobGaveUp = noticeRule(
  z.object({ queue: z.string().max(200) }),
  async ({ payload: { queue } }, deps): Promise<readonly PlannedNotice[]> => [
    await deadLetters(`A job of ${queue} failed for good and waits for a person`, deps),
  ],
);

const webhookGivenUp = noticeRule(
  z.object({ endpointId: z.uuid() }),
  async (_event, deps): Promise<readonly PlannedNotice[]> => [
    {
      kind: 'dead_letter',
      title: 'A webhook endpoint did not answer for a day, or is gone, and was paused',
      resource: 'pages',
      recordId: 'webhooks',
      to: await whoMay(deps, { permission: 'webhook.manage' }),
    },
  ],
);

const caseOpened = noticeRule(
  z.object({ caseId: z.uuid(), score: z.number().optional() }),
  async ({ payload }, deps): Promise<readonly PlannedNotice[]> => [
    {
      kind: 'anomaly_opened',
      title:
        payload.score === undefined
          ? 'A case about unusual activity was opened'
          : `A case about unusual activity was opened, score ${payload.score}`,
      resource: 'AnomalyCase',
      recordId: payload.caseId,
      to: await whoMay(deps, { permission: 'anomaly_case.acknowledge' }),
    },
  ],
);

const quotaKinds: Readonly<Record<string, string>> = { people: 'people you may open', reveals: 'reveals you may make' };

const ofQuota = z.object({ staffUserId: z.uuid(), kind: z.string().max(20), used: z.number().int(), limit: z.number().int() });

/** The person hears that little is left, and so does whoever may add some. */
const quotaNearlyUsed = noticeRule(ofQuota, async ({ payload }, deps): Promise<readonly PlannedNotice[]> => {
  const { staffUserId, kind, used, limit } = payload;
  const what = quotaKinds[kind] ?? 'what you may open';
  const place = { resource: 'Staff', recordId: staffUserId } as const;
  return [
    {
      kind: 'quota_80',
      title: `You used ${used} of the ${limit} ${what} today`,
      resource: 'pages',
      recordId: 'notifications',
      to: await stillThere(deps, [staffUserId]),
    },
    {
      kind: 'quota_80',
      title: `Somebody you lead used ${used} of ${limit} today (${kind})`,
      ...place,
      to: await leadsOf(deps, staffUserId),
    },
  ];
});

/** F112: the lead hears at once of somebody who wanted to open more people than the day allows. */
const quotaExceeded = noticeRule(
  ofQuota,
  async ({ payload: { staffUserId, kind, limit } }, deps): Promise<readonly PlannedNotice[]> => [
    {
      kind: 'quota_80',
      title: `Somebody you lead reached the ${limit} of the day and was refused more (${kind})`,
      resource: 'Staff',
      recordId: staffUserId,
      to: await leadsOf(deps, staffUserId),
      quietSeconds: daySeconds / 2,
    },
  ],
);

const ofGrant = z.object({ userId: z.uuid(), role: z.string().max(60), grantId: z.uuid(), daysLeft: z.number().optional() });

const grantExpiring = noticeRule(
  ofGrant,
  async ({ payload: { userId, role, grantId, daysLeft: days } }, deps): Promise<readonly PlannedNotice[]> => {
    const when = days === undefined ? 'soon' : days === 1 ? 'tomorrow' : `in ${days} days`;
    const words = role.replaceAll('_', ' ');
    return [
      {
        kind: 'grant_expiring',
        title: `Your role ${words} ends ${when}`,
        resource: 'pages',
        recordId: 'notifications',
        to: await stillThere(deps, [userId]),
      },
      {
        kind: 'grant_expiring',
        title: `A role ${words} of somebody you lead ends ${when}`,
        resource: 'Grant',
        recordId: grantId,
        to: await leadsOf(deps, userId),
      },
    ];
  },
);

const grantUnconfirmed = noticeRule(
  ofGrant,
  async ({ payload: { userId, role } }, deps): Promise<readonly PlannedNotice[]> => [
    {
      kind: 'grant_expiring',
      title: `Your role ${role.replaceAll('_', ' ')} ended: nobody confirmed it in the access review`,
      resource: 'pages',
      recordId: 'notifications',
      to: await stillThere(deps, [userId]),
    },
  ],
);

/** An emergency is everybody's business who answers for the system, but not news to whoever is in it. */
const glassBroken = noticeRule(
  ofGrant,
  async ({ payload: { userId, role } }, deps): Promise<readonly PlannedNotice[]> => [
    {
      kind: 'anomaly_opened',
      title: `Somebody took the role ${role.replaceAll('_', ' ')} for an emergency`,
      resource: 'Staff',
      recordId: userId,
      to: (await oversight(deps)).filter((id) => id !== userId),
    },
  ],
);

const reviewDue = noticeRule(
  z.object({ reviewId: z.uuid() }),
  async (_event, deps): Promise<readonly PlannedNotice[]> => [
    {
      kind: 'access_review_due',
      title: 'The access review of this quarter waits for your confirmation',
      resource: 'pages',
      recordId: 'access-review',
      to: await whoIs(deps, ['support_lead', 'reviewer_lead', 'admin', 'super_admin']),
    },
  ],
);

/** Whatever a person started and did not wait for. */
function finished(title: string, recordId: string): NoticeRule {
  const payload = z.object({ staffUserId: optionalId, requestedBy: optionalId });
  return noticeRule(
    payload,
    async ({ payload: by }, deps): Promise<readonly PlannedNotice[]> => [
      { kind: 'job_finished', title, resource: 'pages', recordId, to: await stillThere(deps, [by.staffUserId ?? by.requestedBy]) },
    ],
  );
}

export const systemNotices: Readonly<Record<string, NoticeRule>> = {
  'audit.verify.failed': verifyFailed,
  'audit.seal.lagging': sealLagging,
  'audit.doctor.failed': doctorFailed,
  'platform.job.dead_lettered': jobGaveUp,
  'notifications.webhook.paused': webhookGivenUp,
  'insight.case.opened': caseOpened,
  'platform.quota.nearly_used': quotaNearlyUsed,
  'platform.quota.exceeded': quotaExceeded,
  'identity.grant.expiring': grantExpiring,
  'identity.grant.unconfirmed': grantUnconfirmed,
  'identity.grant.broke_glass': glassBroken,
  'identity.access_review.opened': reviewDue,
  'identity.access_review.due_soon': reviewDue,
  'platform.bulk_run.finished': finished('Your bulk run is over: see what changed', 'bulk-runs'),
  'platform.list_export.failed': finished('Your export could not be made', 'list-exports'),
  'platform.list_export.finished': finished('Your export is ready to download', 'list-exports'),
};
