import { join } from 'node:path';
import { type ActionJson, describeAction } from '../../admin/action-states.ts';
import { type CommandAction, commandAction, definePage, type PageRequest } from '../../admin/index.ts';
import {
  auditProblems,
  countOpenHolds,
  lastVerifyOf,
  readSealState,
  readVerification,
  requestVerification,
  type Verification,
} from '../../audit/index.ts';

/** What GET /admin/api/pages/audit-state answers. */
export type AuditStateAnswer = {
  seal: { rows: number; at: string | null; waiting: number; lagSeconds: number; epoch: number; isEpochRequired: boolean };
  anchors: readonly { target: string; rows: number | null; at: string | null }[];
  verified: { at: string; from: number; to: number; isValid: boolean; faults: number; firstFault: string; warnings: string } | null;
  /** In plain words, worst first; empty when all is well. */
  problems: readonly string[];
  run: VerificationJson | null;
  verifyNow: ActionJson;
  openHolds: number;
};

/** A verification that somebody asked for. */
export type VerificationJson = {
  status: Verification['status'];
  percent: number;
  done: number;
  total: number;
  startedAt: string;
  completedAt: string | null;
  seconds: number | null;
  faultCount: number;
  faults: readonly { kind: string; detail: string; at: string | null; row: string | null }[];
  warnings: readonly string[];
};

const verifyNow: CommandAction = commandAction(requestVerification, {
  name: 'verifyNow',
  label: 'Verify now',
  effect: 'Checks every row, leaf, signature and anchor again',
  placement: ['resource'],
  group: 'everyday',
  message: () => 'Verification asked for. Its progress is shown on this page.',
});

/** The state of the proof in words: sealed to, anchored at, verified on, what is wrong, how much is on hold; and "Verify now". */
export const auditStatePage = definePage({
  id: 'audit-state',
  // Numbers and states only: it is looked at again each second while a verification runs.
  noun: 'audit_state',
  title: 'Audit state',
  icon: 'shield-check',
  navigationGroup: 'Oversight',
  permission: 'audit.verify',
  component: join(import.meta.dirname, 'audit-state.component.tsx'),
  recordsRead: null,
  actions: [verifyNow],
  handler: answer,
});

async function answer({ deps }: PageRequest): Promise<AuditStateAnswer> {
  const [state, run, openHolds] = await Promise.all([readSealState(deps), readVerification(deps), countOpenHolds(deps)]);
  const verified = lastVerifyOf(state);
  return {
    seal: {
      rows: state.sealedSize,
      at: state.sealedAt?.toISOString() ?? null,
      waiting: state.unsealedRows,
      lagSeconds: state.lagSeconds,
      epoch: state.epoch,
      isEpochRequired: state.isEpochRequired,
    },
    anchors: state.anchors.map(({ target, size, at }) => ({ target, rows: size, at: at?.toISOString() ?? null })),
    verified: verified && { ...verified, at: verified.at.toISOString() },
    problems: auditProblems(state, deps.clock.now()),
    run: run && runJson(run),
    verifyNow: describeAction(verifyNow, null),
    openHolds,
  };
}

function runJson(run: Verification): VerificationJson {
  return {
    status: run.status,
    percent: run.percent,
    done: run.done,
    total: run.total,
    startedAt: run.startedAt.toISOString(),
    completedAt: run.completedAt?.toISOString() ?? null,
    seconds: run.seconds,
    faultCount: run.faultCount,
    faults: run.faults.map(({ kind, detail, at, table, id }) => ({ kind, detail, at, row: table && id ? `${table}:${id}` : id })),
    warnings: run.warnings,
  };
}
