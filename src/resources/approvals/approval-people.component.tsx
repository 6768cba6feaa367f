import type React from 'react';
import type { States } from '../../admin/components/admin-types.component.tsx';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { StatePill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import type { RequestLine } from './approval-types.component.tsx';

type Words = { kinds: States | null; statuses: States | null };

/** Former requests, newest first, each a link. */
export function FormerRequests(props: { title: string; lines: readonly RequestLine[]; words: Words }): React.ReactElement {
  const { title, lines, words } = props;
  return (
    <section className="fs-card">
      <h2>{title}</h2>
      {lines.length === 0 ? <p className="fs-muted">{t('None yet.')}</p> : null}
      <ul className="fs-plain-list">
        {lines.map((line) => (
          <li key={line.id}>
            <Link href={recordHref('ApprovalRequest', line.id)}>{words.kinds?.[line.kind]?.label ?? sentenceCase(line.kind)}</Link>{' '}
            <StatePill value={line.status} states={words.statuses} /> <Time value={line.createdAt} />{' '}
            <span className="fs-muted fs-small">{byWords(line)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function byWords({ requestedBy, decidedBy }: RequestLine): string {
  const asker = requestedBy ?? t('somebody');
  return decidedBy ? t('asked by {asker}, decided by {decider}', { asker, decider: decidedBy }) : t('asked by {asker}', { asker });
}
