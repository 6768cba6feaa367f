import type { Tx } from '../../../foundation/runtime/database.ts';

/** Which of these code flows were finished with the right code. Flows are forgotten after 48 hours. */
export async function verifiedFlows(reader: Pick<Tx, 'otpFlow'>, flowIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await reader.otpFlow.findMany({ where: { id: { in: [...flowIds] }, consumedAt: { not: null } }, select: { id: true } });
  return new Set(rows.map(({ id }) => id));
}
