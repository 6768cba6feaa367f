import type React from 'react';
import type { Action } from './admin-types.component.tsx';
import { Field } from './form-field.component.tsx';
import { sentenceCase } from './status-pill.component.tsx';
import { t } from './text.component.tsx';
import type { Draft } from './use-command.component.tsx';

/** Reason code first, then the person's own words. */
export function ReasonFields(props: {
  action: Action;
  draft: Draft;
  errors: Readonly<Record<string, string>>;
  onChange: (part: Partial<Draft>) => void;
}): React.ReactElement {
  const { action, draft, errors, onChange } = props;
  return (
    <>
      <Field
        field={{
          name: 'reason.code',
          label: t('Reason'),
          type: 'select',
          isRequired: true,
          options: action.reasonCodes.map((code) => ({ value: code, label: sentenceCase(code) })),
        }}
        value={draft.reasonCode}
        error={errors['reason.code'] ?? null}
        onChange={(value) => onChange({ reasonCode: String(value) })}
      />
      <Field
        field={{
          name: 'reason.text',
          label: t('In your words'),
          type: 'textarea',
          isRequired: true,
          maxLength: 500,
          help: t('At least 10 characters; kept with the action.'),
        }}
        value={draft.reasonText}
        error={errors['reason.text'] ?? null}
        onChange={(value) => onChange({ reasonText: String(value) })}
      />
    </>
  );
}
