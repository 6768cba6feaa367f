import type { CommandDeps } from '../../foundation/command/command.ts';

const dayMs = 86_400_000;

/** Codes of the last day that reached nobody: failed, bounced or held back. */
export async function countUndeliveredCodes(deps: Pick<CommandDeps, 'database' | 'clock'>): Promise<number> {
  return deps.database.prisma.delivery.count({
    where: {
      status: { in: ['failed', 'bounced', 'suppressed'] },
      template: { startsWith: 'otp' },
      createdAt: { gte: new Date(deps.clock.now().getTime() - dayMs) },
    },
  });
}
