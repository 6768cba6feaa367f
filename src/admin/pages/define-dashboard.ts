import { join } from 'node:path';
import { grantFor } from '../../foundation/access/evaluate.ts';
import type { PermissionKey } from '../../foundation/access/matrix.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';
import { definePage, type PageDefinition, type PageRequest } from '../define-page.ts';

export type CardAnswer = {
  value: number | string;
  note?: string;
  /** The filtered list behind the number. */
  href?: string;
  chart?: {
    /** `line` for days in a row, `bars` for things side by side. */
    kind: 'line' | 'bars';
    summary: string;
    series: readonly { label: string; tone: 'brand' | 'accent' }[];
    points: readonly { label: string; values: readonly number[] }[];
  };
};

export type DashboardCard = {
  id: string;
  title: string;
  permission: PermissionKey;
  /** Narrows it further, where holding the permission may mean less than the card needs. */
  isFor?: (request: PageRequest) => boolean;
  /** One server query; its answer is kept for 30 seconds per person. */
  load: (request: PageRequest) => Promise<CardAnswer>;
};

const cacheMs = 30_000;
const maxCached = 2000;

type CardJson = {
  id: string;
  title: string;
  value: string | null;
  note: string | null;
  href: string | null;
  chart: CardAnswer['chart'] | null;
};

/** The landing page: the cards of the person's role, each cached for 30 s and failing on its own. */
export function defineDashboard(cards: readonly DashboardCard[]): PageDefinition {
  const cache = new Map<string, { until: number; card: CardJson }>();
  return definePage({
    id: 'dashboard',
    noun: 'dashboard',
    title: 'Dashboard',
    icon: 'dashboard',
    navigationGroup: null,
    permission: 'dashboard.show',
    component: join(import.meta.dirname, '../components/dashboard.component.tsx'),
    recordsRead: null,
    async handler(request) {
      const { staff, now } = request;
      const open = cards.filter((card) => grantFor(staff, card.permission, { now }) !== null && (card.isFor?.(request) ?? true));
      const loaded = await Promise.all(open.map((card) => cachedCard(cache, card, request)));
      return { greeting: greeting(staff, now), cards: loaded };
    },
  });
}

async function cachedCard(
  cache: Map<string, { until: number; card: CardJson }>,
  card: DashboardCard,
  request: PageRequest,
): Promise<CardJson> {
  const key = `${request.staff.id} ${card.id}`;
  const known = cache.get(key);
  const now = request.now.getTime();
  if (known && known.until > now) return known.card;
  const fresh = await loadCard(card, request);
  if (fresh.value !== null) {
    if (cache.size >= maxCached) cache.clear();
    cache.set(key, { until: now + cacheMs, card: fresh });
  }
  return fresh;
}

async function loadCard(card: DashboardCard, request: PageRequest): Promise<CardJson> {
  const base = { id: card.id, title: card.title };
  try {
    const { value, note, href, chart } = await card.load(request);
    const text = typeof value === 'number' ? new Intl.NumberFormat('en').format(value) : value;
    return { ...base, value: text, note: note ?? null, href: href ?? null, chart: chart ?? null };
  } catch (err) {
    request.deps.log.error({ event: 'admin.card_failed', card: card.id, err }, 'admin.card_failed');
    return { ...base, value: null, note: null, href: null, chart: null };
  }
}

function greeting(staff: StaffActor, now: Date): string {
  const hour = now.getUTCHours() + 1;
  const part = hour < 12 ? 'Good morning' : hour < 17 ? 'Good afternoon' : 'Good evening';
  return `${part}, ${staff.displayName.replace(/ .*/s, '')}`;
}
