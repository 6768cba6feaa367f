import type React from 'react';
import { sentenceCase } from './status-pill.component.tsx';

export type DiffEntry = { field: string; before: unknown; after: unknown; isErased?: boolean };

/** Field by field: old struck through, new beside it; long texts word by word. Said in words for screen readers. */
export function DiffView({ entries }: { entries: readonly DiffEntry[] }): React.ReactElement {
  return (
    <dl className="fs-diff">
      {entries.map((entry) => (
        <div key={entry.field}>
          <dt>{sentenceCase(entry.field)}</dt>
          <dd>{entry.isErased ? <em>erased</em> : <Change before={textOf(entry.before)} after={textOf(entry.after)} />}</dd>
        </div>
      ))}
    </dl>
  );
}

export function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function Change({ before, after }: { before: string; after: string }): React.ReactElement {
  if (before.length > 40 && after.length > 40) return <WordChange before={before} after={after} />;
  return (
    <>
      {before === '' ? <span className="fs-muted">empty</span> : <Removed text={before} />} <span aria-hidden="true">{'\u2192'}</span>
      <span className="fs-visually-hidden">became</span> {after === '' ? <span className="fs-muted">empty</span> : <Added text={after} />}
    </>
  );
}

function Removed({ text }: { text: string }): React.ReactElement {
  return <del>{text}</del>;
}

function Added({ text }: { text: string }): React.ReactElement {
  return <ins>{text}</ins>;
}

/** Common words at both ends stay plain; what differs between them is struck and added. */
function WordChange({ before, after }: { before: string; after: string }): React.ReactElement {
  const old = before.split(/(\s+)/);
  const fresh = after.split(/(\s+)/);
  let start = 0;
  while (start < Math.min(old.length, fresh.length) && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, fresh.length) - start && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]) end += 1;
  return (
    <span className="fs-wrap">
      {old.slice(0, start).join('')}
      <Removed text={old.slice(start, old.length - end).join('')} /> <Added text={fresh.slice(start, fresh.length - end).join('')} />
      {old.slice(old.length - end).join('')}
    </span>
  );
}
