import type React from 'react';
import { useId, useState } from 'react';
import { EmptyState } from '../../admin/components/empty-state.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';

type Half = { intent: 'request' | 'approve'; isAllowed: boolean; answer: string };
export type Right = {
  permission: string;
  resource: string;
  action: string;
  isAllowed: boolean;
  mode: string | null;
  answer: string;
  halves: readonly Half[];
  reach: 'all' | 'some' | 'none';
  demands: readonly string[];
  isAbout: boolean;
};
const verdicts = ['all', 'yes', 'no', 'depends'] as const;
type Verdict = (typeof verdicts)[number];

function verdictOf(right: Right): Exclude<Verdict, 'all'> {
  if (right.isAllowed) return 'yes';
  return right.reach === 'some' ? 'depends' : 'no';
}

/** Every right with its answer, found by words and by answer. */
export function Rights({ name, rights, hasRecord }: { name: string; rights: readonly Right[]; hasRecord: boolean }): React.ReactElement {
  const [text, setText] = useState('');
  const [verdict, setVerdict] = useState<Verdict>('all');
  const [isAboutOnly, setIsAboutOnly] = useState(hasRecord);
  const id = useId();
  const wanted = text.trim().toLowerCase();
  const shown = rights
    .filter((right) => !isAboutOnly || right.isAbout)
    .filter((right) => verdict === 'all' || verdictOf(right) === verdict)
    .filter(
      (right) => wanted === '' || `${right.resource} ${right.action} ${right.permission} ${right.answer}`.toLowerCase().includes(wanted),
    );
  const labels: Readonly<Record<Verdict, string>> = { all: t('All answers'), yes: t('Yes'), no: t('No'), depends: t('Depends') };
  return (
    <section aria-labelledby={`${id}-title`} className="fs-simulator-rights">
      <h2 id={`${id}-title`}>{t('What {name} may do', { name })}</h2>
      <div className="fs-simulator-filter">
        <div className="fs-field">
          <label htmlFor={`${id}-text`}>{t('Find a right')}</label>
          <input id={`${id}-text`} type="search" value={text} onChange={(event) => setText(event.target.value)} />
        </div>
        <div className="fs-field">
          <label htmlFor={`${id}-verdict`}>{t('Answer')}</label>
          <select
            id={`${id}-verdict`}
            value={verdict}
            onChange={(event) => setVerdict(verdicts.find((each) => each === event.target.value) ?? 'all')}
          >
            {verdicts.map((each) => (
              <option key={each} value={each}>
                {labels[each]}
              </option>
            ))}
          </select>
        </div>
        {hasRecord ? (
          <label className="fs-check">
            <input type="checkbox" checked={isAboutOnly} onChange={(event) => setIsAboutOnly(event.target.checked)} />{' '}
            {t('Only rights about such a record')}
          </label>
        ) : null}
      </div>
      <p role="status" className="fs-muted">
        {t('{shown} of {total} rights', { shown: shown.length, total: rights.length })}
      </p>
      {shown.length === 0 ? (
        <EmptyState
          icon="search"
          title={t('No right fits')}
          action={{
            label: t('Clear filters'),
            run: () => {
              setText('');
              setVerdict('all');
              setIsAboutOnly(false);
            },
          }}
        >
          {t('Nothing in the table has these words and this answer.')}
        </EmptyState>
      ) : (
        <RightsTable rights={shown} />
      )}
    </section>
  );
}

function RightsTable({ rights }: { rights: readonly Right[] }): React.ReactElement {
  return (
    <div className="fs-scroll">
      <table className="fs-table-plain fs-cards-narrow">
        <thead>
          <tr>
            <th scope="col">{t('Right')}</th>
            <th scope="col">{t('Answer')}</th>
            <th scope="col">{t('Why')}</th>
            <th scope="col">{t('Also asked for')}</th>
          </tr>
        </thead>
        <tbody>
          {rights.map((right) => (
            <tr key={right.permission} data-permission={right.permission}>
              <th scope="row">
                {right.resource}: {right.action}
              </th>
              <td>
                <Verdicted right={right} />
              </td>
              <td>
                {right.halves.length === 0 ? right.answer : null}
                {right.halves.map((half) => (
                  <p key={half.intent}>
                    {half.intent === 'request'
                      ? t('To ask: {answer}', { answer: half.answer })
                      : t('To decide: {answer}', { answer: half.answer })}
                  </p>
                ))}
              </td>
              <td className="fs-muted">{right.demands.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Verdicted({ right }: { right: Right }): React.ReactElement {
  switch (verdictOf(right)) {
    case 'yes':
      return <StatusPill tone="ok">{right.mode === 'read' ? t('Yes, reads') : t('Yes')}</StatusPill>;
    case 'depends':
      return <StatusPill tone="warn">{t('Depends')}</StatusPill>;
    default:
      return <StatusPill tone="neutral">{t('No')}</StatusPill>;
  }
}
