import type React from 'react';
import { useState } from 'react';
import type { Action } from '../../admin/components/admin-types.component.tsx';
import { CommandButton } from '../../admin/components/command-button.component.tsx';
import { EmptyState, ErrorState } from '../../admin/components/empty-state.component.tsx';
import { type ActionTarget, type Answer, ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { Link, useAddress } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { useIsSlow, useRemote } from '../../admin/components/use-remote.component.tsx';
import { type Line, ReviewTable } from './review-table.component.tsx';

type Review = {
  id: string;
  quarter: string;
  dueAt: string;
  lapseAt: string;
  lapsedAt: string | null;
  signedOffAt: string | null;
  signedOffBy: string | null;
  sha256: string | null;
};
type View = { quarters: readonly string[]; review: Review | null; lines: readonly Line[]; signOff: Action | null; export: Action | null };

const path = '/pages/access-review';

/** Who holds what, when it was last used, and whether it stays; one line for each grant. */
export default function AccessReview(): React.ReactElement {
  const { search } = useAddress();
  const remote = useRemote<View>(`${path}${search}`);
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  const [open, setOpen] = useState<{ action: Action; target: ActionTarget } | null>(null);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={remote.reload} />;
  if (!remote.data) return <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div>;
  const { review, lines, quarters } = remote.data;
  const start = (action: Action, id: string) => setOpen({ action, target: targetOf(action, id) });
  if (!review) {
    return (
      <>
        <header className="fs-screen-head">
          <h1>{t('Access review')}</h1>
        </header>
        <EmptyState icon="list" title={t('No review yet')}>
          {t('The first one opens by itself within a day. From then on there is one each quarter.')}
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <header className="fs-screen-head">
        <h1>{t('Access review {quarter}', { quarter: review.quarter })}</h1>
        {[remote.data.signOff, remote.data.export].map((action) =>
          action ? <CommandButton key={action.name} action={action} onPress={() => start(action, review.id)} /> : null,
        )}
      </header>
      <Standing review={review} lines={lines} />
      {quarters.length > 1 ? <Quarters quarters={quarters} current={review.quarter} /> : null}
      {lines.length === 0 ? (
        <EmptyState icon="users" title={t('Nobody to review')}>
          {t('You review the people you lead, and lead nobody with a role.')}
        </EmptyState>
      ) : (
        <ReviewTable lines={lines} onOpen={(action, line) => start(action, line.id)} />
      )}
      {open ? (
        <ReasonForm
          action={open.action}
          target={open.target}
          onClose={() => setOpen(null)}
          onDone={(answer) => {
            setOpen(null);
            saveSheet(answer);
            remote.reload();
          }}
        />
      ) : null}
    </>
  );
}

function targetOf(action: Action, id: string): ActionTarget {
  return { path, base: path, pageAction: action.name, record: null, version: null, fixedInput: { id } };
}

function Standing({ review, lines }: { review: Review; lines: readonly Line[] }): React.ReactElement {
  const open = lines.filter((line) => line.state === 'open').length;
  if (review.signedOffAt) {
    return (
      <p>
        <StatusPill tone="ok">{t('Signed off')}</StatusPill> {t('by {name}', { name: review.signedOffBy ?? '' })},{' '}
        <Time value={review.signedOffAt} />.{' '}
        <span className="fs-muted fs-small fs-wrap">
          {t('SHA-256 of the sheet')} <code>{review.sha256}</code>
        </span>
      </p>
    );
  }
  return (
    <p role="status">
      <StatusPill tone={open > 0 ? 'warn' : 'ok'}>
        {open > 0 ? t('{open} of {total} open', { open, total: lines.length }) : t('All decided')}
      </StatusPill>{' '}
      {t('Due')} <Time value={review.dueAt} isDay />.{' '}
      {review.lapsedAt ? (
        t('What nobody confirmed has ended.')
      ) : (
        <>
          {t('What nobody confirms ends by itself on')} <Time value={review.lapseAt} isDay />.
        </>
      )}
    </p>
  );
}

function Quarters({ quarters, current }: { quarters: readonly string[]; current: string }): React.ReactElement {
  return (
    <nav aria-label={t('Quarters')} className="fs-button-row">
      {quarters.map((quarter) => (
        <Link
          key={quarter}
          className="fs-button"
          href={`/admin/pages/access-review?quarter=${quarter}`}
          {...(quarter === current ? { 'aria-current': 'page' } : {})}
        >
          {quarter}
        </Link>
      ))}
    </nav>
  );
}

/** The sheet came with the answer: the browser keeps it as a file. */
function saveSheet({ shown }: Answer): void {
  if (typeof shown?.text !== 'string' || typeof shown.fileName !== 'string') return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([shown.text], { type: 'text/csv' }));
  link.download = shown.fileName;
  link.click();
  URL.revokeObjectURL(link.href);
}
