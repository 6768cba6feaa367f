import type { Action, RecordJson, ShowAnswer } from '../../admin/components/admin-types.component.tsx';
import type { DiffJson } from '../../admin/history/history-json.ts';

/** What the server sends beside a product; its side is product-extra.ts. */
export type ListingImage = { id: string; position: number; url: string; alt: string | null; isCover: boolean };

export type ListingContent = Readonly<Record<string, unknown>> & {
  title: string;
  description: string | null;
  tags: readonly string[];
  metaTitle: string | null;
  metaDescription: string | null;
  styleTags: readonly string[];
  occasionTags: readonly string[];
  categoryCodes: readonly string[];
};

export type Preview = { title: string; url: string; description: string };

export type Listing = {
  content: ListingContent;
  images: readonly ListingImage[];
  quality: number;
  lacking: readonly string[];
  preview: Preview;
  isSelling: boolean;
};

export type Check = { rule: string; ok: boolean; note: string };

export type Signals = {
  price: {
    amount: string;
    currency: string;
    categories: readonly { code: string; name: string; median: string | null; isActive: boolean; isOutlier: boolean | null }[];
    isOutlier: boolean | null;
  };
  duplicates: readonly {
    id: string;
    title: string;
    status: string;
    price: string;
    isSameStore: boolean;
    titleScore: number;
    textScore: number;
    score: number;
  }[];
  noticed: readonly { rule: string; weight: number; evidence: string }[];
  riskScore: number;
};

export type RevisionLine = {
  id: string;
  kind: 'vendor_edit' | 'suggestion';
  status: string;
  author: string;
  isMine: boolean;
  createdAt: string;
  decidedAt: string | null;
  note: string | null;
  acceptedFields: readonly string[];
  changes: readonly DiffJson[];
};

export type Suggesting = {
  fields: readonly string[];
  categories: readonly { code: string; name: string }[];
  draft: {
    id: string;
    status: 'draft' | 'proposed';
    version: number;
    changes: readonly { field: string; new: unknown }[];
    checks: readonly Check[];
  } | null;
  storefront: string;
  slug: string;
};

export type ProductExtra = {
  listing: Listing | null;
  signals: Signals;
  revisions: readonly RevisionLine[];
  suggesting: Suggesting | null;
};

export type ProductPart = {
  listing: Listing;
  extra: ProductExtra;
  record: RecordJson;
  version: number | null;
  suggest: Action | null;
  reload: () => void;
};

export function extraOf(answer: ShowAnswer): ProductExtra {
  return answer.extra as ProductExtra;
}
