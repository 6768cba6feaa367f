import type React from 'react';
import { useState } from 'react';
import { newKey, Problem, postJson } from '../../admin/components/admin-api.component.tsx';
import { type Action, currentAdmin, type Resource } from '../../admin/components/admin-types.component.tsx';
import { Icon } from '../../admin/components/icon.component.tsx';
import { ListScreen } from '../../admin/components/list-screen.component.tsx';
import { useReceipts } from '../../admin/components/receipts.component.tsx';
import { Link, navigate, recordHref, useAddress } from '../../admin/components/router.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { Answer } from '../../admin/components/use-command.component.tsx';

const dueFirst = 'sortBy=resolutionDueAt&direction=asc';

/** The queues as tabs over the usual list, and one button that hands out the most urgent ticket. */
export default function TicketList({ resource }: { resource: Resource }): React.ReactElement {
  const takeNext = resource.actions.find((action) => action.name === 'takeNext');
  const others = { ...resource, actions: resource.actions.filter((action) => action !== takeNext) };
  return (
    <>
      <div className="fs-desk-bar">
        <QueueTabs />
        {takeNext ? <TakeNext action={takeNext} /> : null}
      </div>
      <ListScreen resource={others} />
    </>
  );
}

function QueueTabs(): React.ReactElement {
  const { pathname, search } = useAddress();
  const tabs: readonly (readonly [string, string])[] = [
    [
      t('My tickets'),
      `filters.assignedTo=${currentAdmin.id}&filters.status~~in=open,in_progress,awaiting_customer,awaiting_vendor&${dueFirst}`,
    ],
    [t('Unassigned'), `filters.assignedTo~~isEmpty=true&filters.status=open&${dueFirst}`],
    [t('Escalated'), `filters.escalated=true&${dueFirst}`],
    [t('All'), ''],
  ];
  const open = new URLSearchParams(search);
  return (
    <nav aria-label={t('Queues')} className="fs-desk-tabs">
      {tabs.map(([label, query]) => (
        <Link
          key={label}
          href={query ? `/admin/resources/Ticket?${query}` : '/admin/resources/Ticket'}
          aria-current={pathname.endsWith('/Ticket') && isShown(open, query) ? 'page' : undefined}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}

/** A tab is open while all of its conditions are; more filters narrow it. "All" is open without any. */
function isShown(open: URLSearchParams, query: string): boolean {
  const wanted = [...new URLSearchParams(query)];
  if (wanted.length === 0) return ![...open.keys()].some((key) => key.startsWith('filters.'));
  return wanted.filter(([key]) => key.startsWith('filters.')).every(([key, value]) => open.get(key) === value);
}

/** One click: the ticket is claimed and opened. */
function TakeNext({ action }: { action: Action }): React.ReactElement {
  const [isBusy, setIsBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const showReceipt = useReceipts();
  const run = async () => {
    setIsBusy(true);
    setRefusal(null);
    try {
      const answer = await postJson<Answer>('/resources/Ticket/actions/takeNext', { input: {}, idempotencyKey: newKey() });
      if (answer.message) showReceipt({ message: answer.message, receipt: answer.receipt ?? null, undo: null });
      const id = answer.shown?.ticketId;
      if (typeof id === 'string') navigate(recordHref('Ticket', id));
    } catch (error) {
      setRefusal(error instanceof Problem ? error.message : t('No ticket was taken. Try again.'));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <span className="fs-desk-take">
      {refusal ? (
        <span role="alert" className="fs-field-error">
          {refusal}
        </span>
      ) : null}
      <button
        type="button"
        className="fs-button fs-button-primary"
        aria-disabled={isBusy}
        title={action.effect}
        onClick={() => void (isBusy ? undefined : run())}
      >
        <Icon name="inbox" /> {action.label}
      </button>
    </span>
  );
}
