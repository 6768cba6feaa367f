import { useEffect, useState } from 'react';
import type { Problem } from '../../admin/components/admin-api.component.tsx';
import { useReceipts } from '../../admin/components/receipts.component.tsx';
import { type DecisionDraft, type FormName, writtenNotes } from './decision-draft.component.tsx';
import type { DecisionFormProps } from './decision-form.component.tsx';
import { useCaseCall } from './use-case-call.component.tsx';
import { forgetDrafts } from './use-draft.component.tsx';

export type Decide = {
  isBusy: boolean;
  problem: Problem | null;
  isAsking: boolean;
  stopAsking: () => void;
  send: () => Promise<void>;
};

/**
 * Saves the checklist, sends the decision on the version that is shown, and forgets what was typed only once it was accepted. Where the
 * checklist could not be saved, that is why nothing was sent.
 */
export function useDecide(props: DecisionFormProps, draft: DecisionDraft): Decide {
  const { shown, name, list, accepted, onDecided } = props;
  const call = useCaseCall(props.writer);
  const showReceipt = useReceipts();
  const [isUnsaved, setIsUnsaved] = useState(false);
  const { forget } = call;
  // A refusal was of the version that was shown then.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the versions are what it waits for.
  useEffect(forget, [forget, shown.version, shown.subjectVersion]);
  const send = async () => {
    const isSaved = await list.flush();
    setIsUnsaved(!isSaved);
    if (!isSaved) return;
    const answer = await call.run(name, bodyOf({ name, draft, accepted, list }));
    if (!answer) return;
    forgetDrafts(shown.id);
    if (answer.message) showReceipt({ message: answer.message, receipt: answer.receipt ?? null, undo: null });
    onDecided(name);
  };
  const unsaved = isUnsaved && list.saving.kind === 'failed' ? list.saving.problem : null;
  return { isBusy: call.isBusy, problem: unsaved ?? call.problem, isAsking: call.isAsking, stopAsking: call.stopAsking, send };
}

type Sent = Pick<DecisionFormProps, 'name' | 'accepted' | 'list'> & { draft: DecisionDraft };

function bodyOf({ name, draft, accepted, list }: Sent): Readonly<Record<string, unknown>> {
  const text = draft.text.trim();
  const input = {
    ...(text === '' ? {} : { text }),
    ...(name === 'reject' ? { code: draft.code } : {}),
    ...(name === 'requestChanges' ? { fieldNotes: writtenNotes(draft) } : {}),
    ...(isPart(name, accepted) ? { acceptedFields: [...(accepted?.chosen ?? [])] } : {}),
    ...(isSecond(name) ? { checklist: answered(list) } : {}),
  };
  return { input };
}

/** Only some of the fields; all of them need no list. */
function isPart(name: FormName, accepted: DecisionFormProps['accepted']): boolean {
  return name === 'approve' && accepted?.canChoose === true && accepted.chosen.size < accepted.all.length;
}

function isSecond(name: FormName): boolean {
  return name === 'secondApprove' || name === 'secondDisagree';
}

function answered({ entries }: DecisionFormProps['list']): readonly object[] {
  return entries.flatMap(({ item, answer, note }) => (answer ? [{ item, answer, ...(note.trim() ? { note: note.trim() } : {}) }] : []));
}
