import type React from 'react';
import { useState } from 'react';
import type { ProofAnswer } from '../history/history-answers.ts';
import type { ProvableJson } from '../history/history-json.ts';
import { getJson, Problem } from './admin-api.component.tsx';
import { Dialog } from './dialog.component.tsx';
import { ErrorState } from './empty-state.component.tsx';
import { StatusPill } from './status-pill.component.tsx';
import { t } from './text.component.tsx';
import { exactTime } from './time.component.tsx';
import { useRemote } from './use-remote.component.tsx';

const pills = {
  waiting: { tone: 'neutral', text: t('Not sealed yet') },
  sealed: { tone: 'ok', text: t('Sealed') },
  absent: { tone: 'info', text: t('Archived') },
  broken: { tone: 'danger', text: t('Does not fit its seal') },
} as const;

/** How far the rows of a click are proved, in plain words, and the proof to take away. */
export function ProofDialog({ rows, onClose }: { rows: readonly ProvableJson[]; onClose: () => void }): React.ReactElement {
  const [rowId, setRowId] = useState(rows[0]?.rowId ?? '');
  return (
    <Dialog title={t('Proof')} onClose={onClose}>
      <div className="fs-dialog-body">
        {rows.length > 1 ? (
          <div className="fs-field">
            <label htmlFor="fs-proof-row">{t('Row')}</label>
            <select id="fs-proof-row" value={rowId} onChange={(event) => setRowId(event.target.value)}>
              {rows.map((row) => (
                <option key={row.rowId} value={row.rowId}>
                  {row.label}
                </option>
              ))}
            </select>
          </div>
        ) : null}
        <RowProof key={rowId} rowId={rowId} />
      </div>
    </Dialog>
  );
}

/** The proof of one row. */
export function RowProof({ rowId }: { rowId: string }): React.ReactElement {
  const path = `/pages/history?view=proof&row=${rowId}`;
  const remote = useRemote<ProofAnswer>(path);
  const [problem, setProblem] = useState<Problem | null>(null);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={remote.reload} />;
  if (!remote.data) return <div className="fs-skeleton" />;
  const { state, sentences, facts, canDownload } = remote.data;
  const pill = pills[state];
  const download = async () => {
    setProblem(null);
    try {
      const { file } = await getJson<ProofAnswer>(`${path}&file=1`);
      if (file) save(file.name, file.content);
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, {}));
    }
  };
  return (
    <section aria-label={t('State of the proof')}>
      <p>
        <StatusPill tone={pill.tone}>{pill.text}</StatusPill>
      </p>
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <dl className="fs-facts">
        {facts.map(({ label, text, isTime }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{isTime ? <time dateTime={text}>{exactTime(new Date(text))}</time> : <code className="fs-wrap">{text}</code>}</dd>
          </div>
        ))}
      </dl>
      {canDownload ? (
        <>
          <p className="fs-muted fs-small">
            {t('Downloading it is recorded. The file proves this row without our database:')}{' '}
            <code className="fs-wrap">npm run audit:verify -- --export FILE --keys FILE</code>
          </p>
          <button type="button" className="fs-button fs-button-primary" onClick={() => void download()}>
            {t('Download proof')}
          </button>
        </>
      ) : (
        <button type="button" className="fs-button" onClick={remote.reload}>
          {t('Look again')}
        </button>
      )}
      {problem ? <p role="alert">{problem.message}</p> : null}
    </section>
  );
}

/** Hands a text to the browser as a file to keep. */
function save(name: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
