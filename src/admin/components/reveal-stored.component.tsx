import type React from 'react';
import { useState } from 'react';
import type { ValueJson } from '../history/value-json.ts';
import type { Action } from './admin-types.component.tsx';
import { MaskedValue } from './masked-value.component.tsx';
import { ReasonForm } from './reason-form.component.tsx';

/** Fields of an account that the reveal command opens. */
const revealable: Readonly<Record<string, string>> = { email_enc: 'email', phone_enc: 'phone', address_enc: 'address' };

const words = { before: 'before', after: 'after', state: 'then' } as const;

/** An encrypted value of the history: shown by the command that shows the live one, with its reason, ticket and record. */
export function RevealStored(props: {
  action: Action | null;
  entry: { table: string; recordId: string; eventId: string; field: string; label: string };
  value: ValueJson;
  side: keyof typeof words;
}): React.ReactElement | null {
  const { action, entry, value, side } = props;
  const [asking, setAsking] = useState<((value: string | null) => void) | null>(null);
  const field = entry.table === 'identity.user' && Object.hasOwn(revealable, entry.field) ? revealable[entry.field] : undefined;
  if (!action || !field || value.kind !== 'encrypted') return null;
  const finish = (shown: string | null) => {
    asking?.(shown);
    setAsking(null);
  };
  return (
    <>
      <MaskedValue
        value={`${words[side]}: \u2022\u2022\u2022`}
        label={`${entry.label} ${words[side]}`}
        reveal={() => new Promise<string | null>((resolve) => setAsking(() => resolve))}
      />
      {asking ? (
        <ReasonForm
          action={action}
          target={{
            path: '/pages/history',
            base: '/pages/history',
            pageAction: action.name,
            record: null,
            version: null,
            subjectUserId: entry.recordId,
            fixedInput: { id: entry.recordId, field, eventId: entry.eventId, side },
          }}
          onClose={() => finish(null)}
          onDone={(answer) => finish(typeof answer.shown?.value === 'string' ? answer.shown.value : null)}
        />
      ) : null}
    </>
  );
}
