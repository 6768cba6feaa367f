import type React from 'react';
import { useState } from 'react';
import type { Action, Resource } from './admin-types.component.tsx';
import { BulkPreview } from './bulk-preview.component.tsx';
import { BulkRunView } from './bulk-run-view.component.tsx';
import { Dialog } from './dialog.component.tsx';
import { ReasonForm } from './reason-form.component.tsx';
import type { Selection } from './record-table.component.tsx';
import { t } from './text.component.tsx';

/** What may be done with the selected records: a form that says beforehand what each would meet, then the run itself. */
export function BulkBar(props: { resource: Resource; selected: Selection; onClear: () => void; onDone: () => void }): React.ReactElement {
  const { resource, selected } = props;
  const [open, setOpen] = useState<Action | null>(null);
  const [runId, setRunId] = useState<string | null>(null);
  const base = `/resources/${resource.id}/bulk`;
  const ids = [...selected.keys()];
  return (
    <section className="fs-bulk-bar" aria-label={t('Selected records')}>
      <span className="fs-tabular" role="status">
        {t('{count} selected', { count: selected.size })}
      </span>
      {resource.bulkActions.map((action) => {
        const limit = resource.bulkLimits[action.name] ?? 0;
        const isTooMany = ids.length > limit;
        return (
          <button
            key={action.name}
            type="button"
            className="fs-button fs-button-small"
            aria-disabled={isTooMany}
            title={isTooMany ? t('At most {limit} at once.', { limit }) : undefined}
            onClick={() => {
              if (!isTooMany) setOpen(action);
            }}
          >
            {action.label}
          </button>
        );
      })}
      <button type="button" className="fs-link-button" onClick={props.onClear}>
        {t('Clear selection')}
      </button>
      {resource.bulkActions.some((action) => ids.length > (resource.bulkLimits[action.name] ?? 0)) ? (
        <span className="fs-small">{t('Too many for some of these at once.')}</span>
      ) : null}
      {open ? (
        <ReasonForm
          action={open}
          target={{ path: `${base}/${open.name}`, base, record: null, version: null, recordIds: ids }}
          intro={(input) => <BulkPreview path={`${base}/${open.name}`} selected={selected} input={input} />}
          onClose={() => setOpen(null)}
          onDone={(answer) => {
            setOpen(null);
            if (answer.runId) setRunId(answer.runId);
            else props.onDone();
          }}
        />
      ) : null}
      {runId ? (
        <Dialog title={t('What became of it')} onClose={props.onDone}>
          <div className="fs-dialog-body">
            <BulkRunView runId={runId} onRun={setRunId} />
            <footer className="fs-dialog-foot">
              <button type="button" className="fs-button fs-button-primary" onClick={props.onDone}>
                {t('Done')}
              </button>
            </footer>
          </div>
        </Dialog>
      ) : null}
    </section>
  );
}
