import type { Response } from 'express';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError, fail } from '../../foundation/errors/app-error.ts';
import type { ReadRecord } from '../admin.ts';
import type { Registry } from '../registry.ts';
import { requireSignedIn, stateOf } from '../state.ts';
import { type SearchAnswer, searchEverything, shortestSearch } from './global-search.ts';
import { auditedFilter } from './typed-text.ts';

export type SearchParts = { registry: Registry; deps: CommandDeps; recordRead(entry: ReadRecord): Promise<void> };

const longestSearch = 200;

/**
 * GET /admin/api/search?q=: what the person may find, and one read row about it before the answer leaves. A text too short to search
 * for finds nothing and leaves no row.
 * @throws AppError 400 `bad_request`, 503 `audit_unavailable` when the row could not be written
 */
export async function answerSearch(parts: SearchParts, res: Response): Promise<SearchAnswer> {
  const { params } = stateOf(res);
  const { staff } = requireSignedIn(res);
  const text = (params.get('q') ?? '').normalize('NFC').trim();
  if (text.length > longestSearch || [...params.keys()].some((key) => key !== 'q')) return fail('bad_request');
  if (text.length < shortestSearch) return { groups: [], failed: [] };
  const answer = await searchEverything(parts.registry, parts.deps, { staff, text });
  const recordIds = answer.groups.flatMap(({ items }) => items.map(({ id }) => id));
  try {
    await parts.recordRead({
      resource: 'search',
      action: 'search',
      recordIds,
      recordCount: recordIds.length,
      path: '/admin/api/search',
      filter: auditedFilter(text),
    });
  } catch (cause) {
    throw new AppError('audit_unavailable', { cause });
  }
  return answer;
}
