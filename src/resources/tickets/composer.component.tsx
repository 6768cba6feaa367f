import React, { useEffect, useRef, useState } from 'react';
import type { Action } from '../../admin/components/admin-types.component.tsx';
import { MentionInput, mentionsIn } from '../../admin/components/mention-input.component.tsx';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { basePath, type ConversationItem, type TicketPart } from './ticket-types.component.tsx';
import { useTicketCall } from './use-ticket-call.component.tsx';

type Mode = 'reply' | 'note';
type Props = { part: TicketPart; draft: ConversationItem | null; onDraftLeft: () => void };

/** Where staff write: to the customer, or a note to colleagues. The two look different, so that nobody sends one for the other. */
export function Composer({ part, draft, onDraftLeft }: Props): React.ReactElement | null {
  const [mode, setMode] = useState<Mode>('reply');
  const [texts, setTexts] = useState<Readonly<Record<Mode, string>>>({ reply: '', note: '' });
  const box = useRef<HTMLTextAreaElement>(null);
  const call = useTicketCall(part);
  const id = React.useId();
  useEffect(() => {
    if (!draft) return;
    setMode('reply');
    setTexts((before) => ({ ...before, reply: draft.body }));
    box.current?.focus();
  }, [draft]);
  const text = texts[mode];
  const write = (words: string) => setTexts((before) => ({ ...before, [mode]: words }));
  const done = () => {
    write('');
    onDraftLeft();
    box.current?.focus();
  };
  const run = async (name: string, more: Readonly<Record<string, unknown>> = {}) => {
    const input = { body: text, ...(mode === 'reply' && draft ? { draftId: draft.id } : {}), ...more };
    if (await call.run(name, input)) done();
  };
  const isClosed = part.record.params['status'] === 'closed';
  const canReply = !isClosed && (part.actionOf('sendReply') !== null || part.actionOf('draftReply') !== null);
  if (!canReply && part.actionOf('addNote') === null) return null;
  const isNote = mode === 'note' || !canReply;
  return (
    <section className={`fs-compose${isNote ? ' fs-compose-note' : ''}`} aria-label={t('Write')}>
      <div role="radiogroup" aria-label={t('Who reads it')} className="fs-compose-modes">
        {canReply ? <ModeChoice name={id} label={t('Reply to the customer')} isChosen={!isNote} onChoose={() => setMode('reply')} /> : null}
        {part.actionOf('addNote') ? (
          <ModeChoice name={id} label={t('Internal note')} isChosen={isNote} onChoose={() => setMode('note')} />
        ) : null}
        {isNote ? null : <MacroPicker part={part} onPick={(words) => write(text.trim() === '' ? words : `${text}\n\n${words}`)} />}
      </div>
      {draft && !isNote ? (
        <p className="fs-small fs-muted">{t('The draft of {name}. Their name stays beside yours.', { name: draft.author })}</p>
      ) : null}
      {isNote ? (
        <MentionInput
          resource="Ticket"
          recordId={part.record.id}
          label={t('Internal note, for staff only')}
          help={t('Type @ and a name to tell a colleague.')}
          isRequired
          rows={6}
          maxLength={5000}
          value={text}
          onChange={write}
          onSend={() => void run('addNote', { mentions: mentionsIn(text) })}
        />
      ) : (
        <textarea
          ref={box}
          aria-label={t('Reply, read by the customer')}
          aria-describedby={`${id}-said`}
          rows={6}
          maxLength={5000}
          value={text}
          onChange={(event) => write(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            void run(part.actionOf('sendReply') ? 'sendReply' : 'draftReply');
          }}
        />
      )}
      <p id={`${id}-said`} role="alert" className="fs-field-error">
        {call.refusal ?? ''}
      </p>
      {isNote ? (
        <footer className="fs-compose-foot">
          <Send
            part={part}
            name="addNote"
            isPrimary
            isBusy={call.isBusy}
            isEmpty={text.trim() === ''}
            onRun={() => void run('addNote', { mentions: mentionsIn(text) })}
          />
        </footer>
      ) : (
        <ReplyButtons
          part={part}
          text={text}
          isBusy={call.isBusy}
          draft={draft}
          onRun={(name, more) => void run(name, more)}
          onDone={done}
        />
      )}
    </section>
  );
}

function ModeChoice(props: { name: string; label: string; isChosen: boolean; onChoose: () => void }): React.ReactElement {
  return (
    <label className="fs-compose-mode">
      <input type="radio" name={props.name} checked={props.isChosen} onChange={props.onChoose} />
      {props.label}
    </label>
  );
}

function MacroPicker({ part, onPick }: { part: TicketPart; onPick: (words: string) => void }): React.ReactElement {
  const { macros } = part.extra;
  return (
    <select
      className="fs-compose-macros"
      aria-label={t('Insert a macro')}
      value=""
      onChange={(event) => {
        const picked = macros.find((macro) => macro.id === event.target.value);
        if (picked) onPick(picked.body);
      }}
    >
      <option value="">{t('Insert a macro')}</option>
      {macros.map((macro) => (
        <option key={macro.id} value={macro.id}>
          {macro.title}
        </option>
      ))}
    </select>
  );
}

function ReplyButtons(props: {
  part: TicketPart;
  text: string;
  isBusy: boolean;
  draft: ConversationItem | null;
  onRun: (name: string, more?: Readonly<Record<string, unknown>>) => void;
  onDone: () => void;
}): React.ReactElement {
  const { part, text, isBusy, draft, onRun, onDone } = props;
  const shared = { part, isBusy, isEmpty: text.trim() === '' };
  const claim = part.actionOf('claim');
  const isClaimOffered = claim?.refusal === null;
  const resolve = part.actionOf('resolve');
  return (
    <footer className="fs-compose-foot">
      {isClaimOffered ? (
        <button type="button" className="fs-button fs-button-primary" aria-disabled={isBusy} onClick={() => onRun('claim')}>
          {t('Claim')}
        </button>
      ) : null}
      <Send {...shared} name="sendReply" isPrimary={!isClaimOffered} onRun={() => onRun('sendReply')} />
      <Send {...shared} name="wait" label={t('Send, wait for customer')} onRun={() => onRun('wait', { for: 'customer' })} />
      <Send {...shared} name="wait" label={t('Send, wait for vendor')} onRun={() => onRun('wait', { for: 'vendor' })} />
      {resolve ? <ResolveButton part={part} action={resolve} text={text} draft={draft} onDone={onDone} /> : null}
      <Send {...shared} name="draftReply" isPrimary={part.actionOf('sendReply') === null} onRun={() => onRun('draftReply')} />
      <WhyNot action={part.actionOf('sendReply')} />
    </footer>
  );
}

/** Why nothing can be sent right now, once, beside all the buttons it stands for. */
function WhyNot({ action }: { action: Action | null }): React.ReactElement | null {
  return action?.refusal ? <p className="fs-muted fs-small">{action.refusal}</p> : null;
}

function Send(props: {
  part: TicketPart;
  name: string;
  label?: string;
  isPrimary?: boolean;
  isBusy: boolean;
  isEmpty: boolean;
  onRun: () => void;
}): React.ReactElement | null {
  const action = props.part.actionOf(props.name);
  if (!action) return null;
  const isOff = props.isBusy || props.isEmpty || action.refusal !== null;
  const reason = action.refusal ?? (props.isEmpty ? t('Write something first.') : action.effect);
  return (
    <button
      type="button"
      className={`fs-button${props.isPrimary ? ' fs-button-primary' : ''}`}
      aria-disabled={isOff}
      title={reason}
      onClick={() => {
        if (!isOff) props.onRun();
      }}
    >
      {props.label ?? action.label}
    </button>
  );
}

/** Asks what was done; what is written in the box goes to the customer with it. */
function ResolveButton(props: {
  part: TicketPart;
  action: Action;
  text: string;
  draft: ConversationItem | null;
  onDone: () => void;
}): React.ReactElement {
  const { part, action, text, draft, onDone } = props;
  const [isOpen, setIsOpen] = useState(false);
  const base = basePath(part);
  const said = text.trim() === '' ? {} : { body: text, ...(draft ? { draftId: draft.id } : {}) };
  return (
    <>
      <button
        type="button"
        className="fs-button"
        aria-disabled={action.refusal !== null}
        title={action.refusal ?? action.effect}
        onClick={() => setIsOpen(action.refusal === null)}
      >
        {text.trim() === '' ? action.label : t('Send and resolve')}
      </button>
      {isOpen ? (
        <ReasonForm
          action={action}
          target={{ path: `${base}/resolve`, base, record: part.record, version: part.version, fixedInput: said }}
          onClose={() => setIsOpen(false)}
          onDone={(answer) => {
            setIsOpen(false);
            if (answer.message) onDone();
            part.reload();
          }}
        />
      ) : null}
    </>
  );
}
