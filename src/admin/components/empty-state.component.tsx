import type React from 'react';
import type { Problem } from './admin-api.component.tsx';
import { Icon } from './icon.component.tsx';
import { t } from './text.component.tsx';

/** Why there is nothing, in a sentence, and at most one button. */
export function EmptyState(props: {
  icon?: string;
  title: string;
  children?: React.ReactNode;
  action?: { label: string; run: () => void };
}): React.ReactElement {
  return (
    <div className="fs-empty">
      <Icon name={props.icon ?? 'inbox'} size={20} />
      <h2>{props.title}</h2>
      {props.children ? <p className="fs-muted">{props.children}</p> : null}
      {props.action ? (
        <button type="button" className="fs-button" onClick={props.action.run}>
          {props.action.label}
        </button>
      ) : null}
    </div>
  );
}

/** What failed and what to do, with the request id for whoever helps. */
export function ErrorState({ problem, retry }: { problem: Problem; retry: () => void }): React.ReactElement {
  const isDenied = problem.status === 403;
  return (
    <div role="alert">
      <EmptyState
        icon={isDenied ? 'lock' : 'warn'}
        title={isDenied ? t('Not open to you') : problem.status === 404 ? t('Not found') : t('This did not load')}
        action={{ label: t('Try again'), run: retry }}
      >
        {problem.message}
        {problem.requestId ? (
          <>
            {' '}
            {t('Request')} <code>{problem.requestId}</code>
          </>
        ) : null}
      </EmptyState>
    </div>
  );
}
