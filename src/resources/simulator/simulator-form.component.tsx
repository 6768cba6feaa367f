import type React from 'react';
import { useId, useState } from 'react';
import { navigate } from '../../admin/components/router.component.tsx';
import { t } from '../../admin/components/text.component.tsx';

type Option = { value: string; label: string };
export type FormOptions = { roles: readonly Option[]; people: readonly Option[]; kinds: readonly Option[] };

/** Who, and about which record; what was chosen is in the address, so that an answer can be sent to a colleague. */
export function SimulatorForm({ form, search }: { form: FormOptions; search: string }): React.ReactElement {
  const asked = new URLSearchParams(search);
  const [way, setWay] = useState<'role' | 'person'>(asked.has('person') ? 'person' : 'role');
  const [who, setWho] = useState(asked.get('role') ?? asked.get('person') ?? '');
  const [kind, setKind] = useState(asked.get('kind') ?? '');
  const [record, setRecord] = useState(asked.get('record') ?? '');
  const name = useId();
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const about = kind !== '' && record !== '' ? { kind, record } : {};
    navigate(`/admin/pages/permission-simulator?${new URLSearchParams({ [way]: who, ...about }).toString()}`);
  };
  return (
    <form className="fs-card fs-simulator-form" onSubmit={submit}>
      <fieldset>
        <legend>{t('Who')}</legend>
        {(['role', 'person'] as const).map((each) => (
          <label key={each} className="fs-check">
            <input
              type="radio"
              name={name}
              checked={way === each}
              onChange={() => {
                setWay(each);
                setWho('');
              }}
            />{' '}
            {each === 'role' ? t('Somebody with one role') : t('A colleague')}
          </label>
        ))}
        <Choice
          label={way === 'role' ? t('Role') : t('Colleague')}
          options={way === 'role' ? form.roles : form.people}
          value={who}
          isRequired
          onChange={setWho}
        />
      </fieldset>
      <fieldset>
        <legend>{t('About which record')}</legend>
        <Choice label={t('Kind of record (optional)')} options={form.kinds} value={kind} onChange={setKind} />
        <RecordField
          value={record}
          onChange={(typed) => {
            const pasted = /\/resources\/(\w+)\/records\/([0-9a-f-]{36})/i.exec(typed);
            if (pasted?.[1] && form.kinds.some((each) => each.value === pasted[1])) setKind(pasted[1]);
            setRecord(pasted?.[2] ?? typed.trim());
          }}
        />
      </fieldset>
      <button type="submit" className="fs-button fs-button-primary">
        {t('Ask')}
      </button>
    </form>
  );
}

function Choice(props: {
  label: string;
  options: readonly Option[];
  value: string;
  isRequired?: boolean;
  onChange: (value: string) => void;
}): React.ReactElement {
  const id = useId();
  return (
    <div className="fs-field">
      <label htmlFor={id}>{props.label}</label>
      <select id={id} required={props.isRequired} value={props.value} onChange={(event) => props.onChange(event.target.value)}>
        <option value="">{t('Choose')}</option>
        {props.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

function RecordField({ value, onChange }: { value: string; onChange: (value: string) => void }): React.ReactElement {
  const id = useId();
  return (
    <div className="fs-field">
      <label htmlFor={id}>{t('Id or address of the record (optional)')}</label>
      <input id={id} value={value} aria-describedby={`${id}-help`} onChange={(event) => onChange(event.target.value)} />
      <p id={`${id}-help`} className="fs-muted fs-small">
        {t('The address of an opened record can be pasted as it is.')}
      </p>
    </div>
  );
}
