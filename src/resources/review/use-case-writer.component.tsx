import { useEffect, useMemo, useRef } from 'react';
import { newKey, postJson } from '../../admin/components/admin-api.component.tsx';
import type { Answer } from '../../admin/components/use-command.component.tsx';
import { casePath } from './review-paths.component.tsx';
import type { CaseJson } from './review-types.ts';

type Body = Readonly<Record<string, unknown>>;

/** Everything that the screen writes about one case, one after the other and each on the version that the one before left. */
export type CaseWriter = {
  /** @throws Problem */
  write: (action: string, body: Body, key?: string) => Promise<Answer>;
  /** Whether nothing was sent for that long. */
  isIdleFor: (ms: number) => boolean;
  /** When something was last written, by the clock of this computer: each writing starts the half hour of a claim again. */
  writtenAt: () => number | null;
};

export function useCaseWriter({ id, version }: Pick<CaseJson, 'id' | 'version'>): CaseWriter {
  const state = useRef({ version, tail: Promise.resolve<unknown>(null), sentAt: Date.now(), writtenAt: null as number | null });
  useEffect(() => {
    // An answer that was asked for before the last writing must not take the version back.
    state.current.version = Math.max(state.current.version, version);
  }, [version]);
  return useMemo<CaseWriter>(() => {
    const send = async (action: string, body: Body, key: string) => {
      const sent = { ...body, expectedVersion: state.current.version, idempotencyKey: key };
      const answer = await postJson<Answer>(`${casePath(id)}/${action}`, sent);
      const next = answer.shown?.version;
      if (typeof next === 'number') state.current.version = next;
      state.current.writtenAt = Date.now();
      return answer;
    };
    return {
      write: (action, body, key = newKey()) => {
        state.current.sentAt = Date.now();
        const run = state.current.tail.then(() => send(action, body, key));
        state.current.tail = run.catch(() => undefined);
        return run;
      },
      isIdleFor: (ms) => Date.now() - state.current.sentAt >= ms,
      writtenAt: () => state.current.writtenAt,
    };
  }, [id]);
}
