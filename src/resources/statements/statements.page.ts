import { join } from 'node:path';
import { z } from 'zod';
import { definePage, type PageRequest } from '../../admin/index.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { statementOrders, topStatements } from '../../foundation/runtime/statement-figures.queries.ts';

/** F56: what the web processes ask the database most, longest and most often. Texts hold no values, so nobody's data is shown. */
export const statementsPage = definePage({
  id: 'statements',
  noun: 'statement',
  title: 'Statements',
  icon: 'activity',
  navigationGroup: 'System',
  permission: 'statement.view',
  component: join(import.meta.dirname, 'statements.component.tsx'),
  handler: answer,
  recordsRead: null,
});

const query = z.strictObject({ by: z.enum(statementOrders).default('total') });

async function answer({ deps, query: asked, now }: PageRequest): Promise<Readonly<Record<string, unknown>>> {
  const parsed = query.safeParse(asked);
  if (!parsed.success) throw new AppError('invalid_filter');
  const { by } = parsed.data;
  return { by, at: now, report: await topStatements(deps.database.pool, by) };
}
