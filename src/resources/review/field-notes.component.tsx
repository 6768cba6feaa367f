import React from 'react';
import { Icon } from '../../admin/components/icon.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { DecisionDraft } from './decision-draft.component.tsx';
import type { Choice } from './review-types.ts';

type Notes = DecisionDraft['notes'];

/** What the vendor has to change, field by field: the button of a field opens its note and puts the focus there. */
export function FieldNotes(props: { fields: readonly Choice[]; notes: Notes; onChange: (notes: Notes) => void }): React.ReactElement {
  const { fields, notes, onChange } = props;
  const id = React.useId();
  const left = fields.filter(({ value }) => !notes.some(({ field }) => field === value));
  return (
    <div className="fs-review-field-notes">
      {notes.map(({ field, note }) => (
        <Note
          key={field}
          label={fields.find(({ value }) => value === field)?.label ?? field}
          note={note}
          onChange={(words) => onChange(notes.map((each) => (each.field === field ? { field, note: words } : each)))}
          onRemove={() => onChange(notes.filter((each) => each.field !== field))}
        />
      ))}
      {left.length > 0 ? (
        <div role="group" aria-labelledby={id}>
          <p id={id} className="fs-review-label">
            {notes.length === 0 ? t('What has to change') : t('What else has to change')}
          </p>
          <div className="fs-review-chips">
            {left.map(({ value, label }) => (
              <button
                key={value}
                type="button"
                className="fs-button fs-button-small"
                onClick={() => onChange([...notes, { field: value, note: '' }])}
              >
                <Icon name="plus" /> {label}
              </button>
            ))}
          </div>
        </div>
      ) : null}
    </div>
  );
}

function Note(props: { label: string; note: string; onChange: (words: string) => void; onRemove: () => void }): React.ReactElement {
  const id = React.useId();
  return (
    <div className="fs-field">
      <span className="fs-review-note-head">
        <label htmlFor={id}>{props.label}</label>
        <button type="button" className="fs-link-button fs-small" onClick={props.onRemove}>
          {t('Remove')}
          <span className="fs-visually-hidden">: {props.label}</span>
        </button>
      </span>
      <textarea
        id={id}
        rows={2}
        maxLength={500}
        // biome-ignore lint/a11y/noAutofocus: the field was chosen a moment ago, its note is what comes next.
        autoFocus={props.note === ''}
        value={props.note}
        onChange={(event) => props.onChange(event.target.value)}
      />
    </div>
  );
}
