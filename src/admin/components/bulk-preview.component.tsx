import type React from 'react';
import { useEffect, useState } from 'react';
import { Problem, postJson } from './admin-api.component.tsx';
import type { Selection } from './record-table.component.tsx';
import { t } from './text.component.tsx';

type DryRow = { id: string; outcome: 'changed' | 'unchanged' | 'refused'; reason?: string; effects?: readonly string[] };

/** The dry run: the server asks every guard on every record and changes nothing. It is told before anybody sends. */
export function BulkPreview(props: { path: string; selected: Selection; input: Readonly<Record<string, unknown>> }): React.ReactElement {
  const { path, selected } = props;
  const [rows, setRows] = useState<readonly DryRow[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const asked = JSON.stringify({ recordIds: [...selected.keys()], input: props.input, dryRun: true });
  useEffect(() => {
    let isStale = false;
    const timer = setTimeout(() => {
      postJson<{ results: readonly DryRow[] }>(path, JSON.parse(asked))
        .then((answer) => {
          if (isStale) return;
          setRows(answer.results);
          setProblem(null);
        })
        .catch((error: unknown) => {
          if (!isStale) setProblem(error instanceof Problem ? error.message : t('What would happen could not be found out.'));
        });
    }, 200);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [path, asked]);
  if (problem) return <p role="alert">{problem}</p>;
  const count = (outcome: DryRow['outcome']) => rows?.filter((row) => row.outcome === outcome).length ?? 0;
  return (
    <div className="fs-bulk-preview" aria-live="polite" aria-busy={rows === null}>
      {rows === null ? (
        <p className="fs-muted">{t('Looking at {count} records. Nothing is changed yet.', { count: selected.size })}</p>
      ) : (
        <>
          <ul className="fs-bulk-counts">
            <li>{t('{count} will change', { count: count('changed') })}</li>
            <li>{t('{count} stay as they are', { count: count('unchanged') })}</li>
            <li>{t('{count} will be refused', { count: count('refused') })}</li>
          </ul>
          <BulkReasons
            rows={rows.filter((row) => row.outcome === 'refused').map((row) => ({ ...row, title: selected.get(row.id) ?? null }))}
          />
        </>
      )}
    </div>
  );
}

/** Which rows were refused and why. */
export function BulkReasons({
  rows,
}: {
  rows: readonly { id: string; title: string | null; reason?: string }[];
}): React.ReactElement | null {
  if (rows.length === 0) return null;
  return (
    <ul className="fs-bulk-reasons">
      {rows.map((row) => (
        <li key={row.id}>
          <strong>{row.title ?? row.id}</strong> {row.reason ?? t('Refused.')}
        </li>
      ))}
    </ul>
  );
}
