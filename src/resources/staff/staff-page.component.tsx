import type React from 'react';
import { useState } from 'react';
import type { Action, RecordPageProps } from '../../admin/components/admin-types.component.tsx';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { RecordHistory } from '../../admin/components/record-history.component.tsx';
import { RecordFacts } from '../../admin/components/record-screen.component.tsx';
import { type Tab, Tabs } from '../../admin/components/tabs.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Factors, Grants, Invites, Sessions, type StaffExtra } from './staff-sections.component.tsx';

/** A colleague: roles in force first, since they are what this page is opened for. */
export default function StaffPage(props: RecordPageProps): React.ReactElement {
  const { resource, answer } = props;
  const extra = answer.extra as StaffExtra;
  const { id } = answer.record;
  const tabs: (Tab | null)[] = [
    {
      id: 'overview',
      label: t('Overview'),
      content: () => (
        <>
          <Grants extra={extra} staffId={id} />
          <Factors factors={extra.factors} />
          <EditButton {...props} extra={extra} />
          <RecordFacts fields={resource.fields} answer={answer} />
        </>
      ),
    },
    extra.sessions ? { id: 'sessions', label: t('Sessions'), content: () => <Sessions sessions={extra.sessions ?? []} /> } : null,
    extra.invites.length > 0 ? { id: 'invites', label: t('Invitations'), content: () => <Invites invites={extra.invites} /> } : null,
    extra.hasHistory ? { id: 'history', label: t('History'), content: () => <RecordHistory of={`subject=${id}`} /> } : null,
  ];
  return <Tabs label={t('About this staff member')} tabs={tabs.filter((tab) => tab !== null)} />;
}

/** Job and lead, with the colleagues who can lead to choose from. */
function EditButton({ resource, answer, reload, extra }: RecordPageProps & { extra: StaffExtra }): React.ReactElement | null {
  const [isOpen, setIsOpen] = useState(false);
  const action = answer.actions.find((each) => each.name === 'editStaff');
  if (!action) return null;
  const base = `/resources/${resource.id}/records/${encodeURIComponent(answer.record.id)}`;
  return (
    <div className="fs-edit-staff">
      <button
        type="button"
        className="fs-button"
        aria-disabled={action.refusal !== null}
        aria-describedby="fs-edit-staff"
        onClick={() => (action.refusal === null ? setIsOpen(true) : undefined)}
      >
        {action.label}
      </button>{' '}
      <span id="fs-edit-staff" className="fs-muted fs-small">
        {action.refusal ?? (extra.lead ? t('Led by {name}.', { name: extra.lead }) : t('Nobody leads them yet.'))}
      </span>
      {isOpen ? (
        <ReasonForm
          action={withManagers(action, extra.managers)}
          target={{ path: `${base}/${action.name}`, base, record: answer.record, version: answer.version }}
          onClose={() => setIsOpen(false)}
          onDone={() => {
            setIsOpen(false);
            reload();
          }}
        />
      ) : null}
    </div>
  );
}

function withManagers(action: Action, managers: StaffExtra['managers']): Action {
  const form = action.form.map((field) =>
    field.name === 'managerUserId' ? { ...field, type: 'select' as const, options: managers } : field,
  );
  return { ...action, form };
}
