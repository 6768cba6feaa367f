import type { CardAnswer, DashboardCard, PageRequest } from '../../admin/index.ts';
import { offerOf } from '../../foundation/access/evaluate.ts';
import { countImprovable, countProductsIn, suggestionFigures } from '../../modules/catalog/index.ts';
import { countVendorsIn } from '../../modules/identity/index.ts';
import { type CaseKind, caseQueries } from '../../modules/review/index.ts';
import { once, secondsText, upTo } from './card-parts.ts';

const queue = '/admin/pages/review';
const cases = '/admin/resources/ReviewCase';
const ceiling = 10_000;

/** Most cards of one opening are made of these figures: they are read once. */
const figures = once(({ deps, staff }: PageRequest) => caseQueries.reviewFigures(deps, staff));
const suggestions = once(({ deps, staff }: PageRequest) => suggestionFigures(deps, staff.id));

/** What waits for reviewers and enhancers, and how their work fares. */
export const reviewCards: readonly DashboardCard[] = [
  { id: 'review-queue', title: 'Cases waiting for review', permission: 'review_case.prepare', load: waitingCases },
  { id: 'oldest-case', title: 'Waiting longest', permission: 'review_case.take_next', load: oldestCase },
  { id: 'my-claims', title: 'Cases I hold', permission: 'review_case.take_next', load: myClaims },
  { id: 'second-reviews', title: 'Second reviews waiting', permission: 'vendor.second_decide', load: secondReviews },
  { id: 'decisions', title: 'My decisions in 30 days', permission: 'review_case.take_next', load: decisions },
  { id: 'resubmissions', title: 'Handed in again', permission: 'review_case.take_next', load: resubmissions },
  { id: 'time-to-decision', title: 'Time to decision', permission: 'review_case.pick', load: timeToDecision },
  { id: 'improvable', title: 'Products needing copy', permission: 'product.suggest', load: improvable },
  { id: 'suggestions', title: 'My suggestions', permission: 'product.suggest', load: mySuggestions },
  { id: 'acceptance', title: 'Suggestions taken over', permission: 'product.suggest', load: acceptance },
  { id: 'take-downs', title: 'Products taken down', permission: 'product.take_down', load: takeDowns },
  { id: 'suspended-stores', title: 'Suspended stores', permission: 'vendor.suspend', load: suspendedStores },
  { id: 'kyc-waiting', title: 'KYC waiting', permission: 'vendor_bank_account.verify', isFor: verifiesAccounts, load: kycWaiting },
];

const kindWords: Readonly<Record<CaseKind, string>> = { vendor: 'stores', kyc: 'KYC', product: 'products', product_revision: 'changes' };

function verifiesAccounts({ staff, now }: PageRequest): boolean {
  return offerOf(staff, 'vendor_bank_account.verify', now) === 'offered';
}

async function waitingCases(request: PageRequest): Promise<CardAnswer> {
  const { waiting } = await figures(request);
  const total = waiting.reduce((sum, { count }) => sum + count, 0);
  const [atRisk, breached] = [sumOf(waiting, 'atRisk'), sumOf(waiting, 'breached')];
  const late = breached > 0 ? `${breached} over their time` : atRisk > 0 ? `${atRisk} close to their time` : 'all within their time';
  return {
    value: upTo(ceiling, total),
    note: total === 0 ? 'Nothing waits' : `${waiting.map(({ kind, count }) => `${count} ${kindWords[kind]}`).join(', ')}; ${late}`,
    href: breached > 0 ? `${cases}?filters.sla=breached` : `${queue}?tab=new`,
    ...(waiting.length > 1
      ? {
          chart: {
            kind: 'bars' as const,
            summary: 'Waiting, by kind.',
            series: [{ label: 'Waiting', tone: 'brand' as const }],
            points: waiting.map(({ kind, count }) => ({ label: kindWords[kind], values: [count] })),
          },
        }
      : {}),
  };
}

type Waiting = Awaited<ReturnType<typeof figures>>['waiting'];

function sumOf(waiting: Waiting, name: 'atRisk' | 'breached' | 'resubmissions'): number {
  return waiting.reduce((sum, each) => sum + each[name], 0);
}

async function oldestCase(request: PageRequest): Promise<CardAnswer> {
  const { waiting } = await figures(request);
  const [oldest] = waiting
    .flatMap(({ kind, oldest: at }) => (at ? [{ kind, at }] : []))
    .toSorted((one, other) => one.at.getTime() - other.at.getTime());
  const href = `${cases}?filters.status=queued&sortBy=createdAt&direction=asc`;
  if (!oldest) return { value: 'Nothing', note: 'The queue is empty', href };
  const seconds = Math.max(0, (request.now.getTime() - oldest.at.getTime()) / 1000);
  return { value: secondsText(seconds), note: `The one waiting longest is among ${kindWords[oldest.kind]}`, href };
}

async function myClaims(request: PageRequest): Promise<CardAnswer> {
  const { mine } = await figures(request);
  const said = mine.map(({ title, until }) => {
    const left = Math.ceil((until.getTime() - request.now.getTime()) / 60_000);
    return `${title ?? 'A case'}, ${left > 0 ? `${left} min left` : 'run out'}`;
  });
  return { value: mine.length, note: said.length === 0 ? 'You hold none' : said.join('; '), href: `${queue}?tab=mine` };
}

async function secondReviews(request: PageRequest): Promise<CardAnswer> {
  const { pendingSecond } = await figures(request);
  return {
    value: upTo(1000, pendingSecond),
    note: pendingSecond === 0 ? 'No approval waits for a second person' : 'Approved once; you see the first answer after yours',
    href: `${queue}?tab=second`,
  };
}

async function decisions(request: PageRequest): Promise<CardAnswer> {
  const { decisions: made, overturned } = await figures(request);
  const { approve, reject, requestChanges } = made.own;
  const { looked, overturned: against, rate } = overturned.own;
  const again = rate === null ? 'none looked at again yet' : `overturn rate ${percentText(rate)}, ${against} of ${looked} second looks`;
  return {
    value: approve + reject + requestChanges,
    note: `${approve} approved, ${requestChanges} sent back, ${reject} rejected; ${again}`,
    href: `${queue}?tab=done`,
  };
}

const percentText = (share: number): string => `${Math.round(share * 1000) / 10} %`;

async function resubmissions(request: PageRequest): Promise<CardAnswer> {
  const count = sumOf((await figures(request)).waiting, 'resubmissions');
  return {
    value: upTo(ceiling, count),
    note: count === 0 ? 'No second round waits' : 'Waiting in their second round or a later one',
    href: `${cases}?filters.status=queued&filters.round~~from=2`,
  };
}

/** The median of two weeks, with the days it is made of. */
async function timeToDecision(request: PageRequest): Promise<CardAnswer> {
  const { timeToDecision: days } = await figures(request);
  const decided = days.reduce((sum, { count }) => sum + count, 0);
  const minutes = days.flatMap((day) => (day.minutes === null ? [] : [day.minutes]));
  const middle = minutes.toSorted((one, other) => one - other)[Math.floor(minutes.length / 2)];
  const href = `${queue}?tab=done`;
  if (middle === undefined) return { value: 'None yet', note: 'Nothing was decided in the last 14 days', href };
  return {
    value: secondsText(middle * 60),
    note: `Half of ${decided} decisions of 14 days came sooner`,
    href,
    chart: {
      kind: 'line',
      summary: 'Median minutes from being handed in to the decision, by day.',
      series: [{ label: 'Minutes', tone: 'brand' }],
      points: days.map((day) => ({ label: day.day, values: [day.minutes ?? 0] })),
    },
  };
}

async function improvable({ deps }: PageRequest): Promise<CardAnswer> {
  const count = await countImprovable(deps.database.prisma);
  return {
    value: upTo(ceiling, count),
    note: count === 0 ? 'Every listing is complete' : 'Short texts, images without words, no tags',
    href: '/admin/resources/Product?filters.missingQuality~~from=1&sortBy=missingQuality&direction=desc',
  };
}

const suggestionWords = [
  ['proposed', 'waiting'],
  ['accepted', 'taken over'],
  ['partly_accepted', 'taken over in part'],
  ['rejected', 'declined'],
  ['draft', 'in draft'],
] as const;

async function mySuggestions(request: PageRequest): Promise<CardAnswer> {
  const { byStatus } = await suggestions(request);
  const said = suggestionWords.flatMap(([status, words]) => (byStatus[status] ? [`${byStatus[status]} ${words}`] : []));
  return {
    value: Object.values(byStatus).reduce((sum, count) => sum + count, 0),
    note: said.length === 0 ? 'You proposed nothing yet' : said.join(', '),
    href: `/admin/resources/ProductRevision?filters.authorId=${request.staff.id}`,
  };
}

async function acceptance(request: PageRequest): Promise<CardAnswer> {
  const { acceptanceRate, accepted, decided } = await suggestions(request);
  return {
    value: acceptanceRate === null ? 'None yet' : `${acceptanceRate} %`,
    note: decided === 0 ? 'Nothing of yours was decided in 90 days' : `${accepted} of ${decided} decided in 90 days, whole or in part`,
    href: `/admin/resources/ProductRevision?filters.authorId=${request.staff.id}&filters.status~~in=accepted,partly_accepted`,
  };
}

async function takeDowns({ deps }: PageRequest): Promise<CardAnswer> {
  const count = await countProductsIn(deps, ['suspended']);
  return {
    value: upTo(ceiling, count),
    note: count === 0 ? 'No product is taken down' : 'Out of the shop until a lead decides',
    href: '/admin/resources/Product?filters.status=suspended',
  };
}

async function suspendedStores({ deps }: PageRequest): Promise<CardAnswer> {
  const count = await countVendorsIn(deps, ['suspended']);
  return { value: count, note: 'Their products are not sold', href: '/admin/resources/Vendor?filters.status=suspended' };
}

async function kycWaiting(request: PageRequest): Promise<CardAnswer> {
  const kyc = (await figures(request)).waiting.find(({ kind }) => kind === 'kyc');
  return {
    value: upTo(ceiling, kyc?.count ?? 0),
    note: kyc ? 'No payout account is verified before' : 'No proof of identity waits',
    href: '/admin/resources/KycSubmission?filters.status=submitted',
  };
}
