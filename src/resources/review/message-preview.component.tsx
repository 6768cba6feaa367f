import type React from 'react';
import { t } from '../../admin/components/text.component.tsx';
import type { DecisionDraft } from './decision-draft.component.tsx';
import { writtenNotes } from './decision-draft.component.tsx';
import type { FieldChoice, MessageJson } from './review-types.ts';

/** Word for word what the vendor gets, with what is being typed in its place. */
export function MessagePreview(props: { message: MessageJson; draft: DecisionDraft; fields: readonly FieldChoice[] }): React.ReactElement {
  const { message, draft, fields } = props;
  const [before = '', after] = message.parts;
  const words = wordsOf(draft, fields);
  return (
    <figure className="fs-review-message">
      <figcaption className="fs-small fs-muted">
        {message.channel === 'mail' ? t('What they read, by email') : t('What they read, by SMS')}
      </figcaption>
      {message.channel === 'mail' ? <p className="fs-review-subject">{message.subject}</p> : null}
      <p className="fs-review-message-text">{before}</p>
      {after === undefined ? null : (
        <>
          {words.length === 0 ? (
            <p className="fs-muted">{t('Your words stand here.')}</p>
          ) : (
            words.map((line, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text never move.
              <p key={at} className="fs-review-message-text fs-review-own-words">
                {line}
              </p>
            ))
          )}
          <p className="fs-review-message-text">{after}</p>
        </>
      )}
      {message.channel === 'sms' && words.length > 0 ? (
        <>
          <p className="fs-small fs-muted">{t('And on the page it leads to:')}</p>
          {words.map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text never move.
            <p key={at} className="fs-review-message-text fs-review-own-words">
              {line}
            </p>
          ))}
        </>
      ) : null}
    </figure>
  );
}

/** The reviewer's lines, then one line for each field. */
function wordsOf(draft: DecisionDraft, fields: readonly FieldChoice[]): readonly string[] {
  const lines = draft.text.split(/\r?\n/).map((line) => line.trim());
  const notes = writtenNotes(draft).map(({ field, note }) => `${fields.find(({ value }) => value === field)?.said ?? field}: ${note}`);
  return [...lines.filter((line) => line !== ''), ...notes];
}
