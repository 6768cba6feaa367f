import type { PageRequest } from '../../admin/index.ts';
import { dailyQuotaLeft } from '../../foundation/command/daily-quota.ts';
import { searchPreview } from '../../modules/catalog/index.ts';
import { staffQueries } from '../../modules/identity/index.ts';
import { type ReviewCaseView, reviewerOf } from '../../modules/review/index.ts';
import { answerJson, changesJson, roundJson } from './case-parts.ts';
import { kycSections } from './evidence-kyc.ts';
import { productSections, revisionSections } from './evidence-product.ts';
import { vendorSections } from './evidence-vendor.ts';
import { sentence } from './evidence-words.ts';
import { clockJson, kindWords, titleOf } from './line-json.ts';
import { messagesOf } from './messages.ts';
import { openDocument } from './open-document.ts';
import type { CaseJson, Choice, Mode, Section, SignalJson } from './review-types.ts';

const states = {
  queued: { label: 'Waiting', tone: 'info' },
  claimed: { label: 'In review', tone: 'info' },
  pending_second: { label: 'Second review', tone: 'info' },
  changes_requested: { label: 'Changes requested', tone: 'warn' },
  approved: { label: 'Approved', tone: 'ok' },
  rejected: { label: 'Rejected', tone: 'danger' },
  withdrawn: { label: 'Withdrawn', tone: 'neutral' },
} as const;

/** A case as the three panes draw it: evidence in sections, in the order in which it is looked at. */
export async function caseJson(request: PageRequest, view: ReviewCaseView): Promise<CaseJson> {
  const { id, version, kind, status, round, subjectVersion, riskScore, rights, needsSecond, isSample } = view;
  const mode = modeOf(view);
  const messages = messagesOf(request, view);
  return {
    ...{ id, version, kind, status, states, round, subjectVersion, riskScore, mode, rights, needsSecond },
    isBlind: isSample && mode !== 'read',
    kindLabel: kindWords[kind],
    title: titleOf(view.title, kind),
    links: linksOf(view),
    clock: clockJson(view.clock),
    flags: flagsOf(view),
    holder: view.claim && {
      name: view.claim.by.name,
      isMe: view.claim.by.isMe,
      until: view.claim.until.toISOString(),
      isLapsed: view.claim.isLapsed,
    },
    preparedBy: view.preparedBy?.name ?? null,
    escalation: view.escalation && { by: view.escalation.by.name, at: view.escalation.at.toISOString(), reason: view.escalation.reason },
    checklist: view.checklist.map((line) => ({ ...line, note: line.note ?? '', preparedBy: line.preparedBy?.name ?? null })),
    changes: changesJson(view.changes),
    rounds: view.rounds.map((each) => roundJson(view, each)),
    sections: [signalsSection(view), ...(await sectionsOf(request, view, mode))],
    fields: view.noteFields.map(({ field, label }) => ({ value: field, label, said: messages.labels.get(field) ?? label })),
    rejectionCodes: view.rejectionCodes.map((code) => ({ value: code, label: sentence(code) })),
    messages: messages.of,
    answers: view.answers.map((answer) => answerJson(view, answer)),
    colleagues: rights.reassign === null ? await colleaguesOf(request, view) : [],
  };
}

function modeOf({ part, rights }: ReviewCaseView): Mode {
  if (part === 'second' && rights.secondApprove !== undefined) return 'second';
  if (part === 'claimer' && rights.saveChecklist === null) return 'decide';
  return part === 'preparer' && rights.prepare === null ? 'prepare' : 'read';
}

function linksOf({ kind, vendorId, subjectId, evidence }: ReviewCaseView): CaseJson['links'] {
  const record = (label: string, resource: string, id: string) => ({ label, href: `/admin/resources/${resource}/records/${id}/show` });
  const store = record('Store', 'Vendor', vendorId);
  if (kind === 'product') return [store, record('Product', 'Product', subjectId)];
  if (evidence.kind === 'product_revision' && evidence.revision)
    return [store, record('Live product', 'Product', evidence.revision.product.id)];
  return [store];
}

function flagsOf({ needsSecond, needsLead, isSample, escalation, round }: ReviewCaseView): CaseJson['flags'] {
  return [
    ...(isSample ? [{ tone: 'info' as const, text: 'Blind look' }] : []),
    ...(needsSecond && !isSample ? [{ tone: 'info' as const, text: 'Two people' }] : []),
    ...(needsLead ? [{ tone: 'warn' as const, text: round > 3 ? 'Fourth round: a lead decides' : 'A lead decides' }] : []),
    ...(escalation ? [{ tone: 'warn' as const, text: `Escalated by ${escalation.by.name}` }] : []),
  ];
}

function signalsSection({ signals }: ReviewCaseView): Section {
  const lines = signals.map(({ key, level, text, link }, at): SignalJson => {
    const href = link && `/admin/resources/${link.resource}/records/${link.id}/show`;
    return { key: `${key} ${at}`, tone: level, text, link: href ? { label: 'Look at it', href } : null };
  });
  return { kind: 'signals', title: 'Signals', signals: lines };
}

async function sectionsOf(request: PageRequest, view: ReviewCaseView, mode: Mode): Promise<readonly Section[]> {
  const { evidence } = view;
  switch (evidence.kind) {
    case 'vendor':
      return evidence.vendor ? vendorSections(evidence.vendor, evidence.kyc?.legalNameMasked ?? null) : gone;
    case 'kyc': {
      if (!evidence.kyc) return gone;
      const left = await dailyQuotaLeft(request.deps, request.staff, 'reveals');
      const names = (evidence.vendor?.bankAccounts ?? []).flatMap(({ accountNameMasked }) => accountNameMasked ?? []);
      return kycSections(evidence.kyc, { open: openDocument(request, view, evidence.kyc.ownerUserId), quotaLeft: left }, names);
    }
    case 'product': {
      const { product } = evidence;
      return product ? productSections(product, searchPreview(request.deps, product.content, product.slug)) : gone;
    }
    case 'product_revision':
      return evidence.revision ? revisionSections(evidence.revision, mode === 'decide') : gone;
    default:
      return evidence satisfies never;
  }
}

const gone: readonly Section[] = [
  { kind: 'facts', title: 'Submission', facts: [{ label: 'State', value: 'It is gone: erased or deleted.' }] },
];

/** Who could be given the case: everybody who reviews, without those it is about or who has it. */
async function colleaguesOf({ deps, now }: PageRequest, { claim }: ReviewCaseView): Promise<readonly Choice[]> {
  const colleagues = await staffQueries.listColleagues(deps);
  return colleagues
    .filter(({ id, grants }) => id !== claim?.by.id && reviewerOf(id, grants, now) !== null)
    .map(({ id, name }) => ({ value: id, label: name }));
}
