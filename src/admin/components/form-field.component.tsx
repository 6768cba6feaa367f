import React from 'react';
import type { FormField } from './admin-types.component.tsx';
import { MentionInput } from './mention-input.component.tsx';
import { t } from './text.component.tsx';

export type FieldValue = string | boolean;

/** A labelled control with its help and its error tied to it. */
export function Field(props: {
  field: FormField;
  value: FieldValue;
  error: string | null;
  onChange: (value: FieldValue) => void;
  /** Where the form stands; a note offers the colleagues who may open it. */
  record?: { resource: string; recordId: string } | null;
}): React.ReactElement {
  const { field, value, error, onChange, record = null } = props;
  const id = React.useId();
  const described = [field.help ? `${id}-help` : null, error ? `${id}-error` : null].filter(Boolean).join(' ') || undefined;
  const shared = { id, 'aria-describedby': described, 'aria-invalid': error ? true : undefined, required: field.isRequired } as const;
  const text = typeof value === 'string' ? value : '';
  if (field.type === 'note' && record) {
    const { label, help, isRequired = false, maxLength } = field;
    const optional = { ...(help === undefined ? {} : { help }), ...(maxLength === undefined ? {} : { maxLength }) };
    return <MentionInput {...record} {...optional} label={label} value={text} error={error} isRequired={isRequired} onChange={onChange} />;
  }
  return (
    <div className="fs-field">
      {field.type === 'checkbox' ? (
        <label className="fs-check">
          <input type="checkbox" {...shared} checked={value === true} onChange={(event) => onChange(event.target.checked)} /> {field.label}
        </label>
      ) : (
        <>
          <label htmlFor={id}>
            {field.label}
            {field.isRequired ? null : <span className="fs-muted"> {t('(optional)')}</span>}
          </label>
          {field.type === 'textarea' || field.type === 'note' ? (
            <textarea {...shared} rows={3} maxLength={field.maxLength} value={text} onChange={(event) => onChange(event.target.value)} />
          ) : field.type === 'select' ? (
            <select {...shared} value={text} onChange={(event) => onChange(event.target.value)}>
              <option value="">{t('Choose')}</option>
              {field.options?.map((option) => (
                <option key={option.value} value={option.value}>
                  {option.label}
                </option>
              ))}
            </select>
          ) : (
            <input
              {...shared}
              type={field.type}
              maxLength={field.maxLength}
              value={text}
              onChange={(event) => onChange(event.target.value)}
            />
          )}
        </>
      )}
      {field.help ? (
        <p id={`${id}-help`} className="fs-muted fs-small">
          {field.help}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} className="fs-field-error">
          {error}
        </p>
      ) : null}
    </div>
  );
}
