import type { CommandDeps } from '../../foundation/command/command.ts';
import type { Metrics } from '../../foundation/runtime/metrics.ts';
import { readSealState, type SealState } from './seal-state.queries.ts';

/** One look per scrape serves all figures. */
const freshMs = 1_000;

/**
 * Shows Prometheus how far the proof reaches: lag, waiting rows, sealed and anchored leaves, and whether an operator must start an
 * epoch. A figure that cannot be read is NaN, which alerts; the others are shown all the same.
 */
export function showSealFigures(metrics: Pick<Metrics, 'gauge'>, deps: CommandDeps): void {
  let last: { at: number; state: Promise<SealState> } | null = null;
  const show = (name: string, help: string, figure: (state: SealState) => number) =>
    metrics.gauge(name, help, async () => {
      if (!last || performance.now() - last.at > freshMs) last = { at: performance.now(), state: readSealState(deps) };
      return last.state.then(figure, () => Number.NaN);
    });
  show('audit_seal_lag_seconds', 'Age of the oldest audit row without a leaf', (state) => state.lagSeconds);
  show('audit_unsealed_rows', 'Audit rows without a leaf, counted to 10,000', (state) => state.unsealedRows);
  show('audit_sealed_leaves', 'Leaves under the last signed checkpoint', (state) => state.sealedSize);
  show('audit_anchored_leaves', 'Leaves under the last checkpoint at the target that is furthest behind', (state) =>
    Math.min(...state.anchors.map((anchor) => anchor.size ?? 0)),
  );
  show('audit_anchor_age_seconds', 'Time since the last copy of a checkpoint at the target that is furthest behind', (state) =>
    Math.max(
      ...state.anchors.map((anchor) => (anchor.at ? (deps.clock.now().getTime() - anchor.at.getTime()) / 1000 : Number.POSITIVE_INFINITY)),
    ),
  );
  show('audit_epoch_required', '1 where sealing has stopped until an operator starts the next epoch', (state) =>
    state.isEpochRequired ? 1 : 0,
  );
}
