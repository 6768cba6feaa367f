import type React from 'react';
import { useState } from 'react';
import type { RecordPageProps } from '../../admin/components/admin-types.component.tsx';
import { DiffView } from '../../admin/components/diff-view.component.tsx';
import { EmptyState } from '../../admin/components/empty-state.component.tsx';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { RecordHistory } from '../../admin/components/record-history.component.tsx';
import { RecordFacts } from '../../admin/components/record-screen.component.tsx';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { Tabs } from '../../admin/components/tabs.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { Checks } from './checks.component.tsx';
import type { RevisionJson } from './revision-json.ts';
import { Outcome } from './revisions-tab.component.tsx';

/** One proposal: only the changed fields, old and new, and for whoever may decide a choice per field. */
export default function RevisionPage(props: RecordPageProps): React.ReactElement {
  const { resource, answer, reload } = props;
  const revision = answer.extra.revision as RevisionJson | null;
  const of = `record=${encodeURIComponent(`catalog.product_revision:${answer.record.id}`)}`;
  return (
    <Tabs
      label={t('About this proposal')}
      tabs={[
        { id: 'changes', label: t('Changes'), content: () => (revision ? <Proposal {...props} revision={revision} /> : <Gone />) },
        { id: 'details', label: t('Details'), content: () => <RecordFacts fields={resource.fields} answer={answer} /> },
        ...(resource.historyTable
          ? [{ id: 'history', label: t('History'), content: () => <RecordHistory of={of} onChanged={reload} /> }]
          : []),
      ]}
    />
  );
}

function Gone(): React.ReactElement {
  return (
    <EmptyState icon="package" title={t('Nothing to show')}>
      {t('The product was deleted, and its proposals with it.')}
    </EmptyState>
  );
}

type Props = RecordPageProps & { revision: RevisionJson };

function Proposal({ answer, reload, revision }: Props): React.ReactElement {
  const accept = answer.actions.find(({ name }) => name === 'accept') ?? null;
  const canChoose = accept !== null && accept.refusal === null;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(revision.changes.map(({ field }) => field)));
  const [isOpen, setIsOpen] = useState(false);
  const toggle = (field: string) => {
    const next = new Set(chosen);
    if (!next.delete(field)) next.add(field);
    setChosen(next);
  };
  const isDecided = revision.status === 'accepted' || revision.status === 'partly_accepted';
  const base = `/resources/ProductRevision/records/${encodeURIComponent(answer.record.id)}`;
  return (
    <>
      <section className="fs-card">
        <h2>{t('What is proposed')}</h2>
        <p className="fs-small fs-muted">
          {revision.isMine ? t('You') : revision.author}, <Time value={revision.createdAt} />
        </p>
        <p>
          <Link href={recordHref('Product', revision.product.id)}>{revision.product.title}</Link>
        </p>
        {revision.changes.map(({ field, isAccepted, isStale, diff }) => (
          <div key={field} className="fs-choice">
            {canChoose ? (
              <label className="fs-check">
                <input type="checkbox" checked={chosen.has(field)} onChange={() => toggle(field)} />{' '}
                {t('Accept {field}', { field: diff.label.toLowerCase() })}
              </label>
            ) : null}
            <DiffView entries={[diff]} {...(isDecided ? { tools: () => <Outcome isAccepted={isAccepted} /> } : {})} />
            {isStale ? <p className="fs-field-error">{t('The product changed here since: this cannot be accepted.')}</p> : null}
          </div>
        ))}
        {revision.note ? <blockquote className="fs-wrap">{revision.note}</blockquote> : null}
        {revision.decidedBy ? <p className="fs-small fs-muted">{t('Decided by {name}.', { name: revision.decidedBy })}</p> : null}
        {accept ? (
          <footer className="fs-suggest-foot">
            <button
              type="button"
              className="fs-button fs-button-primary"
              aria-disabled={!canChoose || chosen.size === 0}
              title={accept.refusal ?? accept.effect}
              onClick={() => setIsOpen(canChoose && chosen.size > 0)}
            >
              {chosen.size === revision.changes.length
                ? t('Accept all of it')
                : t('Accept {count} of {all}', { count: chosen.size, all: revision.changes.length })}
            </button>
            {accept.refusal ? <p className="fs-muted fs-small">{accept.refusal}</p> : null}
          </footer>
        ) : null}
      </section>
      <Checks checks={revision.checks} />
      {isOpen && accept ? (
        <ReasonForm
          action={accept}
          target={{ path: `${base}/accept`, base, record: answer.record, version: answer.version, fixedInput: { fields: [...chosen] } }}
          onClose={() => setIsOpen(false)}
          onDone={() => {
            setIsOpen(false);
            reload();
          }}
        />
      ) : null}
    </>
  );
}
