import type { Actor } from '../runtime/actor.ts';
import type { AccessGrant } from './decide.ts';
import { permissionsOf } from './evaluate.ts';
import type { PermissionKey } from './matrix.ts';

export type NavigationGroup = 'Work' | 'People' | 'Marketplace' | 'Oversight' | 'System';

type NavigationRow = { group: NavigationGroup | null; anyOf: readonly PermissionKey[] };

/** Sections of back-office.md section 7 and the permission that opens each. Where the two tables differ the matrix wins. */
export const navigationRows = {
  dashboard: { group: null, anyOf: ['dashboard.show'] },
  search: { group: null, anyOf: ['search.use'] },
  own_account: { group: null, anyOf: ['own_account.manage'] },
  notifications: { group: null, anyOf: ['notification.read'] },
  review_queue: { group: 'Work', anyOf: ['review_case.list'] },
  approvals: { group: 'Work', anyOf: ['approval_request.list'] },
  privacy_requests: { group: 'Work', anyOf: ['privacy_request.list'] },
  tickets: { group: 'Work', anyOf: ['ticket.list'] },
  users: { group: 'People', anyOf: ['user.list'] },
  clients: { group: 'People', anyOf: ['client.list'] },
  staff: { group: 'People', anyOf: ['staff.list'] },
  access_review: { group: 'People', anyOf: ['access_review.list'] },
  vendors: { group: 'Marketplace', anyOf: ['vendor.list'] },
  products: { group: 'Marketplace', anyOf: ['product.list'] },
  kyc_documents: { group: 'Marketplace', anyOf: ['kyc_submission.show_status', 'kyc_document.open'] },
  audit: { group: 'Oversight', anyOf: ['audit.read_own'] },
  login_events: { group: 'Oversight', anyOf: ['login_event.list'] },
  sessions: { group: 'Oversight', anyOf: ['session.list'] },
  anomalies: { group: 'Oversight', anyOf: ['anomaly_case.read'] },
  api_log: { group: 'Oversight', anyOf: ['api_log.read'] },
  legal_holds: { group: 'Oversight', anyOf: ['user.set_legal_hold'] },
  permission_simulator: { group: 'Oversight', anyOf: ['permission_simulator.use'] },
  queues: { group: 'System', anyOf: ['queue.view'] },
  statements: { group: 'System', anyOf: ['statement.view'] },
  webhooks: { group: 'System', anyOf: ['webhook.list'] },
  countries: { group: 'System', anyOf: ['country.list'] },
  categories: { group: 'System', anyOf: ['category.list'] },
  settings: { group: 'System', anyOf: ['feature_flag.view', 'limit.view', 'key.view'] },
} as const satisfies Record<string, NavigationRow>;

export type NavigationSection = keyof typeof navigationRows;

export type NavigationEntry = {
  section: NavigationSection;
  group: NavigationGroup | null;
  isVisible: boolean;
  /** Whether only own (claimed, assigned, led) or team records are reached. */
  isNarrowed: boolean;
};

/** Every section, in the order of the side bar, with whether this person sees it. */
export function navigationFor(actor: Actor, now: Date): readonly NavigationEntry[] {
  const permissions = permissionsOf(actor, now);
  return sections.map((section) => {
    const { group, anyOf } = navigationRows[section];
    const grants = anyOf.map((key) => permissions.get(key)).filter((grant) => grant !== undefined);
    return { section, group, isVisible: grants.length > 0, isNarrowed: grants.length > 0 && grants.every(isNarrow) };
  });
}

function isNarrow(grant: AccessGrant): boolean {
  return grant.own || grant.team;
}

function isSection(text: string): text is NavigationSection {
  return Object.hasOwn(navigationRows, text);
}

const sections: readonly NavigationSection[] = Object.keys(navigationRows).filter(isSection);
