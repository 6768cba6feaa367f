import type { CommandDeps } from '../../foundation/command/command.ts';
import type { Metrics } from '../../foundation/runtime/metrics.ts';

/** SMS of the present UTC day: what went out and what the spend rules held back, with what it cost and would have cost. */
export type SmsFigures = {
  sent: number;
  blocked: number;
  /** Millionths of the operator's currency. */
  costMicros: number;
  blockedCostMicros: number;
  /** Rules in force now. */
  alarms: number;
};

type Reader = Pick<CommandDeps, 'database' | 'clock'>;

export async function smsFigures({ database, clock }: Reader): Promise<SmsFigures> {
  const now = clock.now();
  const at = { gte: new Date(`${now.toISOString().slice(0, 10)}T00:00:00Z`) };
  const sum = { _count: true, _sum: { costMicros: true } } as const;
  const [sent, blocked, alarms] = await Promise.all([
    database.prisma.smsAttempt.aggregate({ where: { at, blockedBy: null }, ...sum }),
    database.prisma.smsAttempt.aggregate({ where: { at, blockedBy: { not: null } }, ...sum }),
    database.prisma.smsAlarm.count({ where: { until: { gt: now } } }),
  ]);
  return {
    sent: sent._count,
    blocked: blocked._count,
    costMicros: Number(sent._sum.costMicros ?? 0),
    blockedCostMicros: Number(blocked._sum.costMicros ?? 0),
    alarms,
  };
}

/** The same for Prometheus; `sms_spend_alarms` above 0 wants a person. */
export function showSmsFigures(metrics: Metrics, deps: Reader): void {
  const show = (name: string, help: string, member: keyof SmsFigures) =>
    metrics.gauge(name, help, async () => (await smsFigures(deps))[member]);
  show('sms_sent_today', 'SMS that went out since midnight UTC', 'sent');
  show('sms_blocked_today', 'SMS that the spend rules held back since midnight UTC', 'blocked');
  show('sms_cost_micros_today', 'Price of the SMS of today, in millionths of the currency of SMS_COUNTRY_PRICE', 'costMicros');
  show('sms_blocked_cost_micros_today', 'Price of the SMS that were held back today', 'blockedCostMicros');
  show('sms_spend_alarms', 'Spend rules that hold messages back now', 'alarms');
}
