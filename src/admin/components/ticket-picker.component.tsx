import React, { useEffect, useRef, useState } from 'react';
import { newKey, Problem, postJson } from './admin-api.component.tsx';
import { type ListAnswer, pageState, type RecordJson } from './admin-types.component.tsx';
import { Field } from './form-field.component.tsx';
import { sentenceCase } from './status-pill.component.tsx';
import { t } from './text.component.tsx';
import { useRemote } from './use-remote.component.tsx';

type Props = {
  /** Whose tickets are offered; null where the record is nobody's. */
  subjectUserId: string | null;
  /** What is about to be done: the title of a ticket that is opened for it. */
  purpose: string;
  value: string;
  error: string | null;
  onChange: (ticketId: string) => void;
};

const other = 'other';

/** The ticket an action belongs to: the open ones of the person by number and title, another by its number, or a new one for this call. */
export function TicketPicker(props: Props): React.ReactElement {
  const isOffered = props.subjectUserId !== null && pageState.resources.Ticket !== undefined;
  return isOffered ? <PersonsTickets {...props} subjectUserId={props.subjectUserId ?? ''} /> : <TypedTicket {...props} />;
}

function TypedTicket({ value, error, onChange }: Pick<Props, 'value' | 'error' | 'onChange'>): React.ReactElement {
  const field = { name: 'ticketId', label: t('Ticket or case'), type: 'text' as const, isRequired: true, maxLength: 36 };
  return (
    <Field
      field={{ ...field, help: t('Its number, such as T-100042.') }}
      value={value}
      error={error}
      onChange={(typed) => onChange(String(typed))}
    />
  );
}

function PersonsTickets(props: Props & { subjectUserId: string }): React.ReactElement {
  const { subjectUserId, purpose, value, error, onChange } = props;
  const id = React.useId();
  const remote = useRemote<ListAnswer>(`/resources/Ticket/actions/list?filters.subjectUserId=${subjectUserId}&perPage=20`);
  const [opened, setOpened] = useState<readonly Offer[]>([]);
  const [isTyping, setIsTyping] = useState(false);
  const offers = [...opened, ...offersOf(remote.data?.records ?? [])];
  useOnlyOne(offers, value, onChange);
  if (isTyping || remote.problem) return <TypedTicket value={value} error={error ?? remote.problem?.message ?? null} onChange={onChange} />;
  return (
    <div className="fs-field fs-ticket-picker">
      <label htmlFor={id}>{t('Ticket or case')}</label>
      <select
        id={id}
        required
        value={value}
        aria-invalid={error ? true : undefined}
        aria-describedby={`${id}-help`}
        onChange={(event) => {
          setIsTyping(event.target.value === other);
          onChange(event.target.value === other ? '' : event.target.value);
        }}
      >
        <option value="">{offers.length === 0 && !remote.isLoading ? t('No open ticket about this person') : t('Choose')}</option>
        {offers.map((offer) => (
          <option key={offer.id} value={offer.id}>
            {offer.text}
          </option>
        ))}
        <option value={other}>{t('Another ticket, by its number')}</option>
      </select>
      <p id={`${id}-help`} className={error ? 'fs-field-error' : 'fs-muted fs-small'}>
        {error ?? t('Kept with the action, so that the next colleague finds why.')}
      </p>
      <OpenForCall
        subjectUserId={subjectUserId}
        purpose={purpose}
        onOpened={(offer) => {
          setOpened((before) => [offer, ...before]);
          onChange(offer.id);
        }}
      />
    </div>
  );
}

type Offer = { id: string; text: string };

/** Tickets that are not closed for good: "T-100042 Cannot sign in (waiting for the customer)". */
function offersOf(records: readonly RecordJson[]): readonly Offer[] {
  return records
    .filter(({ params }) => params.status !== 'closed')
    .map(({ id, params, title }) => {
      const status = sentenceCase(String(params.status ?? ''));
      return { id, text: `${String(params.number ?? '')} ${String(params.title ?? title)} (${status})`.trim() };
    });
}

/** The only ticket of a person is the likely one; whoever wants another chooses it. */
function useOnlyOne(offers: readonly Offer[], value: string, onChange: (ticketId: string) => void): void {
  const isDone = useRef(false);
  const only = offers.length === 1 ? offers[0]?.id : undefined;
  useEffect(() => {
    if (isDone.current || only === undefined || value !== '') return;
    isDone.current = true;
    onChange(only);
  }, [only, value, onChange]);
}

/** One click: a ticket about the person for this call, so that an action that needs one is never a dead end. */
function OpenForCall(props: { subjectUserId: string; purpose: string; onOpened: (offer: Offer) => void }): React.ReactElement | null {
  const [key, setKey] = useState(newKey);
  const [isBusy, setIsBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const open = pageState.resources.Ticket?.actions.find((action) => action.name === 'openTicket');
  if (!open) return null;
  const title = t('Call: {purpose}', { purpose: props.purpose });
  const run = async () => {
    setIsBusy(true);
    setRefusal(null);
    try {
      const input = { subjectUserId: props.subjectUserId, category: 'account_access', priority: 'medium', title };
      const { shown } = await postJson<{ shown?: { ticketId?: string; number?: string } }>('/resources/Ticket/actions/openTicket', {
        input,
        idempotencyKey: key,
      });
      props.onOpened({ id: String(shown?.ticketId ?? ''), text: `${shown?.number ?? ''} ${title}` });
      setKey(newKey());
    } catch (error) {
      setRefusal(error instanceof Problem ? error.message : t('No ticket was opened. Try again.'));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <p aria-live="polite">
      <button type="button" className="fs-link-button" aria-disabled={isBusy} onClick={() => void (isBusy ? undefined : run())}>
        {t('Open a ticket for this call')}
      </button>
      {refusal ? <span className="fs-field-error"> {refusal}</span> : null}
    </p>
  );
}
