import type React from 'react';
import { useState } from 'react';
import { ErrorState } from '../../admin/components/empty-state.component.tsx';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { Tabs } from '../../admin/components/tabs.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { useIsSlow, useRemote } from '../../admin/components/use-remote.component.tsx';
import { FixedTable } from './fixed-table.component.tsx';
import { KeysTab } from './keys-tab.component.tsx';
import { LimitsTab } from './limits-tab.component.tsx';
import { type OpenForm, type SettingsView, settingsPath } from './settings-types.component.tsx';
import { SwitchesTab } from './switches-tab.component.tsx';
import { TemplatesTab } from './templates-tab.component.tsx';

/** How the product is set: switches and quotas that are changed here, and what the configuration says. */
export default function Settings(): React.ReactElement {
  const remote = useRemote<SettingsView>(settingsPath);
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  const [form, setForm] = useState<OpenForm | null>(null);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={remote.reload} />;
  if (!remote.data) return <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div>;
  const view = remote.data;
  return (
    <>
      <header className="fs-screen-head">
        <h1>{t('Settings')}</h1>
      </header>
      <Tabs
        label={t('Settings')}
        tabs={[
          { id: 'switches', label: t('Switches'), content: () => <SwitchesTab view={view} onOpen={setForm} /> },
          { id: 'limits', label: t('Limits'), content: () => <LimitsTab view={view} onOpen={setForm} /> },
          {
            id: 'retention',
            label: t('Retention'),
            content: () => (
              <FixedTable
                caption={t('How long what is kept')}
                note={t('Retention belongs to the configuration: a change takes a restart. A legal hold keeps things beyond it.')}
                lines={view.retention}
              />
            ),
          },
          { id: 'keys', label: t('Keys'), content: () => <KeysTab keys={view.keys} /> },
          { id: 'branding', label: t('Branding'), content: () => <BrandingTab view={view} /> },
          { id: 'templates', label: t('Messages'), content: () => <TemplatesTab choices={view.templates} /> },
        ]}
      />
      {form ? (
        <ReasonForm
          action={form.action}
          target={form.target}
          onClose={() => setForm(null)}
          onDone={() => {
            setForm(null);
            remote.reload();
          }}
        />
      ) : null}
    </>
  );
}

const colours = () =>
  [
    [t('Brand'), 'brand'],
    [t('Accent'), 'accent'],
    [t('Good'), 'ok'],
    [t('Careful'), 'warn'],
    [t('Danger'), 'danger'],
  ] as const;

function BrandingTab({ view }: { view: SettingsView }): React.ReactElement {
  const { name, backOffice, storefront, mailFrom, smsSender } = view.branding;
  return (
    <>
      <FixedTable
        caption={t('Names and addresses')}
        note={t('Branding belongs to the release and the configuration.')}
        lines={[
          { what: t('Name'), value: name, from: null },
          { what: t('Back office'), value: backOffice, from: 'PUBLIC_URL' },
          { what: t('Shop'), value: storefront, from: 'STOREFRONT_URL' },
          { what: t('Sender of mail'), value: mailFrom, from: 'MAIL_FROM' },
          { what: t('Sender of SMS'), value: smsSender, from: 'SMS_SENDER' },
        ]}
      />
      <h2>{t('Colours')}</h2>
      <ul className="fs-plain-list fs-ops-colours">
        {colours().map(([label, colour]) => (
          <li key={colour}>
            <span className={`fs-ops-colour fs-ops-colour-${colour}`} aria-hidden="true" /> {label}
          </li>
        ))}
      </ul>
    </>
  );
}
