import type React from 'react';
import { useState } from 'react';
import { ErrorState } from '../../admin/components/empty-state.component.tsx';
import { sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { useRemote } from '../../admin/components/use-remote.component.tsx';
import { settingsPath } from './settings-types.component.tsx';

type Preview = { preview: { id: string; locale: string; writtenIn: string; subject: string; text: string; sms: string } };

const languages = (): Readonly<Record<string, string>> => ({ en: t('English'), yo: t('Yoruba'), ha: t('Hausa'), ig: t('Igbo') });

/** What people get by mail and SMS, with made-up values. */
export function TemplatesTab({ choices }: { choices: { ids: readonly string[]; locales: readonly string[] } }): React.ReactElement {
  const [id, setId] = useState(choices.ids[0] ?? '');
  const [locale, setLocale] = useState('en');
  return (
    <>
      <div className="fs-ops-choices">
        <label>
          {t('Message')}
          <select value={id} onChange={(event) => setId(event.target.value)}>
            {choices.ids.map((each) => (
              <option key={each} value={each}>
                {sentenceCase(each)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('Language')}
          <select value={locale} onChange={(event) => setLocale(event.target.value)}>
            {choices.locales.map((each) => (
              <option key={each} value={each}>
                {languages()[each] ?? each}
              </option>
            ))}
          </select>
        </label>
      </div>
      <PreviewOf id={id} locale={locale} />
    </>
  );
}

function PreviewOf({ id, locale }: { id: string; locale: string }): React.ReactElement {
  const remote = useRemote<Preview>(`${settingsPath}?${new URLSearchParams({ template: id, locale }).toString()}`);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={remote.reload} />;
  if (!remote.data) return <div className="fs-skeleton" role="status" aria-label={t('Loading')} />;
  const { subject, text, sms, writtenIn } = remote.data.preview;
  return (
    <div aria-live="polite">
      <p className="fs-muted">
        {writtenIn === locale
          ? t('Made-up values; nothing is sent.')
          : t('Not translated yet: people who read {language} get it in English. Made-up values; nothing is sent.', {
              language: languages()[locale] ?? locale,
            })}
      </p>
      <article className="fs-card fs-ops-message">
        <h2>{t('Mail')}</h2>
        <p>
          <strong>{subject}</strong>
        </p>
        <pre className="fs-ops-text">{text}</pre>
      </article>
      <article className="fs-card fs-ops-message">
        <h2>{t('SMS')}</h2>
        <pre className="fs-ops-text">{sms}</pre>
        <p className="fs-muted fs-small">{t('{count} characters', { count: sms.length })}</p>
      </article>
    </div>
  );
}
