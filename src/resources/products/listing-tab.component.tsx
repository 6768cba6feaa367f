import type React from 'react';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { Listing, ListingImage, ProductPart } from './product-types.component.tsx';
import { SearchPreview } from './search-preview.component.tsx';

/** What customers read and see, and what it lacks. */
export function ListingTab({ part: { listing } }: { part: ProductPart }): React.ReactElement {
  const { content, images, preview } = listing;
  return (
    <div className="fs-listing">
      <section className="fs-card" aria-label={t('Text')}>
        <h2>{content.title}</h2>
        {content.description ? (
          <p className="fs-wrap fs-listing-text">{content.description}</p>
        ) : (
          <p className="fs-muted">{t('No description.')}</p>
        )}
        <Words label={t('Tags')} words={content.tags} />
        <Words label={t('Style')} words={content.styleTags} />
        <Words label={t('Occasion')} words={content.occasionTags} />
        <Words label={t('Categories')} words={content.categoryCodes} />
      </section>
      <Quality listing={listing} />
      <Gallery images={images} />
      <SearchPreview preview={preview} />
    </div>
  );
}

function Words({ label, words }: { label: string; words: readonly string[] }): React.ReactElement | null {
  if (words.length === 0) return null;
  return (
    <p className="fs-listing-words">
      <span className="fs-muted">{label}</span>{' '}
      {words.map((word) => (
        <span key={word} className="fs-listing-word">
          {word}
        </span>
      ))}
    </p>
  );
}

function Quality({ listing: { quality, lacking, isSelling } }: { listing: Listing }): React.ReactElement {
  const tone = quality >= 80 ? 'ok' : quality >= 50 ? 'warn' : 'danger';
  return (
    <section className="fs-card">
      <h2>{t('Quality')}</h2>
      <p>
        <StatusPill tone={tone}>{t('{quality} of 100', { quality })}</StatusPill>
      </p>
      {lacking.length === 0 ? (
        <p className="fs-muted">{t('Nothing is missing.')}</p>
      ) : (
        <ul className="fs-listing-lacks">
          {lacking.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
      {isSelling ? null : (
        <p className="fs-muted fs-small">{t('The store does not sell at the moment: customers see none of its products.')}</p>
      )}
    </section>
  );
}

/** Each picture with its text, which is what people who do not see it hear. */
function Gallery({ images }: { images: readonly ListingImage[] }): React.ReactElement {
  return (
    <section className="fs-card" aria-label={t('Images')}>
      <h2>{t('Images')}</h2>
      {images.length === 0 ? <p className="fs-muted">{t('No images yet.')}</p> : null}
      <ul className="fs-gallery">
        {images.map(({ id, url, alt, isCover, position }) => (
          <li key={id}>
            <a href={`${url}/whole`} target="_blank" rel="noreferrer">
              <img
                src={`${url}/small`}
                alt={alt ?? t('Image {number} without a text', { number: position + 1 })}
                loading="lazy"
                width="160"
                height="160"
              />
            </a>
            <p className="fs-small">
              {isCover ? <strong>{t('Cover')} </strong> : null}
              {alt ?? <span className="fs-field-error">{t('Without a text')}</span>}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
