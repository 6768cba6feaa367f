import type React from 'react';
import type { DiffJson } from '../history/history-json.ts';
import type { ValueJson } from '../history/value-json.ts';
import { t } from './text.component.tsx';
import { ValueView, valueText } from './value-view.component.tsx';
import { type DiffPart, diffWords } from './word-diff.component.tsx';

/** Field by field: old struck through, new beside it; long texts word by word. Said in words for screen readers. */
export function DiffView(props: {
  entries: readonly DiffJson[];
  /** What may be done with a field, drawn behind its name. */
  tools?: (entry: DiffJson) => React.ReactNode;
}): React.ReactElement {
  return (
    <dl className="fs-diff">
      {props.entries.map((entry) => (
        <div key={`${entry.eventId} ${entry.field}`}>
          <dt>
            {entry.label} {props.tools?.(entry)}
          </dt>
          <dd>
            <Change before={entry.before} after={entry.after} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Any value of a form or problem document as text. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const longText = 40;

/** What a value was and what it became. */
export function Change({ before, after }: { before: ValueJson; after: ValueJson }): React.ReactElement {
  if (isWord(before) && before.kind === after.kind) return <ValueView value={after} />;
  if (before.kind === 'text' && after.kind === 'text' && Math.min(before.text.length, after.text.length) > longText) {
    return <WordChange before={before.text} after={after.text} />;
  }
  return (
    <>
      {isWord(before) ? (
        <ValueView value={before} />
      ) : (
        <del>
          <ValueView value={before} />
        </del>
      )}{' '}
      <span aria-hidden="true">{'\u2192'}</span>
      <span className="fs-visually-hidden">{t('became')}</span>{' '}
      {isWord(after) ? (
        <ValueView value={after} />
      ) : (
        <ins>
          <ValueView value={after} />
        </ins>
      )}
    </>
  );
}

/** Erased, secret and the like: words about a value, which are neither struck nor added. */
function isWord(value: ValueJson): boolean {
  return value.kind !== 'text' && value.kind !== 'time' && value.kind !== 'day' && value.kind !== 'large';
}

function WordChange({ before, after }: { before: string; after: string }): React.ReactElement {
  const parts = diffWords(before, after);
  return (
    <span className="fs-wrap">
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move.
        <Piece key={index} part={part} />
      ))}
    </span>
  );
}

export function Piece({ part }: { part: DiffPart }): React.ReactElement {
  if (part.kind === 'removed') return <del>{part.text}</del>;
  return part.kind === 'added' ? <ins>{part.text}</ins> : <span>{part.text}</span>;
}

/** Of two texts, the pieces of one side: for reading them side by side. */
export function sidePieces(value: ValueJson, other: ValueJson, side: 'removed' | 'added'): readonly DiffPart[] {
  if (value.kind !== 'text' || other.kind !== 'text') return [{ kind: side, text: valueText(value) }];
  const parts = side === 'removed' ? diffWords(value.text, other.text) : diffWords(other.text, value.text);
  return parts.filter((part) => part.kind === 'same' || part.kind === side);
}
