import { grantFor } from '../foundation/access/evaluate.ts';
import type { PermissionKey } from '../foundation/access/matrix.ts';
import { exportRowCapOf } from '../foundation/access/quotas.ts';
import { screenTexts } from '../foundation/i18n/screen-texts.ts';
import type { StaffActor } from '../foundation/runtime/actor.ts';
import { type ActionJson, offeredActions } from './action-states.ts';
import { maxRows } from './bulk/bulk-run.ts';
import { listComponentName, pageComponentName, showComponentName } from './component-names.ts';
import type { PageDefinition } from './define-page.ts';
import { type NavigationGroup, navigationGroups, type ResourceDefinition } from './define-resource.ts';
import type { RegisteredResource, Registry } from './registry.ts';
import { visibleColumns } from './serialise-record.ts';
import { readOnlyNow } from './stages/follow-read-only.ts';
import type { SignedIn } from './state.ts';

type Asking = { staff: StaffActor; now: Date };

export type NavigationJson = {
  group: NavigationGroup | null;
  /** What a person reads above the entries. */
  title: string;
  entries: readonly { id: string; title: string; icon: string; href: string; hasCount: boolean }[];
};

/** Everything the browser part knows at the start: what this person may see, and nothing else. */
export function pageState(registry: Registry, signedIn: SignedIn, asked: { now: Date; mode: string; title: string }): object {
  const asking = { staff: signedIn.staff, now: asked.now };
  const { locale, timeZone, theme, density, singleKeys } = signedIn.profile;
  return {
    mode: asked.mode,
    title: asked.title,
    hasMfa: signedIn.profile.hasMfa,
    hasTotp: signedIn.profile.hasTotp,
    hasPasskey: signedIn.profile.hasPasskey,
    breakGlass: signedIn.profile.breakGlass,
    preferences: { locale, timeZone, theme, density, singleKeys },
    texts: screenTexts(locale),
    readOnly: readOnlyNow(),
    navigation: navigation(registry, asking),
    dashboard: { component: pageComponentName(registry.dashboard), title: registry.dashboard.title },
    resources: Object.fromEntries(
      [...registry.resources.values()]
        .filter((resource) => maySee(resource, asking))
        .map((resource) => [resource.definition.id, resourceJson(resource, asking, registry)]),
    ),
    pages: Object.fromEntries(
      [...registry.pages.values()]
        .filter((page) => isOpen(page, asking))
        .map((page) => [page.id, { title: page.title, component: pageComponentName(page) }]),
    ),
  };
}

function maySee(resource: RegisteredResource, { staff, now }: Asking): boolean {
  const { list, show } = resource.definition.permissions;
  return grantFor(staff, list, { now }) !== null || grantFor(staff, show, { now }) !== null;
}

export function isOpen(page: PageDefinition, { staff, now }: Asking): boolean {
  return page.permission === null || grantFor(staff, page.permission, { now }) !== null;
}

function resourceJson(resource: RegisteredResource, { staff, now }: Asking, registry: Registry): object {
  const { definition, reader } = resource;
  const columnJson = (place: 'list' | 'show') =>
    visibleColumns(definition, staff, { place, now }).map(([name, { type, label, reference, states, section, isKey }]) => ({
      name,
      type,
      label,
      reference: reference ?? null,
      states: states ?? null,
      section: section ?? null,
      isKey: isKey === true,
      isSortable: Object.hasOwn(definition.sorts, name),
    }));
  return {
    id: definition.id,
    title: definition.title,
    singular: definition.singular,
    icon: definition.icon,
    columns: columnJson('list'),
    fields: columnJson('show'),
    filters: [...reader.filters.values()].map(({ field, type, label, operators, enumValues }) => ({
      field,
      type,
      label,
      operators,
      values: type === 'enum' ? enumValues : [],
      states: definition.columns[field]?.states ?? null,
    })),
    sorts: Object.keys(definition.sorts),
    defaultSort: definition.defaultSort,
    canSearch: definition.search !== undefined && grantFor(staff, definition.permissions.search, { now }) !== null,
    canShow: reader.isReadableBy(staff),
    listComponent: definition.components.list ? listComponentName(definition) : null,
    showComponent: definition.components.show ? showComponentName(definition) : null,
    whenEmpty: whenEmptyOf(definition, { staff, now }, registry),
    historyTable: mayReadHistory(definition, { staff, now }) ? (definition.historyTable ?? null) : null,
    actions: offeredActions(resource, 'resource', { staff, now }),
    bulkActions: grantFor(staff, 'bulk_run.start', { now }) ? offeredActions(resource, 'bulk', { staff, now }).map(askedInBulk) : [],
    bulkLimits: bulkLimitsOf(resource),
    exportRowCap: grantFor(staff, 'list_export.create', { now }) ? exportRowCapOf(staff, now) : 0,
  };
}

/** Whatever the action asks, a run over many rows asks for a reason and a factor of the last 15 minutes. */
function askedInBulk(action: ActionJson): ActionJson {
  const { needs } = action;
  const stepUpMinutes = needs.stepUpMinutes === 0 ? 15 : needs.stepUpMinutes;
  return { ...action, needs: { ...needs, reason: true, stepUpMinutes, version: false } };
}

function bulkLimitsOf({ actions }: RegisteredResource): Readonly<Record<string, number>> {
  return Object.fromEntries([...actions.values()].map(({ name, options }) => [name, options.bulkLimit ?? maxRows] as const));
}

function whenEmptyOf({ whenEmpty }: ResourceDefinition, asking: Asking, { pages }: Registry): object | null {
  const page = whenEmpty && pages.get(whenEmpty.page);
  return whenEmpty && page && isOpen(page, asking) ? { label: whenEmpty.label, href: `/admin/pages/${page.id}` } : null;
}

/** The timeline of a record is for those who may open every record of its kind, and for the readers of all of the audit. */
function mayReadHistory({ permissions }: ResourceDefinition, { staff, now }: Asking): boolean {
  const holdsWhole = (permission: PermissionKey) => {
    const grant = grantFor(staff, permission, { now });
    return grant !== null && !grant.own && !grant.team;
  };
  return holdsWhole('audit.read_all') || (holdsWhole('audit.read_timeline') && holdsWhole(permissions.show));
}

/** Side bar: groups in their order, entries in the order of the definitions, empty groups left out. */
function navigation(registry: Registry, asking: Asking): readonly NavigationJson[] {
  const { dashboard } = registry;
  const home = { group: 'Work' as const, id: 'dashboard', title: dashboard.title, icon: dashboard.icon, href: '/admin', hasCount: false };
  const pages = [...registry.pages.values()]
    .filter((page) => page.navigationGroup !== null && isOpen(page, asking))
    .map((page) => ({
      group: page.navigationGroup,
      id: page.id,
      title: page.title,
      icon: page.icon,
      href: `/admin/pages/${page.id}`,
      hasCount: page.waiting !== undefined,
    }));
  const resources = [...registry.resources.values()]
    .filter(({ definition }) => definition.navigationGroup !== null && grantFor(asking.staff, definition.permissions.list, asking) !== null)
    .map(({ definition }) => ({
      group: definition.navigationGroup,
      id: definition.id,
      title: definition.title,
      icon: definition.icon,
      href: `/admin/resources/${definition.id}`,
      hasCount: definition.waiting !== undefined,
    }));
  const all = [home, ...pages, ...resources];
  return navigationGroups
    .map((group) => ({ group, title: group, entries: all.filter((entry) => entry.group === group).map(({ group: _, ...entry }) => entry) }))
    .filter((section) => section.entries.length > 0);
}
