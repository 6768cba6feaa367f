import { join } from 'node:path';
import { definePage, type PageRequest } from '../../admin/index.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { caseQueries } from '../../modules/review/index.ts';

/** How good decisions are, for leads: blind second looks, second answers, and what rejections are given for. */
export const reviewQualityPage = definePage({
  id: 'review-quality',
  noun: 'review_quality',
  title: 'Review quality',
  icon: 'gauge',
  navigationGroup: 'Oversight',
  permission: 'review_case.pick',
  component: join(import.meta.dirname, 'review-quality.component.tsx'),
  handler: shown,
  recordsRead: null,
});

async function shown({ deps, query, now }: PageRequest): Promise<Readonly<Record<string, unknown>>> {
  if (Object.keys(query).length > 0) throw new AppError('invalid_filter');
  return { figures: await caseQueries.qualityFigures(deps), now };
}
