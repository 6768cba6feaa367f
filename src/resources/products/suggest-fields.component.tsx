import React from 'react';
import { Piece } from '../../admin/components/diff-view.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { diffWords } from '../../admin/components/word-diff.component.tsx';
import type { ListingImage } from './product-types.component.tsx';
import { listOf } from './suggest-values.component.tsx';

type TextProps = {
  label: string;
  live: string;
  value: string;
  error: string | null;
  longest: number;
  isLong?: boolean;
  help?: string;
  onChange: (text: string) => void;
};

/** The live text, and beside it where to write another; below, what changes word by word. */
export function TextField({ label, live, value, error, longest, isLong = false, help, onChange }: TextProps): React.ReactElement {
  const id = React.useId();
  const length = [...value].length;
  const described = [`${id}-count`, help ? `${id}-help` : null, error ? `${id}-error` : null].filter(Boolean).join(' ');
  const shared = { id, value, 'aria-describedby': described, 'aria-invalid': error || length > longest ? true : undefined } as const;
  return (
    <section className="fs-card fs-suggest-field">
      <div>
        <h2>{t('{field}, live', { field: label })}</h2>
        {live === '' ? <p className="fs-muted">{t('Empty')}</p> : <p className="fs-wrap fs-listing-text">{live}</p>}
      </div>
      <div className="fs-field">
        <label htmlFor={id}>{t('{field}, suggested', { field: label })}</label>
        {isLong ? (
          <textarea {...shared} rows={8} onChange={(event) => onChange(event.target.value)} />
        ) : (
          <input {...shared} type="text" onChange={(event) => onChange(event.target.value)} />
        )}
        <p id={`${id}-count`} className={length > longest ? 'fs-field-error fs-tabular' : 'fs-muted fs-small fs-tabular'}>
          {t('{count} of {most} characters', { count: length, most: longest })}
        </p>
        {help ? (
          <p id={`${id}-help`} className="fs-muted fs-small">
            {help}
          </p>
        ) : null}
        {error ? (
          <p id={`${id}-error`} className="fs-field-error">
            {error}
          </p>
        ) : null}
      </div>
      <Difference before={live} after={value} />
    </section>
  );
}

/** Word by word, as soon as something differs. */
function Difference({ before, after }: { before: string; after: string }): React.ReactElement | null {
  if (before.trim() === after.trim() || before === '') return null;
  return (
    <div className="fs-suggest-diff fs-diff">
      <h2>{t('What changes')}</h2>
      <p className="fs-wrap">
        {diffWords(before, after).map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move.
          <Piece key={index} part={part} />
        ))}
      </p>
    </div>
  );
}

type AltProps = { image: ListingImage; value: string; error: string | null; onChange: (text: string) => void };

/** What people hear who do not see the picture. */
export function AltField({ image, value, error, onChange }: AltProps): React.ReactElement {
  const id = React.useId();
  const number = image.position + 1;
  return (
    <section className="fs-card fs-suggest-alt">
      <img src={`${image.url}/small`} alt={t('Image {number}', { number })} width="96" height="96" loading="lazy" />
      <div className="fs-field">
        <label htmlFor={id}>{t('Text of image {number}', { number })}</label>
        <input
          id={id}
          type="text"
          maxLength={200}
          value={value}
          aria-invalid={error ? true : undefined}
          aria-describedby={`${id}-said`}
          onChange={(event) => onChange(event.target.value)}
        />
        <p id={`${id}-said`} className={error ? 'fs-field-error' : 'fs-muted fs-small'}>
          {error ?? t('Says what is to be seen, in a sentence.')}
        </p>
      </div>
    </section>
  );
}

type CategoryProps = {
  categories: readonly { code: string; name: string }[];
  live: readonly string[];
  value: string;
  error: string | null;
  onChange: (text: string) => void;
};

/** The open categories as boxes; those that the product has stand first. */
export function CategoryField({ categories, live, value, error, onChange }: CategoryProps): React.ReactElement {
  const chosen = new Set(listOf(value));
  const toggle = (code: string) => {
    const next = chosen.has(code) ? [...chosen].filter((other) => other !== code) : [...chosen, code];
    onChange(next.join(', '));
  };
  const sorted = categories.toSorted((one, other) => Number(live.includes(other.code)) - Number(live.includes(one.code)));
  return (
    <fieldset className="fs-card fs-suggest-categories">
      <legend>{t('Categories')}</legend>
      <details open={error !== null}>
        <summary>{t('{count} chosen, of 15 at most', { count: chosen.size })}</summary>
        {sorted.map(({ code, name }) => (
          <label key={code} className="fs-check">
            <input type="checkbox" checked={chosen.has(code)} onChange={() => toggle(code)} /> {name}
          </label>
        ))}
      </details>
      {error ? <p className="fs-field-error">{error}</p> : null}
    </fieldset>
  );
}
