import type { CommandDeps } from '../../foundation/command/command.ts';
import type { ProductStatus } from './product-states.ts';

const countedAtMost = 10_001;

/** How many products stand in one of these states; counted to 10,000. */
export async function countProductsIn({ database }: Pick<CommandDeps, 'database'>, statuses: readonly ProductStatus[]): Promise<number> {
  return database.prisma.product.count({ where: { status: { in: [...statuses] }, deletedAt: null }, take: countedAtMost });
}
