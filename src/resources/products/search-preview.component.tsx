import type React from 'react';
import { t } from '../../admin/components/text.component.tsx';
import type { Preview } from './product-types.component.tsx';

/** How a search engine shows the listing: title, address, first words. */
export function SearchPreview({ preview }: { preview: Preview }): React.ReactElement {
  return (
    <section className="fs-card fs-serp" aria-label={t('Search preview')}>
      <h2>{t('Search preview')}</h2>
      <p className="fs-serp-url fs-small">{preview.url}</p>
      <p className="fs-serp-title">{preview.title}</p>
      <p className="fs-serp-text">{preview.description || t('A search engine would choose words of the page.')}</p>
    </section>
  );
}

const longestTitle = 60;
const longestText = 155;

type Words = { title: string; description: string; metaTitle: string; metaDescription: string };

/** The same while somebody writes; the server's side is searchPreview() of the catalog. */
export function previewOf({ title, description, metaTitle, metaDescription }: Words, url: string): Preview {
  return {
    title: cut(metaTitle.trim() || title, longestTitle),
    url,
    description: cut(metaDescription.trim() || description, longestText),
  };
}

function cut(text: string, longest: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const points = [...line];
  if (points.length <= longest) return line;
  const head = points.slice(0, longest - 1).join('');
  return `${head.slice(0, Math.max(head.lastIndexOf(' '), longest / 2)).trimEnd()}…`;
}
