import type { ActionJson } from '../../admin/action-states.ts';
import type { Tone } from '../../admin/define-resource.ts';
import type { DiffJson } from '../../admin/history/history-json.ts';

/** What the server sends to the review screen; its side is review.page.ts and what it imports. */
export type Tab = 'new' | 'mine' | 'changes_requested' | 'second' | 'done';
export type Kind = 'vendor' | 'kyc' | 'product' | 'product_revision';
export type Counts = Readonly<Record<Tab, number>>;

/** Who works on a case, and until when it is theirs. */
export type Holder = { name: string; isMe: boolean; until: string; isLapsed: boolean };

export type CaseLine = {
  id: string;
  kind: Kind;
  title: string;
  round: number;
  status: string;
  clock: ClockJson;
  isRisky: boolean;
  /** Only a lead may take it. */
  needsLead: boolean;
  isSample: boolean;
  preparedBy: string | null;
  holder: Holder | null;
  decision: { decision: string; by: string; at: string } | null;
  /** Why the reader may not open it, in a sentence; null when they may. */
  refusal: string | null;
};

/** How much of the time for an answer is used; `used` is a share, beyond 1 when it is over. */
export type ClockJson = { state: 'on_track' | 'at_risk' | 'breached' | 'paused' | 'done'; dueAt: string; used: number };

export type ListJson = {
  tab: Tab;
  lines: readonly CaseLine[];
  next: string | null;
  counts: Counts;
  now: string;
  canTake: boolean;
};

export type CountsJson = { counts: Counts; now: string };

export type Answer = 'pass' | 'fail' | 'na';
export type ChecklistEntry = {
  item: string;
  label: string;
  mayBeNa: boolean;
  answer: Answer | null;
  note: string;
  /** Who prepared it, where that was not the holder. */
  preparedBy: string | null;
};

/** Label and value; `tone` only where the value asks for attention. */
export type Fact = { label: string; value: string | null; note?: string; tone?: Tone; isLong?: boolean; isCode?: boolean };

export type SignalJson = { key: string; tone: 'danger' | 'warn' | 'info'; text: string; link: { label: string; href: string } | null };

export type ImageJson = { id: string; url: string | null; alt: string | null; isCover: boolean };

export type DocumentJson = {
  id: string;
  label: string;
  number: string | null;
  /** Size and type of the file, in words. */
  file: string;
  state: { label: string; tone: Tone };
  note: string | null;
};

export type Section =
  | { kind: 'facts'; title: string; facts: readonly Fact[] }
  | { kind: 'signals'; title: string; signals: readonly SignalJson[] }
  | { kind: 'images'; title: string; images: readonly ImageJson[] }
  | { kind: 'links'; title: string; whenEmpty: string; lines: readonly { label: string; href: string | null; note: string }[] }
  | {
      kind: 'documents';
      title: string;
      submissionId: string;
      documents: readonly DocumentJson[];
      /** How one is opened; null for people who never may. */
      open: ActionJson | null;
      quotaLeft: number;
    }
  | { kind: 'compare'; title: string; facts: readonly Fact[]; verdict: { tone: Tone; text: string } | null }
  | {
      kind: 'price';
      title: string;
      price: number;
      categories: readonly { name: string; median: number | null }[];
      isOutlier: boolean | null;
    }
  | { kind: 'preview'; title: string; heading: string; address: string; text: string }
  | { kind: 'fields'; title: string; fields: readonly RevisionField[]; isDecidable: boolean };

/** One field of a proposed change, decided on by itself. */
export type RevisionField = {
  field: string;
  label: string;
  diff: DiffJson;
  /** The live value moved after it was proposed. */
  isStale: boolean;
};

export type Round = {
  id: string;
  round: number;
  at: string | null;
  decision: string;
  text: string | null;
  notes: readonly { label: string; note: string }[];
};

/** How a person may work on the case. `second`: they are asked for the second answer, and the first is kept from them. */
export type Mode = 'read' | 'prepare' | 'decide' | 'second';

/** Null: may be done now. A sentence: drawn, and refused with it. Absent: the role can never do it. */
export type Rights = Readonly<
  Partial<
    Record<
      | 'pick'
      | 'release'
      | 'reassign'
      | 'touch'
      | 'prepare'
      | 'saveChecklist'
      | 'approve'
      | 'reject'
      | 'requestChanges'
      | 'escalate'
      | 'secondApprove'
      | 'secondDisagree',
      string | null
    >
  >
>;

export type Choice = { value: string; label: string };
/** `said`: what the message to the vendor calls it. */
export type FieldChoice = Choice & { said: string };

/** The message of a decision as its reader gets it, in one piece or in two with the reviewer's words between them. */
export type MessageJson = { channel: 'mail' | 'sms'; subject: string; parts: readonly string[] };

export type DecisionName = 'approve' | 'reject' | 'request_changes';

export type CaseJson = {
  id: string;
  version: number;
  kind: Kind;
  kindLabel: string;
  title: string;
  links: readonly { label: string; href: string }[];
  status: string;
  states: Readonly<Record<string, { label: string; tone: Tone }>>;
  round: number;
  subjectVersion: number;
  clock: ClockJson;
  riskScore: number;
  /** Why it is more than an everyday case, in words. */
  flags: readonly { tone: Tone; text: string }[];
  holder: Holder | null;
  mode: Mode;
  rights: Rights;
  /** An approval that is looked at again; whose it was is not told. */
  isBlind: boolean;
  needsSecond: boolean;
  preparedBy: string | null;
  escalation: { by: string; at: string; reason: string } | null;
  checklist: readonly ChecklistEntry[];
  /** Null in the first round. */
  changes: readonly DiffJson[] | null;
  rounds: readonly Round[];
  sections: readonly Section[];
  fields: readonly FieldChoice[];
  rejectionCodes: readonly Choice[];
  messages: Readonly<Partial<Record<DecisionName, MessageJson>>>;
  /** What was answered in this case, as far as the reader may know it. */
  answers: readonly Outcome[];
  colleagues: readonly Choice[];
};

export type Outcome = {
  part: 'first' | 'second';
  by: string;
  at: string;
  decision: string;
  code: string | null;
  text: string | null;
  notes: readonly { label: string; note: string }[];
  failed: readonly { label: string; note: string | null }[];
};

export type CaseAnswer = { case: CaseJson; now: string };
