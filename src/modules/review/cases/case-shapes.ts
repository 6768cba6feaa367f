import type { ReviewCase } from '@prisma/client';
import type { SlaState } from '../case-rules.ts';
import type { Answer, CaseKind } from '../checklists.ts';

export type CaseStatus = ReviewCase['status'];
export type CaseDecision = NonNullable<ReviewCase['decision']>;

/** Tabs of the queue, in their order on the screen. */
export const queueTabs = ['new', 'mine', 'changes_requested', 'second', 'done'] as const;
export type QueueTab = (typeof queueTabs)[number];

/** Counts of the tabs for one person; counting stops at `countedAtMost`, which is then shown as "1,000+". */
export type QueueCounts = Readonly<Record<QueueTab, number>>;
export const countedAtMost = 1000;

/** Somebody who works here, by name. */
export type Colleague = { id: string; name: string; isMe: boolean };

/** The clock of a case. It stands still while a product waits for the approval of its store. */
export type CaseClock = {
  state: SlaState | 'paused' | 'done';
  dueAt: Date;
  /** Used share of the time, 0 to 1 and beyond. */
  used: number;
  pausedAt: Date | null;
};

/** A case in a line of the queue. */
export type QueueLine = {
  id: string;
  kind: CaseKind;
  /** Name of the store or title of the product as it was handed in; null once the person is erased. */
  title: string | null;
  status: CaseStatus;
  round: number;
  priority: number;
  riskScore: number;
  clock: CaseClock;
  /** When it was handed in. */
  openedAt: Date;
  needsSecond: boolean;
  needsLead: boolean;
  isEscalated: boolean;
  /** A quality sample: a decision of a colleague, looked at again without seeing it. */
  isSample: boolean;
  preparedBy: Colleague | null;
  claim: { by: Colleague; until: Date; isLapsed: boolean } | null;
  /** What was decided; null while it is open, and where the asking person must not see the first answer yet. */
  decision: { decision: CaseDecision; by: Colleague; at: Date } | null;
  /** Whether the asking person may open it; else the sentence why not. */
  refusal: string | null;
};

export type QueuePage = { lines: readonly QueueLine[]; next: string | null };

/** A value that differs from what the round before was decided on. `encrypted`: it changed, and is shown nowhere in clear. */
export type ChangedValue = { field: string; label: string; before: unknown; after: unknown; isEncrypted: boolean };

export type FieldNote = { field: string; note: string };

/** A round before this one, with the words the vendor read. */
export type PreviousRound = {
  caseId: string;
  round: number;
  status: CaseStatus;
  decision: CaseDecision | null;
  code: string | null;
  text: string | null;
  fieldNotes: readonly FieldNote[];
  decidedBy: Colleague | null;
  secondBy: Colleague | null;
  decidedAt: Date | null;
};

/** One answer that was given in this case: the first person's, the second's. In their order. */
export type GivenAnswer = {
  part: 'first' | 'second';
  decision: CaseDecision;
  code: string | null;
  text: string | null;
  fieldNotes: readonly FieldNote[];
  checklist: readonly { item: string; answer: Answer; note?: string | undefined }[];
  by: Colleague;
  at: Date;
};

export type ChecklistLine = {
  item: string;
  label: string;
  mayBeNa: boolean;
  answer: Answer | null;
  note: string | null;
  preparedBy: Colleague | null;
};

/** Something that a reviewer should know before deciding, in a whole sentence; `level` gives its tone. */
export type Signal = { key: string; level: 'info' | 'warn' | 'danger'; text: string; link: { resource: string; id: string } | null };

/** What can be done with a case, by the names of the actions of the resource ReviewCase. */
export const caseActions = [
  ...(['pick', 'release', 'reassign', 'touch', 'prepare', 'saveChecklist', 'approve', 'reject', 'requestChanges'] as const),
  ...(['escalate', 'secondApprove', 'secondDisagree'] as const),
] as const;
export type CaseAction = (typeof caseActions)[number];

/** Null: may be done now. A sentence: drawn, and refused with it. Absent: the role can never do it. */
export type CaseRights = Readonly<Partial<Record<CaseAction, string | null>>>;

/** The reader's part in this case. */
export type CasePart = 'claimer' | 'second' | 'lead' | 'preparer' | 'auditor' | 'earlier';

/** Everything the three panes show about one case. Evidence by kind comes from the module that owns the subject. */
export type CaseView<Evidence> = {
  id: string;
  version: number;
  kind: CaseKind;
  subjectId: string;
  /** The version under review; a decision on any other one is refused with `subject_changed`. */
  subjectVersion: number;
  vendorId: string;
  ownerUserId: string;
  title: string | null;
  status: CaseStatus;
  round: number;
  priority: number;
  riskScore: number;
  openedAt: Date;
  clock: CaseClock;
  needsSecond: boolean;
  needsLead: boolean;
  /** A quality sample: whoever looks does not see the first answer, and nothing moves. */
  isSample: boolean;
  escalation: { at: Date; by: Colleague; reason: string } | null;
  preparedBy: Colleague | null;
  claim: { by: Colleague; since: Date; until: Date; isLapsed: boolean } | null;
  part: CasePart;
  /** True while the first answer is kept from the reader: checklist, notes and words of it are left out. */
  isBlind: boolean;
  checklist: readonly ChecklistLine[];
  /** Null in the first round: there is nothing to compare with. */
  changes: readonly ChangedValue[] | null;
  rounds: readonly PreviousRound[];
  answers: readonly GivenAnswer[];
  signals: readonly Signal[];
  evidence: Evidence;
  /** What the notes of "changes requested" may be about, with the words for people. */
  noteFields: readonly { field: string; label: string }[];
  rejectionCodes: readonly string[];
  rights: CaseRights;
  now: Date;
};
