import { canonicalJson } from '../proof/canonical-json.ts';
import type { VerifyResult } from './verify-database.ts';

/** Body of a `verify` control row: canonical JSON of strings. `to` of a valid run is where the next may go on from. */
export function runNote(result: VerifyResult, by: string): string {
  return canonicalJson({
    v: '1',
    by,
    scope: result.scope,
    from: String(result.range.from),
    to: String(result.range.to),
    root: result.root ?? '',
    outcome: result.outcome,
    faults: String(result.faultCount),
    firstFault: result.faults[0]?.kind ?? '',
    warnings: result.warnings.map((warning) => warning.kind).join(','),
    anchors: String(result.anchors.compared),
    seconds: result.seconds.toFixed(3),
  });
}
