import type { PageRequest } from '../../admin/index.ts';
import { previewDecision } from '../../modules/notifications/index.ts';
import type { ReviewCaseView } from '../../modules/review/index.ts';
import { titleOf } from './line-json.ts';
import type { DecisionName, MessageJson } from './review-types.ts';

/** Stands for the reviewer's words; a character that nobody can type. */
const words = '\uE000';
const noteOf = (field: string) => `\uE001${field}\uE001`;

type Messages = {
  of: Readonly<Partial<Record<DecisionName, MessageJson>>>;
  /** What the message calls a field. */
  labels: ReadonlyMap<string, string>;
};

/**
 * The messages of the three decisions, made by the templates themselves with marks where the words go: the browser puts the words there
 * while they are typed. A second look tells nobody anything.
 */
export function messagesOf({ deps }: PageRequest, view: ReviewCaseView): Messages {
  if (view.isSample) return { of: {}, labels: new Map() };
  const channel = channelOf(view);
  const name = titleOf(view.title, view.kind);
  const notes = view.noteFields.map(({ field }) => ({ field, note: noteOf(field) }));
  const rendered = (decision: DecisionName): MessageJson => {
    const { subject, text, sms } = previewDecision(deps, { kind: view.kind, decision, name, text: words, notes: [] });
    const parts = channel === 'mail' ? text.split(words) : [sms];
    return { channel, subject, parts: parts.map((part) => part.trim()) };
  };
  const whole = previewDecision(deps, { kind: view.kind, decision: 'request_changes', name, text: words, notes });
  return {
    of: { approve: rendered('approve'), reject: rendered('reject'), request_changes: rendered('request_changes') },
    labels: labelsIn(whole.text, view),
  };
}

/** `Store name: ` before the mark of its note. */
function labelsIn(text: string, { noteFields }: ReviewCaseView): ReadonlyMap<string, string> {
  const lines = text.split('\n');
  return new Map(
    noteFields.flatMap(({ field }) => {
      const mark = `: ${noteOf(field)}`;
      const line = lines.find((each) => each.endsWith(mark));
      return line === undefined ? [] : [[field, line.slice(0, -mark.length)] as const];
    }),
  );
}

/** The account's own way: mail where its masked contact is an address, else SMS. */
function channelOf({ evidence }: ReviewCaseView): MessageJson['channel'] {
  const contact = 'vendor' in evidence ? evidence.vendor?.owner.contactMasked : null;
  return contact && !contact.includes('@') ? 'sms' : 'mail';
}
