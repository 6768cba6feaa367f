import { type CardAnswer, type DashboardCard, defineDashboard, type PageRequest } from '../../admin/index.ts';
import {
  actionsByDay,
  actionsPerPerson,
  auditProblems,
  countOpenHolds,
  type DayCount,
  denialsByDay,
  enrichmentLagSeconds,
  readSealState,
} from '../../audit/index.ts';
import { countDeadLetters } from '../../foundation/jobs/dead-letters.ts';
import { outboxLagSeconds } from '../../foundation/outbox/outbox-lag.ts';
import {
  actorNames,
  countExpiringGrants,
  countLockedAccounts,
  countVendorsIn,
  signInsByHour,
  signUpsByDay,
} from '../../modules/identity/index.ts';
import { countUndeliveredCodes } from '../../modules/notifications/index.ts';

const soonDays = 14;
const weekDays = 7;

/** What waits and what is out of the ordinary, by role; each number opens the list behind it. */
const cards: readonly DashboardCard[] = [
  { id: 'locked-accounts', title: 'Locked accounts', permission: 'user.unlock', load: lockedAccounts },
  { id: 'undelivered-codes', title: 'Codes not delivered', permission: 'delivery.list', load: undeliveredCodes },
  { id: 'vendors-waiting', title: 'Vendors waiting for review', permission: 'review_case.list', load: vendorsWaiting },
  { id: 'new-customers', title: 'New customers', permission: 'user.list', load: newCustomers },
  { id: 'sign-ins', title: 'Sign-ins in 24 hours', permission: 'login_event.list', load: signIns },
  { id: 'audit-state', title: 'State of the audit', permission: 'audit.verify', load: auditState },
  { id: 'last-anchor', title: 'Last anchor', permission: 'audit.verify', load: lastAnchor },
  { id: 'denied-actions', title: 'Denied actions', permission: 'audit.verify', load: deniedActions },
  { id: 'reveals', title: 'Contacts revealed', permission: 'audit.verify', load: reveals },
  { id: 'exports', title: 'Exports and proofs taken', permission: 'audit.verify', load: exportsTaken },
  { id: 'holds', title: 'Legal holds', permission: 'audit.verify', load: holds },
  { id: 'expiring-grants', title: 'Grants about to end', permission: 'staff_grant.revoke', load: expiringGrants },
  { id: 'dead-letters', title: 'Jobs that gave up', permission: 'queue.view', load: deadLetters },
  { id: 'seal-lag', title: 'Rows wait for their seal', permission: 'queue.view', load: sealLag },
  { id: 'outbox-lag', title: 'Oldest unsent event', permission: 'queue.view', load: outboxLag },
  { id: 'enrichment-lag', title: 'Audit enrichment behind by', permission: 'queue.view', load: enrichmentLag },
  { id: 'own-actions', title: 'My actions today', permission: 'audit.read_own', load: ownActions },
];

export const dashboard = defineDashboard(cards);

async function lockedAccounts({ deps }: PageRequest): Promise<CardAnswer> {
  const count = await countLockedAccounts(deps);
  return { value: count > 1_000 ? '1,000+' : count, note: 'Waiting out a lock now', href: '/admin/resources/User?filters.locked=true' };
}

async function undeliveredCodes({ deps }: PageRequest): Promise<CardAnswer> {
  return {
    value: await countUndeliveredCodes(deps),
    note: 'Failed, bounced or held back in the last 24 hours',
    href: '/admin/resources/Delivery?filters.status~~in=failed,bounced,suppressed',
  };
}

async function vendorsWaiting({ deps }: PageRequest): Promise<CardAnswer> {
  return {
    value: await countVendorsIn(deps, ['submitted']),
    note: 'Sent in and not looked at yet',
    href: '/admin/resources/Vendor?filters.status=submitted',
  };
}

async function newCustomers({ deps }: PageRequest): Promise<CardAnswer> {
  const days = await signUpsByDay(deps);
  return {
    value: sum(days),
    note: 'Signed up in the last 28 days',
    href: '/admin/resources/User',
    chart: trend(days, 'Sign-ups', `${sum(days)} people in 28 days, ${days.at(-1)?.count ?? 0} today.`),
  };
}

async function signIns({ deps }: PageRequest): Promise<CardAnswer> {
  const hours = await signInsByHour(deps);
  const succeeded = hours.reduce((total, hour) => total + hour.succeeded, 0);
  const failed = hours.reduce((total, hour) => total + hour.failed, 0);
  return {
    value: succeeded + failed,
    note: failed === 0 ? 'None failed' : `${failed} failed or blocked`,
    href: '/admin/resources/LoginEvent',
    chart: {
      summary: `${succeeded} signed in, ${failed} failed or were blocked, by hour (UTC).`,
      series: [
        { label: 'Signed in', tone: 'brand' },
        { label: 'Failed', tone: 'accent' },
      ],
      points: hours.map((hour) => ({ label: `${hour.at.slice(11, 13)}:00`, values: [hour.succeeded, hour.failed] })),
    },
  };
}

async function deniedActions({ deps }: PageRequest): Promise<CardAnswer> {
  const days = await denialsByDay(deps);
  return {
    value: sum(days),
    note: 'Refused by a rule in the last 28 days',
    href: '/admin/pages/audit?outcome=denied',
    chart: trend(days, 'Denied', `${sum(days)} in 28 days, ${days.at(-1)?.count ?? 0} today.`),
  };
}

async function auditState({ deps, now }: PageRequest): Promise<CardAnswer> {
  const state = await readSealState(deps);
  const problems = auditProblems(state, now);
  const href = '/admin/pages/audit-state';
  const [first] = problems;
  if (first) return { value: 'Needs attention', note: problems.length === 1 ? first : `${first} And ${problems.length - 1} more.`, href };
  if (state.sealedSize === 0) return { value: 'Nothing sealed yet', note: 'The first rows are sealed within seconds', href };
  return { value: 'Sound', note: `Sealed to row ${counts.format(state.sealedSize)}, verified since`, href };
}

const counts = new Intl.NumberFormat('en');

async function lastAnchor({ deps, now }: PageRequest): Promise<CardAnswer> {
  const { anchors, sealedSize } = await readSealState(deps);
  const href = '/admin/pages/audit-state';
  const [oldest] = anchors.toSorted((a, b) => (a.size ?? -1) - (b.size ?? -1));
  if (!oldest?.at) return { value: 'None', note: 'No checkpoint was copied outside yet', href };
  const behind = sealedSize - (oldest.size ?? 0);
  return {
    value: `${secondsText(Math.max(now.getTime() - oldest.at.getTime(), 0) / 1000)} ago`,
    note: behind <= 0 ? 'Everything sealed is anchored' : `${counts.format(behind)} rows sealed since`,
    href,
  };
}

async function holds({ deps }: PageRequest): Promise<CardAnswer> {
  return { value: await countOpenHolds(deps), note: 'Keep retention and erasure off', href: '/admin/pages/legal-holds' };
}

async function sealLag({ deps }: PageRequest): Promise<CardAnswer> {
  const { lagSeconds, unsealedRows } = await readSealState(deps);
  return {
    value: secondsText(lagSeconds),
    note: unsealedRows === 0 ? 'No row waits' : `${counts.format(unsealedRows)} rows wait`,
    href: '/admin/pages/audit-state',
  };
}

async function exportsTaken(request: PageRequest): Promise<CardAnswer> {
  const actions = ['export-audit', 'download-export', 'download-proof'];
  const people = await actionsPerPerson(request.deps, { resources: ['audit', 'audit_export'], actions, days: weekDays });
  return perPerson(request, people, { label: 'Exports', href: '/admin/pages/audit?resource=audit_export' });
}

async function reveals(request: PageRequest): Promise<CardAnswer> {
  const people = await actionsPerPerson(request.deps, { resources: ['user'], actions: ['reveal-contact'], days: weekDays });
  return perPerson(request, people, { label: 'Reveals', href: '/admin/pages/audit?verb=reveal-contact' });
}

/** Who did it how often in the last week, most first. */
async function perPerson(
  { deps }: PageRequest,
  people: readonly { actorId: string; count: number }[],
  { label, href }: { label: string; href: string },
): Promise<CardAnswer> {
  const names = await actorNames(
    deps,
    people.map((person) => person.actorId),
  );
  const total = people.reduce((all, person) => all + person.count, 0);
  const [most] = people;
  if (!most) return { value: 0, note: 'None in the last 7 days', href };
  const answer = {
    value: total,
    note: `In the last 7 days, most by ${names.get(most.actorId) ?? 'a former colleague'} (${most.count})`,
    href,
  };
  // One bar says nothing that the number does not say.
  if (people.length === 1) return answer;
  return {
    ...answer,
    chart: {
      summary: `${people.length} people, most first.`,
      series: [{ label, tone: 'brand' }],
      points: people.map((person) => ({ label: names.get(person.actorId) ?? person.actorId.slice(0, 8), values: [person.count] })),
    },
  };
}

async function expiringGrants({ deps, now }: PageRequest): Promise<CardAnswer> {
  const until = new Date(now.getTime() + soonDays * 86_400_000).toISOString().slice(0, 10);
  return {
    value: await countExpiringGrants(deps, soonDays),
    note: `Within ${soonDays} days`,
    href: `/admin/resources/StaffGrant?filters.active=true&filters.expiresAt~~to=${until}`,
  };
}

async function deadLetters({ deps }: PageRequest): Promise<CardAnswer> {
  const count = await countDeadLetters(deps.database);
  return { value: count >= 1_000 ? '1,000+' : count, note: 'Waiting for a person', href: '/admin/pages/audit?door=worker&outcome=error' };
}

async function outboxLag({ deps }: PageRequest): Promise<CardAnswer> {
  return {
    value: secondsText(await outboxLagSeconds(deps.database)),
    note: 'Events that no job has taken yet',
    href: '/admin/pages/audit?door=worker',
  };
}

async function enrichmentLag({ deps }: PageRequest): Promise<CardAnswer> {
  return { value: secondsText(await enrichmentLagSeconds(deps)), note: 'Country and device of new audit rows', href: '/admin/pages/audit' };
}

async function ownActions({ deps, staff }: PageRequest): Promise<CardAnswer> {
  const days = await actionsByDay(deps, staff.id);
  return {
    value: days.at(-1)?.count ?? 0,
    note: 'Looked at, changed or refused',
    href: `/admin/pages/audit?actor=${staff.id}`,
    chart: trend(days, 'Actions', `${sum(days)} in 28 days.`),
  };
}

function trend(days: readonly DayCount[], label: string, summary: string): NonNullable<CardAnswer['chart']> {
  return { summary, series: [{ label, tone: 'brand' }], points: days.map(({ day, count }) => ({ label: day, values: [count] })) };
}

function sum(days: readonly DayCount[]): number {
  return days.reduce((total, { count }) => total + count, 0);
}

/** "0 s", "45 s", "3 min", "2 h" */
function secondsText(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}
