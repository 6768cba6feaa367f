import type { CommandDeps } from '../../foundation/command/command.ts';
import type { TemplateId, TemplateVariables } from './templates/variables.ts';

type Counts = Omit<TemplateVariables['product_digest'], 'url'>;

/** Which line of the digest each message becomes. */
const lineOf = {
  product_published: 'published',
  product_changes_requested: 'toChange',
  product_rejected: 'rejected',
  product_taken_down: 'takenDown',
  product_edited_by_staff: 'edited',
  suggestion_proposed: 'suggestions',
} as const satisfies Partial<Record<TemplateId, keyof Counts>>;

/** What phones get once an hour (product.md section 9). */
export const digestTemplates: readonly (keyof typeof lineOf)[] = [
  'product_published',
  'product_changes_requested',
  'product_rejected',
  'product_taken_down',
  'product_edited_by_staff',
  'suggestion_proposed',
];

export function isDigested(template: TemplateId): boolean {
  return Object.hasOwn(lineOf, template);
}

/** How often each of these deliveries' kinds occurs. */
export async function digestCounts({ database }: Pick<CommandDeps, 'database'>, deliveryIds: readonly string[]): Promise<Counts> {
  const rows = await database.prisma.delivery.findMany({ where: { id: { in: [...deliveryIds] } }, select: { template: true } });
  const counts: Counts = { published: 0, toChange: 0, rejected: 0, takenDown: 0, edited: 0, suggestions: 0 };
  for (const { template } of rows) {
    const known = digestTemplates.find((each) => each === template);
    if (known) counts[lineOf[known]] += 1;
  }
  return counts;
}
