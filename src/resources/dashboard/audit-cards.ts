import type { CardAnswer, DashboardCard, PageRequest } from '../../admin/index.ts';
import { actionsByDay, actionsPerPerson, auditProblems, countOpenHolds, denialsByDay, readSealState } from '../../audit/index.ts';
import { actorNames } from '../../modules/identity/index.ts';
import { once, secondsText, sum, trend } from './card-parts.ts';

const weekDays = 7;
const counts = new Intl.NumberFormat('en');
const sealState = once(({ deps }: PageRequest) => readSealState(deps));

/** Whether the history can be relied on, and what people did that somebody should look at. */
export const auditCards: readonly DashboardCard[] = [
  { id: 'audit-state', title: 'State of the audit', permission: 'audit.verify', load: auditState },
  { id: 'last-anchor', title: 'Last anchor', permission: 'audit.verify', load: lastAnchor },
  { id: 'denied-actions', title: 'Denied actions', permission: 'audit.verify', load: deniedActions },
  { id: 'reveals', title: 'Contacts revealed', permission: 'audit.verify', load: reveals },
  { id: 'exports', title: 'Exports and proofs taken', permission: 'audit.verify', load: exportsTaken },
  { id: 'holds', title: 'Legal holds', permission: 'audit.verify', load: holds },
];

export const ownCards: readonly DashboardCard[] = [
  { id: 'own-actions', title: 'My actions today', permission: 'audit.read_own', load: ownActions },
];

/** Of the sealing, for whoever looks after the machinery. */
export async function sealLag(request: PageRequest): Promise<CardAnswer> {
  const { lagSeconds, unsealedRows } = await sealState(request);
  return {
    value: secondsText(lagSeconds),
    note: unsealedRows === 0 ? 'No row waits' : `${counts.format(unsealedRows)} rows wait`,
    href: '/admin/pages/audit-state',
  };
}

async function auditState(request: PageRequest): Promise<CardAnswer> {
  const state = await sealState(request);
  const [first, ...more] = auditProblems(state, request.now);
  const href = '/admin/pages/audit-state';
  if (first) return { value: 'Needs attention', note: more.length === 0 ? first : `${first} And ${more.length} more.`, href };
  if (state.sealedSize === 0) return { value: 'Nothing sealed yet', note: 'The first rows are sealed within seconds', href };
  return { value: 'Sound', note: `Sealed to row ${counts.format(state.sealedSize)}, verified since`, href };
}

async function lastAnchor(request: PageRequest): Promise<CardAnswer> {
  const { anchors, sealedSize } = await sealState(request);
  const href = '/admin/pages/audit-state';
  const [oldest] = anchors.toSorted((a, b) => (a.size ?? -1) - (b.size ?? -1));
  if (!oldest?.at) return { value: 'None', note: 'No checkpoint was copied outside yet', href };
  const behind = sealedSize - (oldest.size ?? 0);
  return {
    value: `${secondsText(Math.max(request.now.getTime() - oldest.at.getTime(), 0) / 1000)} ago`,
    note: behind <= 0 ? 'Everything sealed is anchored' : `${counts.format(behind)} rows sealed since`,
    href,
  };
}

async function deniedActions({ deps }: PageRequest): Promise<CardAnswer> {
  const days = await denialsByDay(deps);
  return {
    value: sum(days),
    note: 'Refused by a rule in the last 28 days',
    href: '/admin/pages/audit?outcome=denied',
    chart: trend(days, 'Denied', `${days.at(-1)?.count ?? 0} of them today.`),
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
  const ids = people.map((person) => person.actorId);
  const names = await actorNames(deps, ids);
  const total = people.reduce((all, person) => all + person.count, 0);
  const [most] = people;
  if (!most) return { value: 0, note: 'None in the last 7 days', href };
  const named = `most by ${names.get(most.actorId) ?? 'a former colleague'} (${most.count})`;
  const answer = { value: total, note: `In the last 7 days, ${named}`, href };
  // One bar says nothing that the number does not say.
  if (people.length === 1) return answer;
  return {
    ...answer,
    chart: {
      kind: 'bars',
      summary: `${people.length} people, most first.`,
      series: [{ label, tone: 'brand' }],
      points: people.map((person) => ({ label: names.get(person.actorId) ?? person.actorId.slice(0, 8), values: [person.count] })),
    },
  };
}

async function holds({ deps }: PageRequest): Promise<CardAnswer> {
  return { value: await countOpenHolds(deps), note: 'Keep retention and erasure off', href: '/admin/pages/legal-holds' };
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
