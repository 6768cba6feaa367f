import type React from 'react';
import { useState } from 'react';
import { newKey, Problem, postJson } from './admin-api.component.tsx';
import type { Action } from './admin-types.component.tsx';
import { type BulkRunJson, bulkRunsPath } from './bulk-run-types.component.tsx';
import { ReasonForm } from './reason-form.component.tsx';
import { Link } from './router.component.tsx';
import { saveFile } from './save-file.component.tsx';
import { t } from './text.component.tsx';
import { Time } from './time.component.tsx';

/** What may be done about a run: stop it, take it back, keep its results. */
export function RunButtons(props: {
  run: BulkRunJson;
  undo: Action;
  onRun: (runId: string) => void;
  onChanged: () => void;
}): React.ReactElement {
  const { run, undo, onRun, onChanged } = props;
  const [isUndoing, setIsUndoing] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const attempt = (work: Promise<unknown>) => {
    setRefusal(null);
    work
      .catch((error: unknown) => setRefusal(error instanceof Problem ? error.message : t('This did not work. Nothing was changed.')))
      .finally(onChanged);
  };
  return (
    <div className="fs-bulk-buttons">
      {refusal ? <p role="alert">{refusal}</p> : null}
      {run.canCancel ? (
        <button
          type="button"
          className="fs-button fs-button-small"
          onClick={() => attempt(postJson(bulkRunsPath, { action: 'cancelRun', input: { id: run.id }, idempotencyKey: newKey() }))}
        >
          {t('Stop')}
        </button>
      ) : null}
      {run.undoUntil ? (
        <button type="button" className="fs-button fs-button-small" onClick={() => setIsUndoing(true)}>
          {t('Take back')}
        </button>
      ) : null}
      <button
        type="button"
        className="fs-button fs-button-small"
        onClick={() => attempt(saveFile(bulkRunsPath, { action: 'downloadResults', input: { id: run.id } }))}
      >
        {t('Download results')}
      </button>
      {run.undoUntil ? (
        <span className="fs-muted fs-small">
          {t('Can be taken back')} <Time value={run.undoUntil} />
        </span>
      ) : null}
      {run.undoneBy ? (
        <span className="fs-small">
          <Link href={`/admin/pages/bulk-runs?run=${run.undoneBy}`}>{t('It was taken back')}</Link>
        </span>
      ) : null}
      {isUndoing ? (
        <ReasonForm
          action={undo}
          target={{
            path: bulkRunsPath,
            base: bulkRunsPath,
            record: null,
            version: null,
            pageAction: undo.name,
            fixedInput: { id: run.id },
          }}
          onClose={() => setIsUndoing(false)}
          onDone={(answer) => {
            setIsUndoing(false);
            onChanged();
            const output: unknown = answer.shown?.output;
            const made: unknown = typeof output === 'object' && output !== null ? Reflect.get(output, 'runId') : null;
            if (typeof made === 'string') onRun(made);
          }}
        />
      ) : null}
    </div>
  );
}
