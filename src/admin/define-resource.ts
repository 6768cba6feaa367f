import type { AccessSubject } from '../foundation/access/decide.ts';
import type { PermissionKey } from '../foundation/access/matrix.ts';
import type { Grade } from '../foundation/access/roles.ts';
import type { CommandDeps } from '../foundation/command/command.ts';
import type { StaffActor } from '../foundation/runtime/actor.ts';
import type { CommandAction } from './command-action.ts';

/** One row as read from the database, by field name. */
export type Row = Readonly<Record<string, unknown>>;

/** A Prisma `where` of the resource's model. */
export type Where = Readonly<Record<string, unknown>>;

export const navigationGroups = ['Work', 'People', 'Marketplace', 'Oversight', 'System'] as const;
export type NavigationGroup = (typeof navigationGroups)[number];

export type Tone = 'ok' | 'warn' | 'danger' | 'info' | 'neutral';

export type ColumnType = 'text' | 'id' | 'enum' | 'boolean' | 'integer' | 'decimal' | 'date' | 'datetime' | 'reference' | 'masked' | 'json';

export type ColumnDefinition = {
  type: ColumnType;
  label: string;
  /** Stored fields the value is made from. Default: the field named like the column. */
  from?: readonly string[];
  /** Makes the shown value of a column that is not a stored field, or that must not leave as it is stored. */
  value?: (row: Row) => unknown;
  /** Resource id the value points to; only `{id, title}` of it are loaded, and only when the actor may read it. */
  reference?: string;
  /** A second resource, asked where the first one does not have the record: a person is a customer or a colleague. */
  orReference?: string;
  /** Grades that may see it. Default: everyone who may read the resource. */
  grades?: readonly Grade[];
  /** Words and tones of enum values, for the status pill. */
  states?: Readonly<Record<string, { label: string; tone: Tone }>>;
  /** Where it appears. Default: both. */
  in?: readonly ('list' | 'show')[];
  /** Heading under which the record page shows it. Default: "Details". */
  section?: string;
  /** One of the up to three columns kept on narrow screens. */
  isKey?: boolean;
};

export type FilterOperator = 'equals' | 'in' | 'contains' | 'starts' | 'between' | 'isEmpty';

export type FilterDefinition = {
  type: 'text' | 'uuid' | 'enum' | 'boolean' | 'integer' | 'decimal' | 'date' | 'datetime';
  label: string;
  /** The first one is offered first. `contains` only where a trigram index exists. */
  operators: readonly FilterOperator[];
  /** What is typed names a person: a saved view never keeps it. */
  isPersonal?: boolean;
  /** Members of an enum filter; default: those of the model's enum. */
  values?: readonly string[];
  /** Replaces the plain comparison, for example by a blind-index lookup or by who asks. Throwing AppError('invalid_filter') refuses the value. */
  where?: (value: string, operator: FilterOperator, deps: CommandDeps, staff?: StaffActor) => Where;
};

export type SortDefinition = {
  /** Name of the index that serves it; a reminder for readers and for the test that checks it exists. */
  index: string;
};

export type ResourceActor = { staff: StaffActor; deps: CommandDeps };

export type ResourceDefinition = {
  /** In URLs and page state, for example `User`. */
  id: string;
  /** Noun of the audit rows and of the matrix, for example `user`. */
  noun: string;
  /** Plural, in the side bar and as the list's heading. */
  title: string;
  /** Singular, in page titles: "Ada Obi, customer". */
  singular: string;
  /** Name of a lucide icon of components/icon.component.tsx. */
  icon: string;
  navigationGroup: NavigationGroup | null;
  /** Prisma model name, for example `User`. */
  model: string;
  /**
   * Prisma selects of related rows of the same module, by relation name, for `value`, the title and the subject: a client's
   * name is in its user. They never leave the server as they are.
   */
  related?: Readonly<Record<string, object>>;
  /** Every column that exists, in order. What is not here can be neither read, filtered, sorted nor written. */
  columns: Readonly<Record<string, ColumnDefinition>>;
  filters: Readonly<Record<string, FilterDefinition>>;
  sorts: Readonly<Record<string, SortDefinition>>;
  /** The field must be NOT NULL; `id` is the tie-break. */
  defaultSort: { field: string; direction: 'asc' | 'desc' };
  /** Free-text search: the where for a text of 1 to 200 characters, or null when nothing can match. */
  search?: (text: string, actor: ResourceActor) => Where | null;
  /** Takes part in the search box on top of every screen; `detail` is the second line of what was found, masked, of read fields only. */
  globalSearch?: { detail: (row: Row) => string | null };
  /** Narrows what the actor may see. `own` is true when the matrix grants own records only. */
  scope: ((actor: ResourceActor, grant: { own: boolean; team: boolean }) => Where | Promise<Where>) | null;
  permissions: { list: PermissionKey; show: PermissionKey; search: PermissionKey };
  /** Fields `recordTitle` needs, and the title made of them. */
  recordTitle: { from: readonly string[]; of: (row: Row) => string };
  /** Names of people that its reference columns point to where their record is not open to the reader, such as colleagues: plain text. */
  names?: (ids: readonly string[], actor: ResourceActor) => Promise<ReadonlyMap<string, string>>;
  /** Title of a record where another one points to it. Default: `recordTitle`. */
  referenceTitle?: (row: Row) => string;
  /** Adds what a row does not hold itself, such as names of people or a state of now, for `value`, `refusal` and the record page. */
  enrich?: (rows: readonly Row[], actor: ResourceActor) => Promise<readonly Row[]>;
  /** Whether a row of the list is one that its reader may not open, where the list is wider than the records: it is no link then. */
  isClosed?: (row: Row) => boolean;
  /** Facts of a loaded row for the matrix. */
  subject?: (row: Row, actor: ResourceActor) => AccessSubject;
  /** Fields which `subject` and the actions' state rules need beyond the columns; they never leave the server. */
  hidden?: readonly string[];
  actions: readonly CommandAction[];
  components: {
    /** Absolute path of a component that replaces the standard record page. */
    show?: string;
    /** Absolute path of a component that replaces the standard list. */
    list?: string;
  };
  /** Extra data for the record page, loaded in one place: tabs, timelines, counts. JSON only. */
  extra?: (row: Row, actor: ResourceActor) => Promise<Readonly<Record<string, unknown>>>;
  /** The audited table of its records, such as `identity.vendor`: the standard record page then has a History tab. */
  historyTable?: string;
  /** True: each list, search and opened record leaves a read row. */
  isPersonalData: boolean;
  /** Where else to look when a search found nothing: a page, for those to whom it is open. */
  whenEmpty?: { label: string; page: string };
  /** Count beside the side-bar entry: what waits for this person. */
  waiting?: (actor: ResourceActor) => Promise<number>;
};

const idPattern = /^[A-Z][A-Za-z0-9]{1,40}$/;

/** Checks what can be checked without the database and gives the definition back unchanged. */
export function defineResource(definition: ResourceDefinition): ResourceDefinition {
  const { id, columns, sorts, defaultSort } = definition;
  if (!idPattern.test(id)) throw new Error(`Resource id ${id} must be PascalCase`);
  if (!columns.id) throw new Error(`Resource ${id} has no column "id"`);
  if (!sorts[defaultSort.field]) throw new Error(`Resource ${id} sorts by ${defaultSort.field}, which is not in sorts`);
  const keys = Object.values(columns).filter((column) => column.isKey);
  if (keys.length > 3) throw new Error(`Resource ${id} has more than three key columns`);
  return definition;
}
