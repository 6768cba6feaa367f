import { useRef, useState } from 'react';
import { newKey, Problem, postJson } from '../../admin/components/admin-api.component.tsx';
import { useReceipts } from '../../admin/components/receipts.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { Answer } from '../../admin/components/use-command.component.tsx';
import { basePath, type TicketPart } from './ticket-types.component.tsx';

type Call = {
  isBusy: boolean;
  /** What was refused and why, in a sentence; null once something else is tried. */
  refusal: string | null;
  /** Resolves with true when it was done. */
  run: (action: string, input: Readonly<Record<string, unknown>>) => Promise<boolean>;
};

/**
 * Calls an action of a ticket without a dialog, on the version that is shown. A call that got no answer is repeated under its first
 * key, so that a message is sent once. After a conflict the ticket is loaded anew and what was typed stays.
 */
export function useTicketCall(part: TicketPart): Call {
  const [isBusy, setIsBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const pending = useRef<{ body: string; key: string } | null>(null);
  const showReceipt = useReceipts();
  const run: Call['run'] = async (action, input) => {
    if (isBusy) return false;
    setIsBusy(true);
    setRefusal(null);
    const said = JSON.stringify([action, input, part.version]);
    if (pending.current?.body !== said) pending.current = { body: said, key: newKey() };
    try {
      const answer = await postJson<Answer>(`${basePath(part)}/${action}`, {
        input,
        ...(part.version === null ? {} : { expectedVersion: part.version }),
        idempotencyKey: pending.current.key,
      });
      pending.current = null;
      if (answer.message) showReceipt({ message: answer.message, receipt: answer.receipt ?? null, undo: null });
      part.reload();
      return true;
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem(0, {});
      if (problem.status !== 0) pending.current = null;
      setRefusal(sentenceOf(problem));
      if (problem.status === 409) part.reload();
      return false;
    } finally {
      setIsBusy(false);
    }
  };
  return { isBusy, refusal, run };
}

function sentenceOf(problem: Problem): string {
  if (problem.code === 'version_conflict')
    return t('The ticket changed meanwhile. Read what is new, then send again: your words are still here.');
  return problem.requestId ? t('{problem} Request {id}', { problem: problem.message, id: problem.requestId }) : problem.message;
}
