import { useRef, useState } from 'react';
import { getJson, newKey, Problem, postJson } from '../../admin/components/admin-api.component.tsx';
import { navigate } from '../../admin/components/router.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { Answer } from '../../admin/components/use-command.component.tsx';
import { hrefOf } from './queue-pane.component.tsx';
import { reviewPath } from './review-paths.component.tsx';
import type { ListJson, Tab } from './review-types.ts';

export type TakeNext = {
  isBusy: boolean;
  /** What came of it where no case was opened: nothing waits, or why it was refused. */
  said: string | null;
  isRefused: boolean;
  run: () => Promise<void>;
  /** After a decision: what the person still holds or is asked for, else the next of the queue. */
  next: (doneId: string, tab: Tab, canTake: boolean) => Promise<void>;
};

/** One key or click: the most pressing case is theirs and open. */
export function useTakeNext({ onQueueChanged }: { onQueueChanged: () => void }): TakeNext {
  const [isBusy, setIsBusy] = useState(false);
  const [said, setSaid] = useState<{ text: string; isRefused: boolean } | null>(null);
  const running = useRef(false);
  const once = async (work: () => Promise<void>) => {
    if (running.current) return;
    running.current = true;
    setIsBusy(true);
    setSaid(null);
    try {
      await work();
    } catch (error) {
      setSaid({ text: error instanceof Problem ? error.message : t('No case was taken. Try again.'), isRefused: true });
    } finally {
      running.current = false;
      setIsBusy(false);
      onQueueChanged();
    }
  };
  const take = async () => {
    const answer = await postJson<Answer>('/resources/ReviewCase/actions/takeNext', { input: {}, idempotencyKey: newKey() });
    const id = answer.shown?.caseId;
    if (typeof id === 'string') navigate(hrefOf('mine', id));
    else setSaid({ text: answer.message ?? t('Nothing waits.'), isRefused: false });
    return typeof id === 'string';
  };
  return {
    isBusy,
    said: said?.text ?? null,
    isRefused: said?.isRefused ?? false,
    run: () => once(async () => void (await take())),
    next: (doneId, tab, canTake) =>
      once(async () => {
        for (const queue of tab === 'second' ? (['second', 'mine'] as const) : (['mine'] as const)) {
          const { lines } = await getJson<ListJson>(`${reviewPath}?tab=${queue}`);
          const line = lines.find((each) => each.id !== doneId && each.refusal === null);
          if (line) {
            navigate(hrefOf(queue, line.id));
            return;
          }
        }
        if (!canTake || !(await take())) navigate(hrefOf(tab));
      }),
  };
}
