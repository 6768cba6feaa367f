import type React from 'react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { getJson, type Problem } from '../../admin/components/admin-api.component.tsx';
import { DiffView, textOf } from '../../admin/components/diff-view.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { DiffJson } from '../../admin/history/history-json.ts';
import type { ValueJson } from '../../admin/history/value-json.ts';
import { differences } from './differences.component.tsx';
import { reviewPath } from './review-paths.component.tsx';
import type { CaseAnswer, CaseJson } from './review-types.ts';

type Props = { problem: Problem; shown: CaseJson; onReload: () => void };

/** Why it was refused, with the focus. Where the submission changed meanwhile: what changed, and loading it without losing a word. */
export function DecisionProblem({ problem, shown, onReload }: Props): React.ReactElement {
  const summary = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new refusal takes the focus.
  useEffect(() => summary.current?.focus(), [problem]);
  const isChanged = problem.code === 'subject_changed' || problem.code === 'version_conflict';
  return (
    <div ref={summary} tabIndex={-1} role="alert" className="fs-form-error fs-review-problem">
      <p>
        {problem.message}
        {problem.requestId ? (
          <span className="fs-small">
            {' '}
            {t('Request')} <code>{problem.requestId}</code>
          </span>
        ) : null}
      </p>
      {fieldErrors(problem).map((line) => (
        <p key={line} className="fs-small">
          {line}
        </p>
      ))}
      {isChanged ? <WhatChanged problem={problem} shown={shown} onReload={onReload} /> : null}
      {!isChanged && problem.status === 409 ? (
        <button type="button" className="fs-button fs-button-small" onClick={onReload}>
          {t('Show the case as it is now')}
        </button>
      ) : null}
    </div>
  );
}

function fieldErrors({ body }: Problem): readonly string[] {
  const { errors } = body;
  if (!Array.isArray(errors)) return [];
  return errors.map((error: { path?: unknown; message?: unknown }) => `${String(error.path ?? '')}: ${String(error.message ?? '')}`);
}

/** What the refusal says of it; where it says nothing, what is on the screen is compared with what the server has now. */
function WhatChanged({ problem, shown, onReload }: Props): React.ReactElement {
  const told = useMemo(() => toldIn(problem), [problem]);
  const [entries, setEntries] = useState<readonly DiffJson[]>(told);
  useEffect(() => {
    if (told.length > 0) return undefined;
    const abort = new AbortController();
    getJson<CaseAnswer>(`${reviewPath}?case=${encodeURIComponent(shown.id)}`, abort.signal)
      .then((answer) => setEntries(differences(shown, answer.case)))
      // The words of the refusal and the button stay.
      .catch(() => undefined);
    return () => abort.abort();
  }, [shown, told]);
  return (
    <>
      {entries.length > 0 ? (
        <div className="fs-review-changes">
          <DiffView entries={entries} />
        </div>
      ) : null}
      <p className="fs-small">{t('Nothing was decided. Your notes and answers stay when you load the new version.')}</p>
      <button type="button" className="fs-button fs-button-small" onClick={onReload}>
        {t('Load the new version')}
      </button>
    </>
  );
}

function toldIn({ body: { changed } }: Problem): readonly DiffJson[] {
  if (!Array.isArray(changed)) return [];
  return changed.map((value: { field?: unknown; label?: unknown; before?: unknown; after?: unknown; isEncrypted?: unknown }) => {
    const { field, label, before, after, isEncrypted } = value;
    const valueOfSide = (side: unknown): ValueJson => (isEncrypted === true ? { kind: 'encrypted' } : plainValue(side));
    return {
      ...{ table: '', recordId: '', eventId: '', field: String(field), label: String(label ?? field) },
      ...{ before: valueOfSide(before), after: valueOfSide(after) },
    };
  });
}

function plainValue(value: unknown): ValueJson {
  const text = Array.isArray(value) ? value.map(textOf).join(', ') : textOf(value);
  return text === '' ? { kind: 'empty' } : { kind: 'text', text };
}
