import type React from 'react';
import { CommandButton } from '../../admin/components/command-button.component.tsx';
import { sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { FixedTable } from './fixed-table.component.tsx';
import { formFor, type OpenForm, type Quota, type SettingsView } from './settings-types.component.tsx';
import { LastChange } from './switches-tab.component.tsx';

/** Daily quotas of each role, changed here; and the limits that belong to the configuration. */
export function LimitsTab({ view, onOpen }: { view: SettingsView; onOpen: (form: OpenForm) => void }): React.ReactElement {
  const { quotas, actions, limits } = view;
  const open =
    ({ grade, people, reveals }: Quota) =>
    () =>
      onOpen(
        formFor(
          { ...actions.quota, label: t('Change quota of {role}', { role: wordsOf(grade) }) },
          { input: { grade }, version: quotas.version, opened: { people, reveals } },
        ),
      );
  return (
    <>
      <section aria-label={t('Quotas a day')}>
        <h2>{t('Quotas a day')}</h2>
        <p className="fs-muted">
          {t('For each member of staff, by role. A change holds for the next click of everybody; days are UTC days.')}
        </p>
        <table className="fs-ops-table">
          <thead>
            <tr>
              <th scope="col">{t('Role')}</th>
              <th scope="col">{t('People opened')}</th>
              <th scope="col">{t('Reveals')}</th>
              <th scope="col">
                <span className="fs-visually-hidden">{t('Change')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {quotas.rows.map((row) => (
              <tr key={row.grade}>
                <th scope="row">{sentenceCase(row.grade)}</th>
                <td data-label={t('People opened')} className="fs-tabular">
                  <Figure value={row.people} standard={row.standard.people} />
                </td>
                <td data-label={t('Reveals')} className="fs-tabular">
                  <Figure value={row.reveals} standard={row.standard.reveals} />
                </td>
                <td>
                  <CommandButton
                    isQuiet
                    action={{ ...actions.quota, label: t('Change') }}
                    about={sentenceCase(row.grade)}
                    onPress={open(row)}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <LastChange setting={quotas} table="platform.setting" />
      </section>
      <FixedTable
        caption={t('Other limits')}
        note={t('These belong to the configuration or the release; a change takes a restart.')}
        lines={limits}
      />
    </>
  );
}

function Figure({ value, standard }: { value: number; standard: number }): React.ReactElement {
  return (
    <>
      {value}
      {value === standard ? null : <span className="fs-muted fs-small"> {t('(standard: {count})', { count: standard })}</span>}
    </>
  );
}

const wordsOf = (grade: string) => grade.replaceAll('_', ' ');
