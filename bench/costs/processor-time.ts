import { readdirSync, readFileSync } from 'node:fs';
import { runSql } from '../ground.ts';

/** Linux counts processor time in hundredths of a second. */
const msPerTick = 10;

/** Processor time in ms that a PostgreSQL server on this machine has used, all its processes together. Reads /proc, so Linux only. */
export async function processorTimeOf(adminUrl: string): Promise<() => number> {
  const [found] = await runSql<{ pid: number }>(adminUrl, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'");
  const postmaster = found ? readProcess(String(found.pid))?.parent : undefined;
  if (postmaster === undefined) throw new Error('The processes of PostgreSQL cannot be seen from here');
  return () =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .reduce((sum, pid) => {
        const seen = readProcess(pid);
        if (!seen || (pid !== postmaster && seen.parent !== postmaster)) return sum;
        // What sessions used that have ended is counted at their parent.
        return sum + (seen.own + (pid === postmaster ? seen.ended : 0)) * msPerTick;
      }, 0);
}

/** proc_pid_stat(5): fields 4, 14 to 17, counted behind the name, which may hold spaces. Null for a process that has just ended. */
function readProcess(pid: string): { parent: string; own: number; ended: number } | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const ticks = (at: number) => Number(fields[at]);
    return { parent: fields[1] ?? '', own: ticks(11) + ticks(12), ended: ticks(13) + ticks(14) };
  } catch {
    return null;
  }
}
