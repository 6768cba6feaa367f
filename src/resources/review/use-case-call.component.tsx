import { useCallback, useRef, useState } from 'react';
import { newKey, Problem } from '../../admin/components/admin-api.component.tsx';
import type { Answer } from '../../admin/components/use-command.component.tsx';
import type { CaseWriter } from './use-case-writer.component.tsx';

export type CaseCall = {
  isBusy: boolean;
  problem: Problem | null;
  /** Takes the refusal away. */
  forget: () => void;
  /** A fresh factor is asked for; `run` again once it was given. */
  isAsking: boolean;
  stopAsking: () => void;
  /** Null when it was refused; the refusal is in `problem`. A call that got no answer is repeated under its first key. */
  run: (action: string, body: Readonly<Record<string, unknown>>) => Promise<Answer | null>;
};

/** Calls a command from a form of the screen, once at a time. */
export function useCaseCall(writer: CaseWriter): CaseCall {
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const pending = useRef<{ said: string; key: string } | null>(null);
  const running = useRef(false);
  const run: CaseCall['run'] = async (action, body) => {
    if (running.current) return null;
    running.current = true;
    setIsBusy(true);
    setProblem(null);
    const said = JSON.stringify([action, body]);
    if (pending.current?.said !== said) pending.current = { said, key: newKey() };
    try {
      const answer = await writer.write(action, body, pending.current.key);
      pending.current = null;
      return answer;
    } catch (error) {
      const refused = error instanceof Problem ? error : new Problem(0, {});
      if (refused.status !== 0) pending.current = null;
      if (refused.code === 'step_up_required') setIsAsking(true);
      else setProblem(refused);
      return null;
    } finally {
      running.current = false;
      setIsBusy(false);
    }
  };
  const forget = useCallback(() => setProblem(null), []);
  return { isBusy, problem, forget, isAsking, stopAsking: () => setIsAsking(false), run };
}
