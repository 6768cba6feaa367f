import type React from 'react';
import { useState } from 'react';
import type { Action, RecordJson } from '../../admin/components/admin-types.component.tsx';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import type { Note } from './customer-types.component.tsx';
import { targetOf } from './overview-tab.component.tsx';

/** What colleagues wrote about the customer, newest first. */
export function NotesTab(props: {
  notes: readonly Note[];
  record: RecordJson;
  version: number | null;
  add: Action | null;
  reload: () => void;
}): React.ReactElement {
  const { notes, record, version, add, reload } = props;
  const [isWriting, setIsWriting] = useState(false);
  return (
    <section className="fs-card">
      <header className="fs-screen-head">
        <h2>Notes</h2>
        {add ? (
          <span className="fs-screen-actions">
            <button
              type="button"
              className="fs-button fs-button-small"
              aria-disabled={add.refusal !== null}
              {...(add.refusal ? { title: add.refusal } : {})}
              onClick={() => setIsWriting(add.refusal === null)}
            >
              Add note
            </button>
          </span>
        ) : null}
      </header>
      {notes.length === 0 ? <p className="fs-muted">No notes yet. Write down what the next colleague should know.</p> : null}
      <ol className="fs-notes">
        {notes.map((note) => (
          <li key={note.id}>
            <p className="fs-muted fs-small">
              <strong>{note.isOwn ? 'You' : note.author}</strong> <Time value={note.createdAt} />
            </p>
            <p className="fs-wrap">{note.body}</p>
          </li>
        ))}
      </ol>
      {isWriting && add ? (
        <ReasonForm
          action={add}
          target={targetOf(record, version, add)}
          onClose={() => setIsWriting(false)}
          onDone={() => {
            setIsWriting(false);
            reload();
          }}
        />
      ) : null}
    </section>
  );
}
