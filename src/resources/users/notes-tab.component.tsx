import type React from 'react';
import { useState } from 'react';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { actionOf, isLater, type Note, partOf, type TabProps, targetOf } from './customer-types.component.tsx';

/** What colleagues wrote about the customer, newest first; an own one can be corrected for 15 minutes. */
export function NotesTab(props: TabProps & { notes: readonly Note[] }): React.ReactElement {
  const { answer, extra, notes, reload } = props;
  const [open, setOpen] = useState<'new' | Note | null>(null);
  const add = actionOf(answer, 'addNote');
  const edit = actionOf(answer, 'editNote');
  const action = open === 'new' ? add : edit;
  return (
    <section className="fs-card">
      <header className="fs-screen-head">
        <h2>{t('Notes')}</h2>
        {add ? (
          <span className="fs-screen-actions">
            <button
              type="button"
              className="fs-button fs-button-small"
              aria-disabled={add.refusal !== null}
              {...(add.refusal ? { title: add.refusal } : {})}
              onClick={() => (add.refusal === null ? setOpen('new') : undefined)}
            >
              {t('Add note')}
            </button>
          </span>
        ) : null}
      </header>
      {notes.length === 0 ? <p className="fs-muted">{t('No notes yet. Write down what the next colleague should know.')}</p> : null}
      <ol className="fs-notes">
        {notes.map((note) => (
          <li key={note.id}>
            <p className="fs-muted fs-small">
              <strong>{note.isOwn ? t('You') : note.author}</strong> <Time value={note.createdAt} />{' '}
              {edit && note.isOwn && isLater(note.editableUntil, extra.now) && note.editableUntil ? (
                <>
                  <button type="button" className="fs-link-button" onClick={() => setOpen(note)}>
                    {t('Correct')}
                  </button>{' '}
                  {t('until')} <Time value={note.editableUntil} />
                </>
              ) : null}
            </p>
            <p className="fs-wrap">{note.body}</p>
          </li>
        ))}
      </ol>
      {open && action ? (
        <ReasonForm
          action={open === 'new' ? action : { ...action, isEdit: true }}
          target={targetOf(
            answer,
            action,
            open === 'new'
              ? {}
              : { version: open.version, record: partOf(open.id, '', { body: open.body }), fixedInput: { noteId: open.id } },
          )}
          onClose={() => setOpen(null)}
          onDone={() => {
            setOpen(null);
            reload();
          }}
        />
      ) : null}
    </section>
  );
}
