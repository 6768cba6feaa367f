import { useRef, useState } from 'react';
import { newKey, Problem, postJson } from '../../admin/components/admin-api.component.tsx';
import { useReceipts } from '../../admin/components/receipts.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { Answer } from '../../admin/components/use-command.component.tsx';
import type { Check, ProductPart } from './product-types.component.tsx';

type Call = {
  isBusy: boolean;
  /** What was refused as a whole, in a sentence. */
  refusal: string | null;
  /** What was refused of single fields, by field. */
  errors: Readonly<Record<string, string>>;
  send: (changes: Readonly<Record<string, unknown>>) => Promise<void>;
};

/**
 * Proposes changes of a product on the version that is shown. A call that got no answer is repeated under its first key, so that one
 * suggestion is one. What is typed stays through every refusal.
 */
export function useSuggest(part: ProductPart, onChecks: (checks: readonly Check[]) => void): Call {
  const [state, setState] = useState<Omit<Call, 'send'>>({ isBusy: false, refusal: null, errors: {} });
  const pending = useRef<{ body: string; key: string } | null>(null);
  const showReceipt = useReceipts();
  const send: Call['send'] = async (changes) => {
    if (state.isBusy) return;
    setState({ isBusy: true, refusal: null, errors: {} });
    const said = JSON.stringify([changes, part.version]);
    if (pending.current?.body !== said) pending.current = { body: said, key: newKey() };
    try {
      const answer = await postJson<Answer>(`/resources/Product/records/${encodeURIComponent(part.record.id)}/suggest`, {
        input: { changes },
        ...(part.version === null ? {} : { expectedVersion: part.version }),
        idempotencyKey: pending.current.key,
      });
      pending.current = null;
      onChecks(checksIn(answer.shown));
      if (answer.message) showReceipt({ message: answer.message, receipt: answer.receipt ?? null, undo: null });
      setState({ isBusy: false, refusal: null, errors: {} });
      part.reload();
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem(0, {});
      if (problem.status !== 0) pending.current = null;
      setState({ isBusy: false, refusal: sentenceOf(problem), errors: fieldErrors(problem) });
      if (problem.status === 409) part.reload();
    }
  };
  return { ...state, send };
}

function checksIn(shown: Answer['shown']): readonly Check[] {
  const outcome = shown?.outcome;
  const checks: unknown = typeof outcome === 'object' && outcome !== null ? Reflect.get(outcome, 'checks') : null;
  return Array.isArray(checks) ? (checks as readonly Check[]) : [];
}

function sentenceOf(problem: Problem): string {
  if (problem.code === 'version_conflict')
    return t('The product changed meanwhile. Look at what is live now, then propose again: your words are still here.');
  return problem.requestId ? t('{problem} Request {id}', { problem: problem.message, id: problem.requestId }) : problem.message;
}

/** By the field of the form: `changes.tags.3` is about the tags. */
function fieldErrors({ body }: Problem): Readonly<Record<string, string>> {
  const { errors } = body;
  if (!Array.isArray(errors)) return {};
  return Object.fromEntries(
    errors.map((item: { path?: unknown; message?: unknown }) => {
      const path = String(item.path ?? '').replace(/^(?:input\.)?changes\./, '');
      return [path.startsWith('media.') ? path : (path.split('.')[0] ?? path), String(item.message ?? t('Please check this.'))];
    }),
  );
}
