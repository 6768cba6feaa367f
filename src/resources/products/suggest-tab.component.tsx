import React, { useMemo, useState } from 'react';
import type { Action } from '../../admin/components/admin-types.component.tsx';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Checks } from './checks.component.tsx';
import type { Check, ProductPart, Suggesting } from './product-types.component.tsx';
import { previewOf, SearchPreview } from './search-preview.component.tsx';
import { AltField, CategoryField, TextField } from './suggest-fields.component.tsx';
import { changesOf, firstValues, type Values } from './suggest-values.component.tsx';
import { useSuggest } from './use-suggest.component.tsx';

type Props = { part: ProductPart; suggesting: Suggesting; action: Action };

/** Where an enhancer writes: the live text, what would stand there instead, and what a search engine would show of it. */
export function SuggestTab({ part, suggesting, action }: Props): React.ReactElement {
  const { draft } = suggesting;
  if (draft?.status === 'proposed') {
    return (
      <div className="fs-listing">
        <section className="fs-card">
          <h2>{t('Your suggestion waits')}</h2>
          <p>{t('The vendor or a reviewer decides. To write it anew, take it back first.')}</p>
          <p>
            <Link href={recordHref('ProductRevision', draft.id)}>{t('Open the suggestion')}</Link>
          </p>
        </section>
        <Checks checks={draft.checks} />
      </div>
    );
  }
  return <SuggestForm part={part} suggesting={suggesting} action={action} />;
}

function SuggestForm({ part, suggesting, action }: Props): React.ReactElement {
  const { content, images } = part.listing;
  const [values, setValues] = useState<Values>(() => firstValues(part.listing, suggesting.draft));
  const [checks, setChecks] = useState<readonly Check[]>(suggesting.draft?.checks ?? []);
  const call = useSuggest(part, setChecks);
  const changes = useMemo(() => changesOf(part.listing, values), [part.listing, values]);
  const count = Object.keys(changes).length;
  const write = (field: string) => (text: string) => setValues((before) => ({ ...before, [field]: text }));
  const id = React.useId();
  const isOff = action.refusal !== null || count === 0 || call.isBusy;
  const why = action.refusal ?? (count === 0 ? t('Change something first.') : action.effect);
  const text = (field: string, label: string, more: { longest: number; isLong?: boolean; help?: string }) => (
    <TextField
      label={label}
      live={firstValues(part.listing, null)[field] ?? ''}
      value={values[field] ?? ''}
      error={call.errors[field] ?? null}
      onChange={write(field)}
      {...more}
    />
  );
  return (
    <form
      className="fs-suggest"
      aria-describedby={`${id}-why`}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isOff) void call.send(changes);
      }}
    >
      {text('title', t('Title'), { longest: 255 })}
      {text('description', t('Description'), { longest: 5000, isLong: true })}
      {text('tags', t('Tags'), { longest: 1300, help: t('Separated by commas, at most 30') })}
      {text('styleTags', t('Style tags'), { longest: 1300, help: t('Separated by commas, at most 30') })}
      {text('occasionTags', t('Occasion tags'), { longest: 1300, help: t('Separated by commas, at most 30') })}
      <CategoryField
        categories={suggesting.categories}
        live={content.categoryCodes}
        value={values.categoryCodes ?? ''}
        error={call.errors.categoryCodes ?? null}
        onChange={write('categoryCodes')}
      />
      {images.map((image) => (
        <AltField
          key={image.id}
          image={image}
          value={values[`media.${image.position}.alt`] ?? ''}
          error={call.errors[`media.${image.position}.alt`] ?? null}
          onChange={write(`media.${image.position}.alt`)}
        />
      ))}
      {text('metaTitle', t('Search title'), { longest: 160, help: t('Search engines show about 60 characters.') })}
      {text('metaDescription', t('Search description'), {
        longest: 320,
        isLong: true,
        help: t('Search engines show about 155 characters.'),
      })}
      <SearchPreview preview={previewOf(previewWords(values), `${suggesting.storefront}/products/${suggesting.slug}`)} />
      <Checks checks={checks} />
      <footer className="fs-suggest-foot">
        <button type="submit" className="fs-button fs-button-primary" aria-disabled={isOff} aria-describedby={`${id}-why`}>
          {count === 1 ? t('Propose 1 change') : t('Propose {count} changes', { count })}
        </button>
        <p id={`${id}-why`} className="fs-small fs-muted">
          {why}
        </p>
        <p role="alert" className="fs-field-error">
          {call.refusal ?? ''}
        </p>
      </footer>
    </form>
  );
}

function previewWords(values: Values) {
  const { title = '', description = '', metaTitle = '', metaDescription = '' } = values;
  return { title, description, metaTitle, metaDescription };
}
