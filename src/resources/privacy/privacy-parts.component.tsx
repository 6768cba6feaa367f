import type React from 'react';
import type { Column, States } from '../../admin/components/admin-types.component.tsx';
import { DueClock } from '../../admin/components/due-clock.component.tsx';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { StatePill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';

/** Shape of what privacy-extra.ts sends, the person apart. */
export type PrivacyExtra = {
  people: { receivedBy: string | null; verifiedBy: string | null; decidedBy: string | null; handledBy: string | null };
  checklist: readonly string[];
  counts: readonly { table: string; rows: number }[];
  ticket: { id: string; number: string; title: string; isOpen: boolean } | null;
  approval: { id: string; status: string; expiresAt: string; requestedBy: string | null; decidedBy: string | null; isOpen: boolean } | null;
  file: { status: string; expiresAt: string | null; bytes: number } | null;
  others: readonly { id: string; kind: string; status: string; createdAt: string }[];
  dueAt: string | null;
  hasHistory: boolean;
  now: string;
};

type Params = Readonly<Record<string, unknown>>;

export function textIn(params: Params, name: string): string | null {
  const value = params[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

const explained: Readonly<Record<string, string>> = {
  export: t('A file of everything that is held about the person, for them alone.'),
  erase: t('Everything that tells of the person is destroyed, after days in which they can call it off and the consent of two people.'),
  restrict: t('The data is kept and not used any more, except to answer the person.'),
  object: t('The data is not used any more for the purposes named.'),
  rectify: t('Something held about the person is wrong and is corrected.'),
};

/** What was asked, how the person was verified and who decided why. */
export function Work(props: { extra: PrivacyExtra; params: Params; fields: readonly Column[] }): React.ReactElement {
  const { extra, params, fields } = props;
  const { people, ticket, checklist } = extra;
  const law = fields.find((field) => field.name === 'law')?.states?.[String(params.law)]?.label;
  const purposes = Array.isArray(params.purposes) ? params.purposes.map(String) : [];
  const [receivedAt, verifiedAt, decidedAt, why] = ['createdAt', 'verifiedAt', 'decidedAt', 'decisionReason'].map((name) =>
    textIn(params, name),
  );
  return (
    <section className="fs-card fs-stack">
      <h2>{t('What is asked')}</h2>
      <p>{explained[String(params.kind)]}</p>
      {purposes.length > 0 ? <p>{t('Objects to: {purposes}', { purposes: purposes.join(', ') })}</p> : null}
      <dl className="fs-facts">
        <Fact label={t('Received')}>
          {receivedAt ? <Time value={receivedAt} /> : null}{' '}
          {people.receivedBy ? t('by {name}', { name: people.receivedBy }) : t('by the person')}
        </Fact>
        <Fact label={t('Came in by')}>{String(params.via)}</Fact>
        <Fact label={t('Law')}>{law ?? String(params.law)}</Fact>
        {ticket ? (
          <Fact label={t('Ticket')}>
            {ticket.isOpen ? <Link href={recordHref('Ticket', ticket.id)}>{ticket.number}</Link> : ticket.number}
          </Fact>
        ) : null}
        <Fact label={t('Identity')}>
          {verifiedAt ? <Verified at={verifiedAt} by={people.verifiedBy} checklist={checklist} /> : t('Not verified yet')}
        </Fact>
        {decidedAt ? (
          <Fact label={t('Decided')}>
            <Time value={decidedAt} /> {people.decidedBy ? t('by {name}', { name: people.decidedBy }) : null}
          </Fact>
        ) : null}
      </dl>
      {why ? <blockquote className="fs-quote">{why}</blockquote> : null}
      <Extension params={params} />
    </section>
  );
}

function Fact({ label, children }: { label: string; children: React.ReactNode }): React.ReactElement {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Verified({ at, by, checklist }: { at: string; by: string | null; checklist: readonly string[] }): React.ReactElement {
  return (
    <>
      <Time value={at} />{' '}
      {by
        ? t('by {name}, passed: {checks}', { name: by, checks: checklist.map(sentenceCase).join(', ') })
        : t('by the person, who signed in anew')}
    </>
  );
}

function Extension({ params }: { params: Params }): React.ReactElement | null {
  const why = textIn(params, 'extensionReason');
  return why ? <p className="fs-muted">{t('The time was extended: {why}', { why })}</p> : null;
}

/** What came of it: the file, the approval of an erasure, rows that changed, words of a correction or refusal. */
export function Result({ extra, params }: { extra: PrivacyExtra; params: Params }): React.ReactElement | null {
  const { approval, file, counts } = extra;
  const [outcome, refusal, ground, cancelUntil, receivedAt] = ['outcome', 'refusalText', 'refusalCode', 'cancelUntil', 'createdAt'].map(
    (name) => textIn(params, name),
  );
  const isCooling = cancelUntil !== null && cancelUntil !== undefined && cancelUntil > extra.now && params.status !== 'withdrawn';
  if (!approval && !file && counts.length === 0 && !outcome && !ground && !isCooling) return null;
  return (
    <section className="fs-card fs-stack">
      <h2>{t('What came of it')}</h2>
      {isCooling && receivedAt ? (
        <DueClock from={receivedAt} until={cancelUntil} now={extra.now} label={t('The person can call it off')} />
      ) : null}
      {approval ? <Approval approval={approval} /> : null}
      {file ? <ExportFile file={file} /> : null}
      {ground ? (
        <>
          <p>{t('Refused: {ground}', { ground })}</p>
          {refusal ? <blockquote className="fs-quote">{refusal}</blockquote> : null}
        </>
      ) : null}
      {outcome ? <blockquote className="fs-quote">{outcome}</blockquote> : null}
      {counts.length > 0 ? <Counts counts={counts} /> : null}
    </section>
  );
}

function Approval({ approval }: { approval: NonNullable<PrivacyExtra['approval']> }): React.ReactElement {
  const words = approval.decidedBy
    ? t('Asked by {asker}, decided by {decider}: {state}', {
        asker: approval.requestedBy ?? '',
        decider: approval.decidedBy,
        state: sentenceCase(approval.status).toLowerCase(),
      })
    : t('Asked by {asker}, waits for a second person', { asker: approval.requestedBy ?? '' });
  return (
    <p>
      {words} {approval.isOpen ? <Link href={recordHref('ApprovalRequest', approval.id)}>{t('Open the approval')}</Link> : null}
    </p>
  );
}

function ExportFile({ file }: { file: NonNullable<PrivacyExtra['file']> }): React.ReactElement {
  const kilobytes = Math.max(1, Math.round(file.bytes / 1024));
  switch (file.status) {
    case 'ready':
      return (
        <p>
          {t('The file of {size} KB is ready; the person can fetch it once. It is destroyed', { size: kilobytes })}{' '}
          {file.expiresAt ? <Time value={file.expiresAt} /> : null}
        </p>
      );
    case 'downloaded':
      return <p>{t('The person fetched the file of {size} KB; it is destroyed.', { size: kilobytes })}</p>;
    default:
      return <p>{t('Nobody fetched the file in its day; it is destroyed.')}</p>;
  }
}

function Counts({ counts }: { counts: PrivacyExtra['counts'] }): React.ReactElement {
  return (
    /* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls sideways must be reached by the keyboard. */
    <div className="fs-scroll" tabIndex={0} role="region" aria-label={t('Rows by table')}>
      <table className="fs-table-plain">
        <thead>
          <tr>
            <th scope="col">{t('Table')}</th>
            <th scope="col" className="fs-number">
              {t('Rows')}
            </th>
          </tr>
        </thead>
        <tbody>
          {counts.map(({ table, rows }) => (
            <tr key={table}>
              <th scope="row">
                <code>{table}</code>
              </th>
              <td className="fs-number fs-tabular">{rows}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Other requests of the same person. */
export function OtherRequests(props: {
  others: PrivacyExtra['others'];
  words: { kinds: States | null; statuses: States | null };
}): React.ReactElement {
  const { others, words } = props;
  return (
    <section className="fs-card fs-stack">
      <h2>{t('Other requests of this person')}</h2>
      {others.length === 0 ? <p className="fs-muted">{t('None.')}</p> : null}
      <ul className="fs-plain-list">
        {others.map((other) => (
          <li key={other.id}>
            <Link href={recordHref('PrivacyRequest', other.id)}>{words.kinds?.[other.kind]?.label ?? sentenceCase(other.kind)}</Link>{' '}
            <StatePill value={other.status} states={words.statuses} /> <Time value={other.createdAt} />
          </li>
        ))}
      </ul>
    </section>
  );
}
