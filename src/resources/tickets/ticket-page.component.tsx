import type React from 'react';
import { useState } from 'react';
import type { RecordPageProps } from '../../admin/components/admin-types.component.tsx';
import { Presence } from '../../admin/components/presence.component.tsx';
import { RecordHistory } from '../../admin/components/record-history.component.tsx';
import { RecordFacts } from '../../admin/components/record-screen.component.tsx';
import { Tabs } from '../../admin/components/tabs.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Composer } from './composer.component.tsx';
import { Conversation } from './conversation.component.tsx';
import { TicketSide } from './ticket-side.component.tsx';
import { type ConversationItem, partOf, type TicketPart } from './ticket-types.component.tsx';

/** One page per ticket: the conversation and where to write, and beside it everything needed to answer. */
export default function TicketPage({ resource, answer, reload }: RecordPageProps): React.ReactElement {
  const part = partOf(answer, reload);
  const of = `record=${encodeURIComponent(`support.ticket:${answer.record.id}`)}`;
  return (
    <>
      <Presence resource="Ticket" recordId={answer.record.id} version={answer.version} onReload={reload} />
      <Tabs
        label={t('About this ticket')}
        tabs={[
          { id: 'conversation', label: t('Conversation'), content: () => <Desk part={part} /> },
          { id: 'details', label: t('Details'), content: () => <RecordFacts fields={resource.fields} answer={answer} /> },
          ...(resource.historyTable
            ? [{ id: 'history', label: t('History'), content: () => <RecordHistory of={of} onChanged={reload} /> }]
            : []),
        ]}
      />
    </>
  );
}

function Desk({ part }: { part: TicketPart }): React.ReactElement {
  const [draft, setDraft] = useState<ConversationItem | null>(null);
  return (
    <div className="fs-ticket">
      <TicketSide part={part} />
      <div className="fs-ticket-main">
        <Conversation part={part} onUseDraft={setDraft} />
        <Composer part={part} draft={draft} onDraftLeft={() => setDraft(null)} />
      </div>
    </div>
  );
}
