import type { CaseJson } from './review-types.ts';
import { useDraft } from './use-draft.component.tsx';

/** Of a proposed change, the fields that the reviewer takes over; null where the case is none. */
export type AcceptedFields = {
  all: readonly string[];
  chosen: ReadonlySet<string>;
  canChoose: boolean;
  toggle: (field: string) => void;
} | null;

/** Field by field, at first all of them; kept through a reload. */
export function useAccepted(shown: CaseJson | null): AcceptedFields {
  const section = shown?.sections.find((each) => each.kind === 'fields');
  const [left, setLeft] = useDraft<readonly string[]>(shown?.id ?? '', 'left-out', readNames);
  if (!section) return null;
  const all = section.fields.map(({ field }) => field);
  const leftOut = new Set(left ?? []);
  return {
    all,
    chosen: new Set(all.filter((field) => !leftOut.has(field))),
    canChoose: section.isDecidable,
    toggle: (field) => {
      const next = new Set(leftOut);
      if (!next.delete(field)) next.add(field);
      setLeft(next.size === 0 ? null : [...next]);
    },
  };
}

export function readNames(kept: unknown): readonly string[] | null {
  return Array.isArray(kept) && kept.every((name) => typeof name === 'string') ? kept : null;
}
