import type React from 'react';
import { useState } from 'react';
import type { RecordsAnswer, TimelineAnswer } from '../history/history-answers.ts';
import { HistoryViews, useHistoryAddress } from './history-address.component.tsx';
import { HistoryAsOf } from './history-as-of.component.tsx';
import { HistoryCompare } from './history-compare.component.tsx';
import { HistoryField } from './history-field.component.tsx';
import { HistoryTimeline } from './history-timeline.component.tsx';
import { t } from './text.component.tsx';
import { useRemote } from './use-remote.component.tsx';

/** The history of one record (`record=identity.vendor:ID`) or of everything about a person (`subject=ID`), in all its views. */
export function RecordHistory({ of, onChanged }: { of: string; onChanged?: () => void }): React.ReactElement {
  const address = useHistoryAddress();
  const [can, setCan] = useState<TimelineAnswer['can']>({ seeVersions: true, downloadProof: false });
  const asked = new URLSearchParams(of);
  const record = address.read('on') ?? asked.get('record');
  return (
    <div className="fs-history">
      <h2 className="fs-visually-hidden">{t('History')}</h2>
      <HistoryViews address={address} seesVersions={can.seeVersions} />
      {address.view === 'timeline' ? (
        <HistoryTimeline of={of} address={address} onAllowed={setCan} />
      ) : (
        <WithRecord subject={asked.get('subject')} record={record} onChoose={(on) => address.go({ on })}>
          {(chosen) => {
            switch (address.view) {
              case 'field':
                return <HistoryField record={chosen} address={address} />;
              case 'as-of':
                return <HistoryAsOf record={chosen} address={address} {...(onChanged ? { onChanged } : {})} />;
              default:
                return <HistoryCompare record={chosen} address={address} {...(onChanged ? { onChanged } : {})} />;
            }
          }}
        </WithRecord>
      )}
    </div>
  );
}

/** Versions are of one record: of a person, which of theirs is asked first. */
function WithRecord(props: {
  subject: string | null;
  record: string | null;
  onChoose: (record: string) => void;
  children: (record: string) => React.ReactElement;
}): React.ReactElement {
  const { subject, record, onChoose, children } = props;
  if (subject === null) return children(record ?? '');
  return (
    <ChosenRecord subject={subject} record={record} onChoose={onChoose}>
      {children}
    </ChosenRecord>
  );
}

function ChosenRecord(props: {
  subject: string;
  record: string | null;
  onChoose: (record: string) => void;
  children: (record: string) => React.ReactElement;
}): React.ReactElement {
  const { data } = useRemote<RecordsAnswer>(`/pages/history?view=records&subject=${props.subject}`);
  const chosen = data?.records.find(({ record }) => record === props.record) ?? data?.records[0];
  if (!data) return <div className="fs-skeleton" />;
  if (!chosen) return <p className="fs-muted">{t('Nothing about this person has versions.')}</p>;
  return (
    <>
      <div className="fs-field fs-history-field">
        <label htmlFor="fs-history-record">{t('Record')}</label>
        <select id="fs-history-record" value={chosen.record} onChange={(event) => props.onChoose(event.target.value)}>
          {data.records.map(({ record, label }) => (
            <option key={record} value={record}>
              {label}
            </option>
          ))}
        </select>
      </div>
      {props.children(chosen.record)}
    </>
  );
}
