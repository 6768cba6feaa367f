import { z } from 'zod';
import { actorOfAction } from '../../../audit/index.ts';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { revisionNotice } from '../../catalog/index.ts';
import { caseFacts, untiedOf } from '../../review/index.ts';
import { stillThere, whoIs, whoMay } from './audience.ts';
import type { NoticeKind } from './notice-kinds.ts';
import { type NoticeRule, noticeRule, optionalId, type PlannedNotice } from './notice-rule.ts';

/** `staffId`: whom it concerns, the holder or whoever held it until it was released; `cause`: why a claim ended. */
const ofCase = z.object({ caseId: z.uuid(), staffId: optionalId, cause: z.string().nullish() });

type Case = NonNullable<Awaited<ReturnType<typeof caseFacts>>>;
type About = { found: Case; deps: CommandDeps; staffId: string | null; cause: string | null };

const kindWords: Readonly<Record<Case['kind'], string>> = {
  vendor: 'store',
  kyc: 'KYC',
  product: 'product',
  product_revision: 'product change',
};

/** `A store case` or, from the second round on, `A store case (round 2)`. */
const named = ({ kind, round }: Case): string => `A ${kindWords[kind]} case${round > 1 ? ` (round ${round})` : ''}`;

const inSentence = (found: Case): string => `a${named(found).slice(1)}`;

/** A rule of cases: loads the case, leaves out whoever did it, and says nothing where nobody is left. */
function caseRule(
  kind: NoticeKind,
  title: (found: Case, cause: string | null) => string | null,
  audience: (about: About) => Promise<readonly string[]>,
): NoticeRule {
  return noticeRule(ofCase, async ({ payload, actionId }, deps): Promise<readonly PlannedNotice[]> => {
    const found = await caseFacts(deps, payload.caseId);
    const cause = payload.cause ?? null;
    const words = found && title(found, cause);
    if (!found || !words) return [];
    const doer = actionId ? await actorOfAction(deps, actionId) : null;
    const told = await audience({ found, deps, staffId: payload.staffId ?? null, cause });
    return [{ kind, title: words, resource: 'ReviewCase', recordId: found.id, to: told.filter((id) => id !== doer) }];
  });
}

const claimer = ({ deps, found }: About) => stillThere(deps, [found.claimedBy]);
const formerHolder = ({ deps, staffId }: About) => stillThere(deps, [staffId]);
const reviewLeads = ({ deps }: About) => whoIs(deps, ['reviewer_lead']);
/** Whoever held it; where it was escalated, those who lead the queue. */
const formerHolderOrLeads = (about: About) => (about.cause === 'escalated' ? reviewLeads(about) : formerHolder(about));
/** product.md 6.2 and F86: the leads hear of a clock also where somebody holds the case. */
const claimerAndLeads = async (about: About) => [...new Set([...(await claimer(about)), ...(await reviewLeads(about))])];
/** Who had a part in it besides the one who finished it: the first person of two, whoever prepared the checklist. */
const contributors = ({ deps, found }: About) => stillThere(deps, [found.decidedBy, found.preparedBy]);

/** Everybody whom the matrix lets give the second answer and whom nothing ties to the owner; never the first person. */
async function mayAnswerSecond({ found, deps }: About): Promise<readonly string[]> {
  const { kind, ownerUserId, decidedBy } = found;
  const permission = kind === 'kyc' ? 'kyc_submission.second_decide' : 'vendor.second_decide';
  const subject = { userId: ownerUserId, kind: 'vendor' as const, rank: 0, ...(decidedBy ? { requestedById: decidedBy } : {}) };
  return untiedOf(deps, ownerUserId, await whoMay(deps, { permission, subject }));
}

const secondWords = (found: Case) => (found.status === 'pending_second' ? `${named(found)} waits for a second person` : null);

const outcomes: Readonly<Record<string, string>> = {
  approved: 'approved',
  rejected: 'rejected',
  changes_requested: 'sent back for changes',
};

function resultOf(found: Case): string | null {
  const outcome = outcomes[found.status];
  return outcome ? `${named(found)} you worked on was ${outcome}` : null;
}

/** How a claim ended, to whoever held it; an escalation to the leads. What one let go oneself is no news. */
function releasedWords(found: Case, cause: string | null): string | null {
  switch (cause) {
    case 'released':
    case 'left':
      return null;
    case 'withdrawn':
      return `${named(found)} you held was withdrawn by its owner`;
    case 'reassigned':
      return `${named(found)} you held was given to a colleague`;
    case 'escalated':
      return `${named(found)} was escalated to the leads`;
    default:
      return `${named(found)} you held went back to the queue: nothing was done in it for half an hour`;
  }
}

const ofRevision = z.object({ revisionId: z.uuid() });

/** The author of a suggestion hears what became of it; what owners edit themselves is told to them by message. */
function suggestionRule(outcome: string): NoticeRule {
  return noticeRule(ofRevision, async ({ payload }, deps): Promise<readonly PlannedNotice[]> => {
    const revision = await revisionNotice(deps, payload.revisionId);
    if (revision?.kind !== 'suggestion') return [];
    const to = await stillThere(deps, [revision.authorId]);
    return [
      { kind: 'approval_result', title: `Your suggestion was ${outcome}`, resource: 'ProductRevision', recordId: payload.revisionId, to },
    ];
  });
}

export const caseNotices: Readonly<Record<string, NoticeRule>> = {
  'review.case.claimed': caseRule('assigned', (found) => `${named(found)} is yours now`, claimer),
  'review.case.released': caseRule('assigned', releasedWords, formerHolderOrLeads),
  'review.case.second_asked': caseRule('approval_waiting', secondWords, mayAnswerSecond),
  'review.case.second_disagreed': caseRule(
    'approval_result',
    (found) => `The second person did not agree with your approval of ${inSentence(found)}`,
    formerHolder,
  ),
  'review.case.decided': caseRule('approval_result', resultOf, contributors),
  'review.case.sla_at_risk': caseRule('sla_at_risk', (found) => `${named(found)} is due soon`, claimerAndLeads),
  'review.case.claim_lapsing': caseRule(
    'claim_lapsing',
    (found) => `${named(found)} you hold goes back to the queue within five minutes`,
    claimer,
  ),
  'review.case.sla_breached': caseRule('sla_breached', (found) => `${named(found)} is late`, claimerAndLeads),
  'catalog.revision.accepted': suggestionRule('accepted'),
  'catalog.revision.rejected': suggestionRule('declined'),
  'catalog.revision.superseded': suggestionRule('overtaken by another change'),
};
