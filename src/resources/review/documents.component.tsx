import type React from 'react';
import { useState } from 'react';
import type { Action } from '../../admin/components/admin-types.component.tsx';
import { CommandButton } from '../../admin/components/command-button.component.tsx';
import { DocumentViewer, type OpenedDocument, readOpened } from '../../admin/components/document-viewer.component.tsx';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { DocumentJson, Section } from './review-types.ts';

type Props = { section: Extract<Section, { kind: 'documents' }>; caseId: string };

/** The documents of a submission: what they are, never what they show. Opening one asks why, counts, and closes by itself. */
export function Documents({ section }: Props): React.ReactElement {
  const [asking, setAsking] = useState<{ action: Action; document: DocumentJson } | null>(null);
  const [opened, setOpened] = useState<OpenedDocument | null>(null);
  const { documents, submissionId, open, quotaLeft } = section;
  const base = `/resources/KycSubmission/records/${encodeURIComponent(submissionId)}`;
  if (documents.length === 0) return <p className="fs-muted">{t('No documents.')}</p>;
  return (
    <>
      <ul className="fs-review-documents">
        {documents.map((document) => (
          <li key={document.id}>
            <div>
              <p>
                <strong>{document.label}</strong> <StatusPill tone={document.state.tone}>{document.state.label}</StatusPill>
              </p>
              <p className="fs-small fs-muted">
                {document.number ? <code>{document.number}</code> : null} {document.file}
              </p>
              {document.note ? <p className="fs-small fs-wrap">{document.note}</p> : null}
            </div>
            {open ? (
              <CommandButton action={open} about={document.label} isSmall isQuiet onPress={() => setAsking({ action: open, document })} />
            ) : null}
          </li>
        ))}
      </ul>
      {open ? (
        <p className="fs-small fs-muted">
          {quotaLeft === 1
            ? t('Each opening is recorded. 1 is left to you today.')
            : t('Each opening is recorded. {left} are left to you today.', { left: quotaLeft })}
        </p>
      ) : null}
      {asking ? (
        <ReasonForm
          action={asking.action}
          target={{
            path: `${base}/${asking.action.name}`,
            base,
            record: null,
            version: null,
            fixedInput: { documentId: asking.document.id },
          }}
          onClose={() => setAsking(null)}
          onDone={(answer) => {
            setAsking(null);
            setOpened(readOpened(answer.shown, asking.document.label));
          }}
        />
      ) : null}
      {opened ? <DocumentViewer document={opened} onClose={() => setOpened(null)} /> : null}
    </>
  );
}
