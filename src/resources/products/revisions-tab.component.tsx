import type React from 'react';
import { DiffView } from '../../admin/components/diff-view.component.tsx';
import { EmptyState } from '../../admin/components/empty-state.component.tsx';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import type { RevisionLine } from './product-types.component.tsx';
import { statusTone, statusWords } from './revision-words.component.tsx';

/** Every change and suggestion of a product, newest first, word by word. */
export function RevisionsTab({ lines }: { lines: readonly RevisionLine[] }): React.ReactElement {
  if (lines.length === 0) {
    return (
      <EmptyState icon="history" title={t('No changes yet')}>
        {t('What the vendor changes of a live product, and what is suggested, stands here.')}
      </EmptyState>
    );
  }
  return (
    <ol className="fs-plain-list">
      {lines.map((line) => (
        <li key={line.id}>
          <Revision line={line} />
        </li>
      ))}
    </ol>
  );
}

function Revision({ line }: { line: RevisionLine }): React.ReactElement {
  const isPart = line.status === 'partly_accepted';
  return (
    <section className="fs-card">
      <h2>
        <Link href={recordHref('ProductRevision', line.id)}>
          {line.kind === 'suggestion' ? t('Suggestion') : t('Change by the vendor')}
        </Link>{' '}
        <StatusPill tone={statusTone(line.status)}>{statusWords(line.status)}</StatusPill>
      </h2>
      <p className="fs-small fs-muted">
        {line.isMine ? t('You') : line.author}, <Time value={line.createdAt} />
      </p>
      <DiffView
        entries={line.changes}
        {...(isPart ? { tools: (entry) => <Outcome isAccepted={line.acceptedFields.includes(entry.field)} /> } : {})}
      />
      {line.note ? <blockquote className="fs-wrap">{line.note}</blockquote> : null}
    </section>
  );
}

export function Outcome({ isAccepted }: { isAccepted: boolean }): React.ReactElement {
  return <StatusPill tone={isAccepted ? 'ok' : 'neutral'}>{isAccepted ? t('Accepted') : t('Not accepted')}</StatusPill>;
}
