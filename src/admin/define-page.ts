import type { PermissionKey } from '../foundation/access/matrix.ts';
import type { CommandDeps } from '../foundation/command/command.ts';
import type { StaffActor } from '../foundation/runtime/actor.ts';
import type { CommandAction } from './command-action.ts';
import type { NavigationGroup } from './define-resource.ts';
import type { RecordProbe } from './record-probe.ts';

export type PageRequest = {
  staff: StaffActor;
  deps: CommandDeps;
  /** Query string, single values only; the handler parses what it uses. */
  query: Readonly<Record<string, string>>;
  now: Date;
  /** Asks the resources about a record on behalf of somebody else. The frame gives it; a page that needs it says so. */
  probe?: RecordProbe;
};

export type PageDefinition = {
  /** In the URL: /admin/pages/<id>. kebab-case. */
  id: string;
  /** Noun of the audit rows. */
  noun: string;
  title: string;
  icon: string;
  /** Null: reachable, but not in the side bar. */
  navigationGroup: NavigationGroup | null;
  /** Null: everyone who is signed in, as for the dashboard and the own account. */
  permission: PermissionKey | null;
  /** Data of GET /admin/api/pages/<id>; JSON. */
  handler: (request: PageRequest) => Promise<Readonly<Record<string, unknown>>>;
  /** Absolute path of the .component.tsx. */
  component: string;
  /** Ids of personal records in an answer; null when the page shows none. One read row per request is written of them. */
  recordsRead: ((answer: Readonly<Record<string, unknown>>) => readonly string[]) | null;
  /** Count beside the side-bar entry. */
  waiting?: (request: Pick<PageRequest, 'staff' | 'deps' | 'now'>) => Promise<number>;
  /** Commands of the page: POST /admin/api/pages/<id> with `{action, ...}` of the command body. */
  actions?: readonly CommandAction[];
};

const idPattern = /^[a-z][a-z0-9-]{1,40}$/;

export function definePage(definition: PageDefinition): PageDefinition {
  if (!idPattern.test(definition.id)) throw new Error(`Page id ${definition.id} must be kebab-case`);
  return definition;
}
