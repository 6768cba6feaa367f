import type { CardAnswer, DashboardCard, PageRequest } from '../../admin/index.ts';
import {
  blockedSignInsByDay,
  countExpiringGrants,
  countLockedAccounts,
  signInsByHour,
  signUpsByDay,
} from '../../modules/identity/index.ts';
import { undeliveredCodesByDay } from '../../modules/notifications/index.ts';
import { sum, trend, upTo } from './card-parts.ts';

const soonDays = 14;

/** Customers, their way in, and staff grants. */
export const peopleCards: readonly DashboardCard[] = [
  { id: 'locked-accounts', title: 'Locked accounts', permission: 'user.unlock', load: lockedAccounts },
  { id: 'undelivered-codes', title: 'Codes not delivered', permission: 'delivery.list', load: undeliveredCodes },
  { id: 'new-customers', title: 'New customers', permission: 'user.list', load: newCustomers },
  { id: 'sign-ins', title: 'Sign-ins in 24 hours', permission: 'login_event.list', load: signIns },
  { id: 'expiring-grants', title: 'Grants about to end', permission: 'staff_grant.revoke', load: expiringGrants },
];

async function lockedAccounts({ deps }: PageRequest): Promise<CardAnswer> {
  const [count, days] = await Promise.all([countLockedAccounts(deps), blockedSignInsByDay(deps)]);
  return {
    value: upTo(1_000, count),
    note: 'Waiting out a lock now',
    href: '/admin/resources/User?filters.locked=true',
    chart: trend(days, 'Blocked', `Sign-ins blocked in 28 days: ${sum(days)}, today: ${days.at(-1)?.count ?? 0}.`),
  };
}

async function undeliveredCodes({ deps }: PageRequest): Promise<CardAnswer> {
  const days = await undeliveredCodesByDay(deps);
  return {
    value: days.at(-1)?.count ?? 0,
    note: 'Failed, bounced or held back today (UTC)',
    href: '/admin/resources/Delivery?filters.status~~in=failed,bounced,suppressed',
    chart: trend(days, 'Not delivered', `Not delivered in 28 days: ${sum(days)}.`),
  };
}

async function newCustomers({ deps }: PageRequest): Promise<CardAnswer> {
  const days = await signUpsByDay(deps);
  return {
    value: sum(days),
    note: 'Signed up in the last 28 days',
    href: '/admin/resources/User',
    chart: trend(days, 'Sign-ups', `${days.at(-1)?.count ?? 0} of them today.`),
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
      kind: 'bars',
      summary: `${succeeded} signed in, ${failed} failed or were blocked, by hour (UTC).`,
      series: [
        { label: 'Signed in', tone: 'brand' },
        { label: 'Failed', tone: 'accent' },
      ],
      points: hours.map((hour) => ({ label: `${hour.at.slice(11, 13)}:00`, values: [hour.succeeded, hour.failed] })),
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
