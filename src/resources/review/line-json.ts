import type { CaseClock, QueueLine } from '../../modules/review/index.ts';
import type { CaseLine, ClockJson, Kind } from './review-types.ts';

/** From this risk on a case says so in the list. */
const riskyFrom = 70;

export const kindWords: Readonly<Record<Kind, string>> = {
  vendor: 'Vendor',
  kyc: 'KYC',
  product: 'Product',
  product_revision: 'Change of a product',
};

/** What a case is called where the person behind it is erased. */
export function titleOf(title: string | null, kind: Kind): string {
  return title ?? `${kindWords[kind]} without a name`;
}

export function lineJson(line: QueueLine): CaseLine {
  const { id, kind, title, round, status, clock, riskScore, needsLead, isSample, preparedBy, claim, decision, refusal } = line;
  return {
    ...{ id, kind, round, status, needsLead, isSample, refusal },
    title: titleOf(title, kind),
    clock: clockJson(clock),
    isRisky: riskScore >= riskyFrom,
    preparedBy: preparedBy?.name ?? null,
    holder: claim && { name: claim.by.name, isMe: claim.by.isMe, until: claim.until.toISOString(), isLapsed: claim.isLapsed },
    decision: decision && { decision: decision.decision, by: decision.by.isMe ? 'You' : decision.by.name, at: decision.at.toISOString() },
  };
}

export function clockJson({ state, dueAt, used }: CaseClock): ClockJson {
  return { state, dueAt: dueAt.toISOString(), used };
}
