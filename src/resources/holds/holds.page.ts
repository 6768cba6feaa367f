import { join } from 'node:path';
import { z } from 'zod';
import { describeAction } from '../../admin/action-states.ts';
import { type CommandAction, definePage, type PageRequest, tableWords } from '../../admin/index.ts';
import { countOpenHolds, type HoldItem, listHolds } from '../../audit/index.ts';
import { grantFor } from '../../foundation/access/evaluate.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { actorNames } from '../../modules/identity/index.ts';
import { placeActions, releaseActions } from './hold-actions.ts';

/** What is kept for a court or an authority, who said so, why and since when. */
export const holdsPage = definePage({
  id: 'legal-holds',
  noun: 'legal_hold',
  title: 'Legal holds',
  icon: 'archive',
  navigationGroup: 'Oversight',
  permission: 'user.set_legal_hold',
  component: join(import.meta.dirname, 'holds.component.tsx'),
  handler: listed,
  recordsRead: (answer) => (Array.isArray(answer.people) ? answer.people.filter((id) => typeof id === 'string') : []),
  waiting: ({ deps }) => countOpenHolds(deps),
  actions: [...placeActions, releaseActions.other, releaseActions.person],
});

const query = z.strictObject({ state: z.enum(['open', 'released', 'all']).default('open'), before: z.uuid().optional() });

async function listed(request: PageRequest): Promise<Readonly<Record<string, unknown>>> {
  const asked = query.safeParse(request.query);
  if (!asked.success) throw new AppError('invalid_filter');
  const { holds, next } = await listHolds(request.deps, asked.data);
  const people = [...new Set(holds.flatMap((hold) => hold.subjectId ?? []))];
  const names = await actorNames(request.deps, [...people, ...holds.map((hold) => hold.placedBy)]);
  const offered = (action: CommandAction) => grantFor(request.staff, action.permission, { now: request.now }) !== null;
  return {
    state: asked.data.state,
    holds: holds.map((hold) => holdJson(hold, names)),
    next,
    place: placeActions.filter(offered).map((action) => describeAction(action, null)),
    release: offered(releaseActions.other)
      ? { other: describeAction(releaseActions.other, null), person: describeAction(releaseActions.person, null) }
      : null,
    people,
  };
}

function holdJson(hold: HoldItem, names: ReadonlyMap<string, string>): object {
  const { id, subjectId, table, recordId, month, reason, placedBy, placedAt, releasedAt } = hold;
  return {
    id,
    subjectId,
    what: subjectId ? (names.get(subjectId) ?? 'An erased person') : table ? `${tableWords(table)} ${recordId}` : `The month ${month}`,
    kind: subjectId ? 'person' : table ? 'record' : 'month',
    reason,
    placedBy: names.get(placedBy) ?? 'Somebody who left',
    placedAt,
    releasedAt,
  };
}
