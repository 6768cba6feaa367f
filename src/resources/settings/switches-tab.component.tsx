import type React from 'react';
import { CommandButton } from '../../admin/components/command-button.component.tsx';
import { Link } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { exactTime, Time } from '../../admin/components/time.component.tsx';
import { type Flag, formFor, type OpenForm, type SettingsView } from './settings-types.component.tsx';

type Props = { view: SettingsView; onOpen: (form: OpenForm) => void };

/** What is on and what is off: read-only mode, and the parts of the product that are switched. */
export function SwitchesTab({ view, onOpen }: Props): React.ReactElement {
  const { readOnly, actions } = view;
  const action = readOnly.isOn ? actions.readOnlyOff : actions.readOnlyOn;
  const opened = { isOn: readOnly.isOn ? t('On') : t('Off') };
  return (
    <div className="fs-ops-switches">
      <article className="fs-card">
        <h2>{t('Read-only mode')}</h2>
        <p>
          {readOnly.isOn ? <StatusPill tone="warn">{t('On')}</StatusPill> : <StatusPill tone="ok">{t('Off')}</StatusPill>}{' '}
          {readOnly.isOn && readOnly.since
            ? t('since {time}: {reason}', { time: exactTime(new Date(readOnly.since)), reason: readOnly.reason ?? '' })
            : null}
        </p>
        <p className="fs-muted">
          {t('Nobody can change anything, in the back office or in the shop. Signing in and reading go on, and so do jobs.')}
        </p>
        <CommandButton
          action={action}
          worksInReadOnly
          onPress={() => onOpen(formFor(action, { input: {}, version: readOnly.version, opened }))}
        />
        <LastChange setting={readOnly} table="platform.setting" />
      </article>
      {view.flags.map((flag) => (
        <FlagCard key={flag.name} flag={flag} actions={actions} onOpen={onOpen} />
      ))}
    </div>
  );
}

function FlagCard({
  flag,
  actions,
  onOpen,
}: {
  flag: Flag;
  actions: SettingsView['actions'];
  onOpen: Props['onOpen'];
}): React.ReactElement {
  const action = { ...actions.flag, label: flag.isEnabled ? t('Switch off') : t('Switch on') };
  const input = { name: flag.name, isEnabled: !flag.isEnabled };
  return (
    <article className="fs-card">
      <h2>{flag.label}</h2>
      <p>{flag.isEnabled ? <StatusPill tone="ok">{t('On')}</StatusPill> : <StatusPill tone="neutral">{t('Off')}</StatusPill>}</p>
      <p className="fs-muted">{flag.description}</p>
      <CommandButton
        action={action}
        about={flag.label}
        onPress={() => onOpen(formFor(action, { input, version: flag.version, opened: { isEnabled: flag.isEnabled } }))}
      />
      <LastChange setting={flag} table="platform.feature_flag" />
    </article>
  );
}

/** When it was changed last, with the way to who, why and what it was before. */
export function LastChange({
  setting,
  table,
}: {
  setting: { id: string | null; changedAt: string | null };
  table: string;
}): React.ReactElement {
  if (setting.id === null || setting.changedAt === null) return <p className="fs-muted fs-small">{t('Never changed.')}</p>;
  return (
    <p className="fs-muted fs-small">
      {t('Changed')} <Time value={setting.changedAt} />.{' '}
      <Link href={`/admin/pages/history?record=${table}:${setting.id}`}>{t('Who, when and why')}</Link>
    </p>
  );
}
