import type React from 'react';
import { useId } from 'react';
import { pageState, type States } from '../../admin/components/admin-types.component.tsx';
import { EmptyState } from '../../admin/components/empty-state.component.tsx';
import { Icon } from '../../admin/components/icon.component.tsx';
import { Link } from '../../admin/components/router.component.tsx';
import { StatePill, StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { exactTime, Time } from '../../admin/components/time.component.tsx';
import { reviewHref } from './review-paths.component.tsx';
import type { CaseLine, ClockJson, Counts, Kind, ListJson, Tab } from './review-types.ts';

const tabs: readonly (readonly [Tab, string])[] = [
  ['new', t('New')],
  ['mine', t('Mine')],
  ['changes_requested', t('Changes requested')],
  ['second', t('Second review')],
  ['done', t('Done')],
];

/** The five queues as links, so that the back button and other windows keep them. */
export function QueueTabs({ tab, counts }: { tab: Tab; counts: Counts | null }): React.ReactElement {
  return (
    <nav aria-label={t('Queues')} className="fs-review-tabs">
      {tabs.map(([name, label]) => (
        <Link key={name} href={hrefOf(name)} {...(name === tab ? { 'aria-current': 'page' } : {})}>
          {label}{' '}
          {counts ? (
            <span className="fs-muted fs-tabular">
              {countText(counts[name])}
              <span className="fs-visually-hidden"> {counts[name] === 1 ? t('case') : t('cases')}</span>
            </span>
          ) : null}
        </Link>
      ))}
    </nav>
  );
}

/** As far as the server counts. */
const countsTo = 1000;
const numbers = new Intl.NumberFormat(pageState.preferences.locale);

function countText(count: number): string {
  return count > countsTo ? t('{count}+', { count: numbers.format(countsTo) }) : numbers.format(count);
}

export function hrefOf(tab: Tab, caseId?: string): string {
  return `${reviewHref}?tab=${tab}${caseId ? `&case=${encodeURIComponent(caseId)}` : ''}`;
}

export const kindIcons: Readonly<Record<Kind, string>> = {
  vendor: 'store',
  kyc: 'shield',
  product: 'package',
  product_revision: 'refresh',
};
const kindWords: Readonly<Record<Kind, string>> = {
  vendor: t('Vendor'),
  kyc: t('KYC'),
  product: t('Product'),
  product_revision: t('Change of a product'),
};

type Props = { list: ListJson; openId: string | null; isLoadingMore: boolean; onMore: () => void };

/** The cases of a queue, most pressing first. */
export function QueueList({ list, openId, isLoadingMore, onMore }: Props): React.ReactElement {
  const { lines, tab } = list;
  if (lines.length === 0) return <NothingInQueue tab={tab} />;
  const isHandedOut = tab === 'new' && lines.every((line) => line.refusal !== null);
  return (
    <>
      {isHandedOut && list.canTake ? (
        <p className="fs-small fs-muted">{t('Cases are handed out in turn: "Take next" gives you the most pressing one.')}</p>
      ) : null}
      <ol className="fs-review-list">
        {lines.map((line) => (
          <Line key={line.id} line={line} tab={tab} isOpen={line.id === openId} now={list.now} />
        ))}
      </ol>
      {list.next ? (
        <button type="button" className="fs-button fs-button-small" aria-disabled={isLoadingMore} onClick={onMore}>
          {t('Show more')}
        </button>
      ) : null}
    </>
  );
}

function NothingInQueue({ tab }: { tab: Tab }): React.ReactElement {
  switch (tab) {
    case 'new':
      return <EmptyState title={t('Nothing waits')}>{t('New submissions appear here by themselves.')}</EmptyState>;
    case 'mine':
      return <EmptyState title={t('You hold no case')}>{t('"Take next" gives you the most pressing one.')}</EmptyState>;
    case 'changes_requested':
      return <EmptyState title={t('Nobody was asked for changes')}>{t('What is sent in again is a new case.')}</EmptyState>;
    case 'second':
      return <EmptyState title={t('No second review waits')}>{t('Approvals that need a second person appear here.')}</EmptyState>;
    case 'done':
      return <EmptyState title={t('Nothing was decided yet')}>{t('Decisions appear here, newest first.')}</EmptyState>;
    default:
      return tab satisfies never;
  }
}

function Line(props: { line: CaseLine; tab: Tab; isOpen: boolean; now: string }): React.ReactElement {
  const { line, tab, isOpen, now } = props;
  const id = useId();
  const inside = (
    <>
      <span className="fs-review-line-title">
        <Icon name={kindIcons[line.kind]} />
        <span className="fs-wrap">{line.title}</span>
      </span>
      <span className="fs-review-line-facts fs-small">
        <span className="fs-muted">
          {kindWords[line.kind]}
          {line.round > 1 ? `, ${t('round {round}', { round: line.round })}` : ''}
        </span>
        {line.decision ? <StatePill value={line.decision.decision} states={decisionStates} /> : <Due clock={line.clock} now={now} />}
        {line.isRisky ? <StatusPill tone="danger">{t('Risk')}</StatusPill> : null}
        {line.needsLead ? <StatusPill tone="warn">{t('For a lead')}</StatusPill> : null}
        {line.isSample ? <StatusPill tone="info">{t('Blind look')}</StatusPill> : null}
      </span>
      <LineNotes line={line} />
    </>
  );
  return (
    <li className={`fs-review-line${isOpen ? ' fs-review-line-open' : ''}`}>
      {line.refusal === null ? (
        <Link href={hrefOf(tab, line.id)} data-line={line.id} {...(isOpen ? { 'aria-current': 'true' } : {})}>
          {inside}
        </Link>
      ) : (
        <div role="group" data-line={line.id} tabIndex={-1} title={line.refusal} aria-describedby={id}>
          {inside}
          <span id={id} className="fs-visually-hidden">
            {line.refusal}
          </span>
        </div>
      )}
    </li>
  );
}

function LineNotes({ line: { decision, holder, preparedBy } }: { line: CaseLine }): React.ReactElement | null {
  if (decision) {
    return (
      <span className="fs-small fs-muted">
        {decision.by} <Time value={decision.at} />
      </span>
    );
  }
  if (holder && !holder.isMe) {
    return (
      <span className="fs-small fs-muted" title={exactTime(new Date(holder.until))}>
        {t('With {name} until {time}', { name: holder.name, time: clockTime.format(new Date(holder.until)) })}
      </span>
    );
  }
  return preparedBy ? <span className="fs-small fs-muted">{t('Prepared by {name}', { name: preparedBy })}</span> : null;
}

const { locale, timeZone } = pageState.preferences;
export const clockTime = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone });

export const decisionStates: States = {
  approve: { label: t('Approved'), tone: 'ok' },
  reject: { label: t('Rejected'), tone: 'danger' },
  request_changes: { label: t('Changes requested'), tone: 'warn' },
};

/** How long there is for an answer, in words and a colour. */
export function Due({ clock, now }: { clock: ClockJson; now: string }): React.ReactElement | null {
  if (clock.state === 'done') return null;
  if (clock.state === 'paused') return <StatusPill tone="neutral">{t('Paused')}</StatusPill>;
  const leftMs = new Date(clock.dueAt).getTime() - new Date(now).getTime();
  const tone = clock.state === 'breached' ? 'danger' : clock.state === 'at_risk' ? 'warn' : 'neutral';
  return (
    <span title={exactTime(new Date(clock.dueAt))}>
      <StatusPill tone={tone}>
        {leftMs >= 0 ? t('{time} left', { time: span(leftMs) }) : t('Late by {time}', { time: span(-leftMs) })}
      </StatusPill>
    </span>
  );
}

/** The largest unit: "2 d", "5 h", "12 min". */
export function span(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes >= 2880) return t('{days} d', { days: Math.floor(minutes / 1440) });
  return minutes >= 120 ? t('{hours} h', { hours: Math.floor(minutes / 60) }) : t('{minutes} min', { minutes });
}
