import type React from 'react';
import { useRef, useState } from 'react';
import { Dialog } from '../../admin/components/dialog.component.tsx';
import { Field } from '../../admin/components/form-field.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { EventGroup } from './webhook-types.component.tsx';

/** An endpoint as it is being written; `id` null while it is new. */
export type Draft = { id: string | null; name: string; url: string; events: readonly string[] };

type Props = { title: string; draft: Draft; groups: readonly EventGroup[]; onClose: () => void; onContinue: (draft: Draft) => void };

/** Name, address and events of an endpoint; the reason follows in the form of every command. What was typed stays when that is closed. */
export function EndpointDialog({ title, draft, groups, onClose, onContinue }: Props): React.ReactElement {
  const [value, setValue] = useState(draft);
  const [isChecked, setIsChecked] = useState(false);
  const summary = useRef<HTMLParagraphElement>(null);
  const errors = errorsOf(value);
  const shown = isChecked ? errors : { name: null, url: null, events: null };
  const set = (change: Partial<Draft>) => setValue((before) => ({ ...before, ...change }));
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="fs-dialog-body"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setIsChecked(true);
          if (Object.values(errors).every((error) => error === null)) onContinue(value);
          else setTimeout(() => summary.current?.focus());
        }}
      >
        {isChecked && Object.values(errors).some((error) => error !== null) ? (
          <p ref={summary} tabIndex={-1} role="alert" className="fs-form-error">
            {t('Something is missing. Nothing was saved yet.')}
          </p>
        ) : null}
        <Field
          field={{
            name: 'name',
            label: t('Name'),
            type: 'text',
            isRequired: true,
            maxLength: 80,
            help: t('Who receives it, such as Warehouse'),
          }}
          value={value.name}
          error={shown.name}
          onChange={(name) => set({ name: String(name) })}
        />
        {value.id === null ? (
          <Field
            field={{
              name: 'url',
              label: t('Address'),
              type: 'text',
              isRequired: true,
              maxLength: 500,
              help: t('Public, and begins with https://'),
            }}
            value={value.url}
            error={shown.url}
            onChange={(url) => set({ url: String(url) })}
          />
        ) : (
          <p className="fs-muted fs-wrap">{t('The address stays: {url}. Another address is another endpoint.', { url: value.url })}</p>
        )}
        <EventList groups={groups} chosen={value.events} error={shown.events} onChange={(events) => set({ events })} />
        <footer className="fs-dialog-foot">
          <button type="button" className="fs-button" onClick={onClose}>
            {t('Cancel')}
          </button>
          <button type="submit" className="fs-button fs-button-primary">
            {t('Continue')}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function errorsOf({ id, name, url, events }: Draft): Readonly<Record<'name' | 'url' | 'events', string | null>> {
  return {
    name: name.trim() === '' ? t('Give it a name.') : null,
    url: id === null && !/^https?:\/\/\S+$/.test(url.trim()) ? t('Use a public address that starts with https://.') : null,
    events: events.length === 0 ? t('Choose at least one event.') : null,
  };
}

type ListProps = {
  groups: readonly EventGroup[];
  chosen: readonly string[];
  error: string | null;
  onChange: (events: readonly string[]) => void;
};

function EventList({ groups, chosen, error, onChange }: ListProps): React.ReactElement {
  const toggle = (name: string) => onChange(chosen.includes(name) ? chosen.filter((each) => each !== name) : [...chosen, name]);
  return (
    <>
      {error ? <p className="fs-field-error">{error}</p> : null}
      {groups.map(({ group, names }) => (
        <fieldset key={group} className="fs-ops-events">
          <legend>{group.charAt(0).toUpperCase() + group.slice(1)}</legend>
          {names.map((name) => (
            <label key={name} className="fs-check">
              <input type="checkbox" checked={chosen.includes(name)} onChange={() => toggle(name)} /> <code>{name}</code>
            </label>
          ))}
        </fieldset>
      ))}
    </>
  );
}
