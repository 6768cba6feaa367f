import { z } from 'zod';
import type { FaultLog } from './faults.ts';
import type { ReadSession } from './read-session.ts';

const epochBody = z.looseObject({ epoch: z.string() });

/** Every epoch after the first begins with a control row that names it and says why; that row is a leaf like any other. */
export async function findUnexplainedEpochs(session: ReadSession, faults: FaultLog): Promise<void> {
  const epochs = await session.rows<{ epoch: number }>('SELECT epoch FROM audit.epoch ORDER BY epoch');
  const controls = await session.rows<{ body: string }>("SELECT body FROM audit.control WHERE type = 'epoch'");
  const explained = new Set(controls.map(({ body }) => namedBy(body)));
  for (const { epoch } of epochs.slice(1)) {
    if (!explained.has(String(epoch)))
      faults.add('epoch_unexplained', `epoch ${epoch} began without a control row`, { table: 'audit.epoch', id: String(epoch) });
  }
}

function namedBy(body: string): string | null {
  try {
    return epochBody.parse(JSON.parse(body)).epoch;
  } catch {
    return null;
  }
}
