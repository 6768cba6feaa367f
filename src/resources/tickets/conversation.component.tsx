import type React from 'react';
import { Icon } from '../../admin/components/icon.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import type { ConversationItem, TicketPart } from './ticket-types.component.tsx';
import { useTicketCall } from './use-ticket-call.component.tsx';

type Props = { part: TicketPart; onUseDraft: (draft: ConversationItem) => void };

/** What was said, oldest first. Replies, notes and drafts differ by colour, by icon and by word. */
export function Conversation({ part, onUseDraft }: Props): React.ReactElement {
  const { conversation } = part.extra;
  if (conversation.length === 0) return <p className="fs-muted">{t('Nothing was written yet.')}</p>;
  return (
    <ol className="fs-talk" aria-label={t('Conversation')}>
      {conversation.map((item) => (
        <Message key={item.id} item={item} part={part} onUseDraft={onUseDraft} />
      ))}
    </ol>
  );
}

function Message({ item, part, onUseDraft }: { item: ConversationItem } & Props): React.ReactElement {
  return (
    <li className={`fs-talk-item fs-talk-${item.kind}`}>
      <header>
        <span className="fs-talk-label">
          <Icon name={icons[item.kind]} />
          {labelOf(item.kind)}
        </span>
        <strong>{item.isOwn ? t('You') : item.author}</strong>
        {item.draftedBy ? <span className="fs-muted">{t('drafted by {name}', { name: item.draftedBy })}</span> : null}
        {item.from ? <span className="fs-muted">{t('in {number}', { number: item.from })}</span> : null}
        <span className="fs-muted">
          <Time value={item.at} />
        </span>
      </header>
      <p className="fs-wrap">{item.body}</p>
      {item.kind === 'draft' && item.from === null ? <DraftButtons item={item} part={part} onUseDraft={onUseDraft} /> : null}
    </li>
  );
}

function DraftButtons({ item, part, onUseDraft }: { item: ConversationItem } & Props): React.ReactElement {
  const call = useTicketCall(part);
  const canSend = part.actionOf('sendReply') !== null;
  const canDrop = part.actionOf('discardDraft') !== null;
  return (
    <footer>
      {canSend || item.isOwn ? (
        <button type="button" className="fs-button fs-button-small" onClick={() => onUseDraft(item)}>
          {canSend ? t('Check and send') : t('Change')}
        </button>
      ) : null}
      {canDrop ? (
        <button
          type="button"
          className="fs-button fs-button-small"
          aria-disabled={call.isBusy}
          onClick={() => void call.run('discardDraft', { draftId: item.id })}
        >
          {t('Discard')}
        </button>
      ) : null}
      {call.refusal ? (
        <span role="alert" className="fs-field-error">
          {call.refusal}
        </span>
      ) : null}
    </footer>
  );
}

const icons = { customer: 'user', reply: 'mail', note: 'lock', draft: 'file' } as const;

function labelOf(kind: ConversationItem['kind']): string {
  switch (kind) {
    case 'customer':
      return t('Customer');
    case 'reply':
      return t('Reply');
    case 'note':
      return t('Internal note');
    case 'draft':
      return t('Draft, not sent');
    default:
      return kind satisfies never;
  }
}
