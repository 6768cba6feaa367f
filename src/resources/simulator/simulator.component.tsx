import type React from 'react';
import { EmptyState, ErrorState } from '../../admin/components/empty-state.component.tsx';
import { Link, recordHref, useAddress } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { useIsSlow, useRemote } from '../../admin/components/use-remote.component.tsx';
import { type Right, Rights } from './rights-table.component.tsx';
import { type FormOptions, SimulatorForm } from './simulator-form.component.tsx';

type Probed = {
  resource: string;
  title: string;
  isWithinReach: boolean;
  buttons: readonly { name: string; label: string; refusal: string | null }[];
};
type View = {
  form: FormOptions;
  who: { name: string; grades: readonly string[] } | null;
  record: Probed | null;
  rights: readonly Right[];
};

/** "What can X do" and "why not": the guard's own answers, right by right. */
export default function Simulator(): React.ReactElement {
  const { search } = useAddress();
  const remote = useRemote<View>(`/pages/permission-simulator${search}`);
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  const { data } = remote;
  return (
    <>
      <header className="fs-screen-head">
        <h1>{t('Permission simulator')}</h1>
      </header>
      <p className="fs-muted">{t('The rules themselves answer, as they would for the person. Nothing changes; each look is recorded.')}</p>
      {remote.problem ? <ErrorState problem={remote.problem} retry={remote.reload} /> : null}
      {remote.problem ? <Link href="/admin/pages/permission-simulator">{t('Start again')}</Link> : null}
      {data ? (
        <SimulatorForm key={search} form={data.form} search={search} />
      ) : remote.problem ? null : (
        <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div>
      )}
      {data && !data.who ? (
        <EmptyState icon="shield" title={t('Whom do you ask about?')}>
          {t('Choose a role or a colleague. With a record the answers are about that record.')}
        </EmptyState>
      ) : null}
      {data?.who ? <Answers view={data} who={data.who} /> : null}
    </>
  );
}

function Answers({ view, who }: { view: View; who: NonNullable<View['who']> }): React.ReactElement {
  const { record, rights } = view;
  return (
    <>
      {record || who.grades.length === 0 ? (
        <section className="fs-card">
          <h2>{who.name}</h2>
          {who.grades.length === 0 ? <p>{t('Holds no role in force: may do nothing.')}</p> : null}
          {record ? <RecordFacts record={record} /> : null}
        </section>
      ) : null}
      <Rights key={`${who.name} ${record?.title}`} name={who.name} rights={rights} hasRecord={record !== null} />
    </>
  );
}

function RecordFacts({ record }: { record: Probed }): React.ReactElement {
  return (
    <>
      <p>
        {t('Asked about')} <Link href={recordHrefOf(record)}>{record.title}</Link>
        {': '}
        {record.isWithinReach ? t('they can open this record.') : t('they cannot open this record.')}
      </p>
      {record.isWithinReach && record.buttons.length > 0 ? (
        <>
          <h3>{t('Buttons they see on it')}</h3>
          <ul className="fs-plain-list">
            {record.buttons.map(({ name, label, refusal }) => (
              <li key={name}>
                <StatusPill tone={refusal === null ? 'ok' : 'neutral'}>{refusal === null ? t('Can be used') : t('Refused')}</StatusPill>{' '}
                <strong>{label}</strong> {refusal ? <span className="fs-muted">{refusal}</span> : null}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  );
}

function recordHrefOf({ resource }: Probed): string {
  const id = new URLSearchParams(window.location.search).get('record') ?? '';
  return recordHref(resource, id);
}
