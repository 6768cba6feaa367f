import type React from 'react';
import { useState } from 'react';
import type { Action } from '../../admin/components/admin-types.component.tsx';
import { CommandButton } from '../../admin/components/command-button.component.tsx';
import { DocumentViewer, type OpenedDocument, readOpened } from '../../admin/components/document-viewer.component.tsx';
import { MaskedValue } from '../../admin/components/masked-value.component.tsx';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { Link } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import type { KycDocumentJson } from './kyc-types.component.tsx';

const states = {
  uploaded: { label: t('Not judged yet'), tone: 'neutral' },
  accepted: { label: t('Accepted'), tone: 'ok' },
  refused: { label: t('Refused'), tone: 'danger' },
} as const;

type Props = { document: KycDocumentJson; submissionId: string; open: Action | null; reveal: Action | null; reload: () => void };
type Asking = { action: Action; settle: (shown: Readonly<Record<string, unknown>> | null) => void };

/** One document: what it is and how it stands. Its file and its number are opened one by one, with a reason, and recorded. */
export function KycDocument({ document, submissionId, open, reveal, reload }: Props): React.ReactElement {
  const [asking, setAsking] = useState<Asking | null>(null);
  const [opened, setOpened] = useState<OpenedDocument | null>(null);
  const base = `/resources/KycSubmission/records/${encodeURIComponent(submissionId)}`;
  const ask = (action: Action) =>
    new Promise<Readonly<Record<string, unknown>> | null>((resolve) => setAsking({ action, settle: resolve }));
  const finish = (shown: Readonly<Record<string, unknown>> | null) => {
    asking?.settle(shown);
    setAsking(null);
  };
  const isGone = document.contentType === null;
  const showNumber = async (action: Action) => {
    const shown = await ask(action);
    return typeof shown?.value === 'string' ? shown.value : null;
  };
  return (
    <li>
      <div>
        <p>
          <strong>{document.label}</strong>{' '}
          <StatusPill tone={document.isNew ? 'info' : states[document.status].tone}>
            {document.isNew ? t('New') : states[document.status].label}
          </StatusPill>
        </p>
        <p className="fs-small fs-muted">
          {t('Handed in')} <Time value={document.handedInAt} />
        </p>
        {document.hasNumber && document.numberLast4 ? (
          <MaskedValue
            value={`••• ${document.numberLast4}`}
            label={t('number of {label}', { label: document.label })}
            {...(reveal && reveal.refusal === null ? { reveal: () => showNumber(reveal) } : {})}
          />
        ) : null}
        {document.note ? <p className="fs-small fs-wrap">{document.note}</p> : null}
        {document.sameNumberAt.map(({ vendorId, storeName }) => (
          <p key={vendorId} className="fs-small">
            <StatusPill tone="danger">{t('Same number')}</StatusPill>{' '}
            <Link href={`/admin/resources/Vendor/records/${vendorId}/show`}>{storeName ?? t('Another store')}</Link>
          </p>
        ))}
      </div>
      {open && !isGone ? (
        <CommandButton
          action={open}
          about={document.label}
          isSmall
          isQuiet
          onPress={() => void ask(open).then((shown) => setOpened(readOpened(shown, document.label)))}
        />
      ) : null}
      {open && isGone ? <span className="fs-small fs-muted">{t('The file is gone')}</span> : null}
      {asking ? (
        <ReasonForm
          action={asking.action}
          target={{ path: `${base}/${asking.action.name}`, base, record: null, version: null, fixedInput: { documentId: document.id } }}
          onClose={() => finish(null)}
          onDone={(answer) => finish(answer.shown ?? null)}
        />
      ) : null}
      {opened ? (
        <DocumentViewer
          document={opened}
          onClose={() => {
            setOpened(null);
            reload();
          }}
        />
      ) : null}
    </li>
  );
}
