/** Shapes of what the server sends; the server's side of them is page-state.ts, read-handlers.ts and action-states.ts. */
export type Tone = 'ok' | 'warn' | 'danger' | 'info' | 'neutral';
export type States = Readonly<Record<string, { label: string; tone: Tone }>>;

export type Column = {
  name: string;
  type: 'text' | 'id' | 'enum' | 'boolean' | 'integer' | 'decimal' | 'date' | 'datetime' | 'reference' | 'masked' | 'json';
  label: string;
  reference: string | null;
  states: States | null;
  section: string | null;
  isKey: boolean;
  isSortable: boolean;
};

export type Filter = {
  field: string;
  type: 'text' | 'uuid' | 'enum' | 'boolean' | 'integer' | 'decimal' | 'date' | 'datetime';
  label: string;
  operators: readonly string[];
  values: readonly string[];
  states: States | null;
};

export type FormField = {
  name: string;
  label: string;
  /** `note`: a text in which @ names colleagues, sent with their ids as `mentions`. */
  type: 'text' | 'textarea' | 'note' | 'select' | 'checkbox' | 'date' | 'number';
  isRequired?: boolean;
  help?: string;
  options?: readonly { value: string; label: string }[];
  maxLength?: number;
};

export type Action = {
  name: string;
  label: string;
  effect: string;
  group: 'everyday' | 'careful' | 'two_people';
  form: readonly FormField[];
  reasonCodes: readonly string[];
  needs: { reason: boolean; ticket: boolean; stepUpMinutes: number; version: boolean };
  /** Drawn by the record page itself, not in the action rail. */
  isInline: boolean;
  /** The form begins with the record's values and sends what was changed. */
  isEdit: boolean;
  refusal: string | null;
};

export type Resource = {
  id: string;
  title: string;
  singular: string;
  icon: string;
  columns: readonly Column[];
  fields: readonly Column[];
  filters: readonly Filter[];
  sorts: readonly string[];
  defaultSort: { field: string; direction: 'asc' | 'desc' };
  canSearch: boolean;
  canShow: boolean;
  listComponent: string | null;
  showComponent: string | null;
  /** Where else to look when a search found nothing. */
  whenEmpty: { label: string; href: string } | null;
  /** The audited table of its records, where this person may read their history. */
  historyTable: string | null;
  actions: readonly Action[];
  bulkActions: readonly Action[];
  /** Records at most of one run, by action. */
  bulkLimits: Readonly<Record<string, number>>;
  /** Rows at most of one export; 0 for people who may not export. */
  exportRowCap: number;
};

export type NavigationEntry = { id: string; title: string; icon: string; href: string; hasCount: boolean };

export type PageState = {
  mode: 'demo' | 'lab' | 'production';
  title: string;
  hasMfa: boolean;
  hasTotp: boolean;
  hasPasskey: boolean;
  /** A role given for an emergency, and until when. */
  breakGlass: { role: string; until: string } | null;
  preferences: { locale: string; timeZone: string; theme: string; density: string; singleKeys: boolean };
  /** Nothing may be changed since then, at the moment when the page was made; afterwards each answer says. */
  readOnly: { since: string; reason: string } | null;
  navigation: readonly { group: string; title: string; entries: readonly NavigationEntry[] }[];
  dashboard: { component: string; title: string };
  resources: Readonly<Record<string, Resource>>;
  pages: Readonly<Record<string, { title: string; component: string }>>;
};

export type CurrentAdmin = {
  id: string;
  displayName: string;
  roles: readonly string[];
  lead: boolean;
  locale: string;
  theme: string;
  density: string;
};

export type RecordJson = {
  id: string;
  title: string;
  params: Readonly<Record<string, unknown>>;
  populated: Readonly<Record<string, { id: string; title: string; resource: string }>>;
  /** A line that is no link: the reader may not open the record. */
  isClosed?: true;
};

export type ListAnswer = {
  records: readonly RecordJson[];
  meta: {
    total: number;
    isTotalCapped: boolean;
    totalText: string;
    page: number;
    perPage: number;
    sortBy: string;
    direction: string;
    next: string | null;
  };
};

export type ShowAnswer = {
  record: RecordJson;
  version: number | null;
  /** Whose record it is, where it is a person's. */
  subjectUserId: string | null;
  actions: readonly Action[];
  extra: Readonly<Record<string, unknown>>;
};

export type Undo = {
  action: string;
  label: string;
  input: Readonly<Record<string, unknown>>;
  needsReason: boolean;
  expectedVersion?: number;
};

export type Receipt = { actionId: string; undoUntil?: string; undo?: Undo };

/** Props of a component that a resource registers for its record page. */
export type RecordPageProps = { resource: Resource; answer: ShowAnswer; reload: () => void };

type Globals = Window & {
  FASHIONISTAR: PageState;
  REDUX_STATE: { session: CurrentAdmin };
  AdminJS: { UserComponents: Readonly<Record<string, React.ComponentType<object> | undefined>> };
};

const globals = window as unknown as Globals;

export const pageState: PageState = globals.FASHIONISTAR;
export const currentAdmin: CurrentAdmin = globals.REDUX_STATE.session;

/** A component of the bundle by its registered name. */
export function registeredComponent<Props>(name: string): React.ComponentType<Props> | null {
  return (globals.AdminJS.UserComponents[name] as React.ComponentType<Props> | undefined) ?? null;
}
