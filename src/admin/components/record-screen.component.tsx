import type React from 'react';
import { useEffect } from 'react';
import { ActionRail } from './action-rail.component.tsx';
import { type Column, type RecordPageProps, type Resource, registeredComponent, type ShowAnswer } from './admin-types.component.tsx';
import { CellValue } from './cell-value.component.tsx';
import { ErrorState } from './empty-state.component.tsx';
import { listHref } from './list-address.component.tsx';
import { rememberRecord } from './recent-records.component.tsx';
import { RecordHistory } from './record-history.component.tsx';
import { Link } from './router.component.tsx';
import { StatePill } from './status-pill.component.tsx';
import { Tabs } from './tabs.component.tsx';
import { t } from './text.component.tsx';
import { useIsSlow, useRemote } from './use-remote.component.tsx';

/** The page of one record: its own component where the resource has one, else facts by section and the action rail. */
export function RecordScreen({ resource, recordId }: { resource: Resource; recordId: string }): React.ReactElement {
  const base = `/resources/${resource.id}/records/${encodeURIComponent(recordId)}`;
  const remote = useRemote<ShowAnswer>(`${base}/show`);
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  const { data } = remote;
  useEffect(() => {
    if (!data) return;
    document.title = `${data.record.title}, ${resource.singular.toLowerCase()} - Fashionistar`;
    rememberRecord({ resource: resource.id, id: data.record.id, title: data.record.title });
  }, [data, resource]);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={remote.reload} />;
  if (!data) return <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div>;
  const Own = resource.showComponent ? registeredComponent<RecordPageProps>(resource.showComponent) : null;
  const railActions = data.actions.filter((action) => !action.isInline);
  const pills = resource.fields.filter((field) => field.type === 'enum' && field.states);
  const pill = pills.find(({ name }) => name === 'status') ?? pills[0];
  return (
    <div className="fs-record">
      <nav aria-label={t('Back')}>
        <Link href={listHref(resource.id)}>{resource.title}</Link>
      </nav>
      <header className="fs-screen-head">
        <h1>{data.record.title}</h1>
        <span className="fs-muted">{resource.singular}</span>
        {pill && data.record.params[pill.name] ? <StatePill value={String(data.record.params[pill.name])} states={pill.states} /> : null}
      </header>
      <div className={railActions.length > 0 ? 'fs-with-rail' : ''}>
        <div className="fs-record-body">
          {Own ? (
            <Own resource={resource} answer={data} reload={remote.reload} />
          ) : (
            <StandardRecord resource={resource} answer={data} reload={remote.reload} />
          )}
        </div>
        <ActionRail
          actions={railActions}
          targetOf={(action) => ({
            path: `${base}/${action.name}`,
            base,
            record: data.record,
            version: data.version,
            subjectUserId: data.subjectUserId,
            hasCaller: Boolean(data.extra.callerCheck),
          })}
          onDone={remote.reload}
        />
      </div>
    </div>
  );
}

/** Facts, and beside them the history where there is one to read. */
function StandardRecord({ resource, answer, reload }: RecordPageProps): React.ReactElement {
  const { historyTable } = resource;
  const facts = () => <RecordFacts fields={resource.fields} answer={answer} />;
  if (!historyTable) return facts();
  const of = `record=${encodeURIComponent(`${historyTable}:${answer.record.id}`)}`;
  return (
    <Tabs
      label={t('About this {singular}', { singular: resource.singular })}
      tabs={[
        { id: 'details', label: t('Details'), content: facts },
        {
          id: 'history',
          label: t('History'),
          content: () =>
            answer.extra.isHistoryClosed ? (
              <p className="fs-muted">
                {t('Closed to you until you have given your own answer: it would tell you that of somebody else.')}
              </p>
            ) : (
              <RecordHistory of={of} onChanged={reload} />
            ),
        },
      ]}
    />
  );
}

/** Label and value of every field, under the sections of their columns. */
export function RecordFacts({ fields, answer }: { fields: readonly Column[]; answer: ShowAnswer }): React.ReactElement {
  const sections = new Map<string, Column[]>();
  for (const field of fields) {
    const name = field.section ?? t('Details');
    sections.set(name, [...(sections.get(name) ?? []), field]);
  }
  return (
    <>
      {[...sections].map(([name, columns]) => (
        <section key={name} className="fs-card">
          <h2>{name}</h2>
          <dl className="fs-facts">
            {columns.map((column) => (
              <div key={column.name}>
                <dt>{column.label}</dt>
                <dd>
                  <CellValue column={column} record={answer.record} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </>
  );
}
